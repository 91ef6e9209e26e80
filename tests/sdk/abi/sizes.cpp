// Prints the size of every type that crosses the boundary between host and library.
#include <cstdio>

#include "certbridge/certificate.h"
#include "certbridge/items.h"
#include "certbridge/plugin.h"
#include "certbridge/query.h"
#include "certbridge/record.h"
#include "certbridge/uses.h"
#include "certbridge/validation.h"
#include "certbridge/xml.h"

int main() {
  using namespace certbridge;
#define PRINT(type) std::printf("size %s %zu\n", #type, sizeof(type))
  PRINT(Acceptance);
  PRINT(AskedFor);
  PRINT(Attachment);
  PRINT(Call);
  PRINT(CaseFacts);
  PRINT(CaseParty);
  PRINT(CaseQuestion);
  PRINT(Certificate);
  PRINT(CertificateIdentifier);
  PRINT(CertificateNumber);
  PRINT(Confirmation);
  PRINT(Context);
  PRINT(Correlation);
  PRINT(DeliveryFact);
  PRINT(EarlierDelivery);
  PRINT(Error);
  PRINT(FaceItem);
  PRINT(FactsQuery);
  PRINT(FileQuestion);
  PRINT(FindAnswer);
  PRINT(Finding);
  PRINT(FindQuestion);
  PRINT(FoundCertificate);
  PRINT(Holder);
  PRINT(HolderCode);
  PRINT(Issuer);
  PRINT(IssuerDirectory);
  PRINT(IssuerSeal);
  PRINT(ItemDirectory);
  PRINT(ItemMaterial);
  PRINT(LoggedUse);
  PRINT(Message);
  PRINT(OrderKey);
  PRINT(Outcome);
  PRINT(PluginDescriptor);
  PRINT(QueriedHolder);
  PRINT(Receipt);
  PRINT(Record);
  PRINT(RecordSet);
  PRINT(Result<Message>);
  PRINT(Result<void>);
  PRINT(ServiceItem);
  PRINT(Share);
  PRINT(Status);
  PRINT(StoredContent);
  PRINT(UnitCode);
  PRINT(UsageRow);
  PRINT(UsesPage);
  PRINT(UsesQuestion);
  PRINT(ValidationRules);
  PRINT(VerifyAnswer);
  PRINT(VerifyQuestion);
  PRINT(XmlElement);
  PRINT(XmlLimits);
#undef PRINT
}
