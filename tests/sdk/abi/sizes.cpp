// Prints the size of every type that crosses the boundary between host and library.
#include <cstdio>

#include "certbridge/certificate.h"
#include "certbridge/plugin.h"
#include "certbridge/record.h"
#include "certbridge/validation.h"
#include "certbridge/xml.h"

int main() {
  using namespace certbridge;
#define PRINT(type) std::printf("size %s %zu\n", #type, sizeof(type))
  PRINT(Acceptance);
  PRINT(Attachment);
  PRINT(Call);
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
  PRINT(Finding);
  PRINT(Holder);
  PRINT(HolderCode);
  PRINT(Issuer);
  PRINT(IssuerDirectory);
  PRINT(IssuerSeal);
  PRINT(Message);
  PRINT(OrderKey);
  PRINT(Outcome);
  PRINT(PluginDescriptor);
  PRINT(Receipt);
  PRINT(Record);
  PRINT(RecordSet);
  PRINT(Result<Message>);
  PRINT(Result<void>);
  PRINT(Share);
  PRINT(Status);
  PRINT(StoredContent);
  PRINT(UnitCode);
  PRINT(ValidationRules);
  PRINT(XmlElement);
  PRINT(XmlLimits);
#undef PRINT
}
