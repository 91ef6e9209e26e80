#include "certificate_message.h"

namespace certbridge::municipal_library {
namespace {

constexpr std::uint64_t kLargestRecord = 8'000'000;

}  // namespace

Result<std::string> read_record(const Message& message) {
  if (message.body == nullptr)
    return Error::permanent("municipal.type", "the message has no record");
  return read_all(*message.body, kLargestRecord);
}

Result<Certificate> read_issued(const Message& message) {
  if (message.type != "certificate.issue") {
    return Error::permanent(
        "municipal.type",
        "certificate.issue and certificate.status are delivered here, not " + message.type);
  }
  auto xml = read_record(message);
  if (!xml) return xml.error();
  auto certificate = parse_certificate(xml.value());
  if (!certificate) {
    return Error::permanent("municipal.record",
                            "the record cannot be read: " + certificate.error().message);
  }
  return certificate;
}

Result<LifeRecord> read_life(const Message& message) {
  auto xml = read_record(message);
  if (!xml) return xml.error();
  auto life = parse_life_record(xml.value());
  if (life) return life;
  return Error::permanent("municipal.record",
                          "the life record cannot be read: " + life.error().message);
}

Subject subject_of_status(const Message& message, const LifeRecord& life, Timestamp now) {
  Subject subject;
  subject.life = &life;
  subject.status_reason = header_of(message, "life-reason");
  subject.status_when = parse_message_time(header_of(message, "occurred-at")).value_or(now);
  for (const RelatedCertificate& other : life.related) {
    if (other.relation == Relation::kReplacedBy) subject.status_related = other.identifier;
  }
  return subject;
}

}  // namespace certbridge::municipal_library
