// The rows of a case as a registration system answers them, on their way to certificates.
#include <map>

#include "case_facts.h"
#include "certbridge/certificate.h"
#include "certbridge/query.h"
#include "certbridge/record.h"
#include "certbridge/testing/fakes.h"
#include "certbridge/testing/memory_content.h"
#include "fuzz.h"
#include "reader.h"

namespace certbridge::fuzz {
namespace {

constexpr const char* kMapping = "plugins/registration_system/mapping/intermediate.xml";

// Answers every question with the input.
class Rows final : public Responder {
 public:
  explicit Rows(std::string_view bytes) : bytes_(bytes) {}
  Result<Message> answer(const Message& question, const Call&) override {
    return testing::message_of(question.type, kRecordsMediaType, std::string(bytes_));
  }

 private:
  std::string_view bytes_;
};

const registration::ReaderSettings& settings() {
  static const registration::ReaderSettings made{
      registration::parse_mapping(source_file(kMapping), kMapping).value()};
  return made;
}
const IssuerDirectory& issuers() {
  static const IssuerDirectory read =
      parse_issuers(source_file("config/issuers.xml"), "issuers.xml").value();
  return read;
}

// The same rows as an answer about how a case stands.
void check_facts(std::string_view input) {
  static const registration::Mapping mapping = [] {
    registration::Mapping made = settings().mapping;
    made.sets = made.cases_sets;
    return made;
  }();
  const auto sets = parse_records(input);
  const auto rows = sets ? registration::map_rows(sets.value(), mapping) : sets.error();
  if (!rows) return require_refusal(rows.error(), input);
  const auto facts = registration::facts_of(rows.value(), {"20261124000001", false}, nullptr);
  if (!facts) return require_refusal(facts.error(), input);
  const std::string written = write_case_facts(facts.value());
  const auto again = parse_case_facts(written);
  if (again) require(again.value() == facts.value(), "facts come through as they were");
}

Message event_of(const Clock& clock) {
  Message event = testing::message_of("registration.event", "application/json", "{}");
  event.id = "m1";
  event.area = "411324";
  event.created = clock.now() - std::chrono::hours(1);
  event.order_keys = {{"case", "20261124000001"}};
  event.headers = {
      {"event-type", "SHANZHENG"},  {"case-no", "20261124000001"}, {"case-id", "X1"},
      {"registration-type", "200"}, {"registration-sub-type", ""}, {"right-type", "4"}};
  return event;
}

}  // namespace

std::vector<std::string> samples() {
  Record row;
  row.set("case_no", "20261124000001");
  row.set("state", "1");
  row.set("started_at", "2026-11-24 09:00:00");
  Record person;
  person.set("role", "3");
  person.set("xm", personal().front());
  person.set("zjzl", "1");
  person.set("zjh", personal().back());
  return {
      source_file("tests/fuzz/corpus/registration_rows/case.xml"),
      write_records(
          {{"case", {row}}, {"handlers", {}}, {"persons", {person, person}}, {"materials", {}}})};
}

}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge;
  using namespace certbridge::fuzz;
  const std::string_view input = text_of(data, size);
  check_facts(input);
  Rows rows(input);
  testing::FakeMemory memory;
  const testing::FakeFacts facts;
  const testing::FakeClock clock;
  using Writer = Result<std::unique_ptr<ContentWriter>>;
  const auto spool = [] {
    return Writer(std::unique_ptr<ContentWriter>(new testing::MemoryContentWriter(1U << 22)));
  };
  registration::Reader reader(settings(), rows, memory, facts, issuers(), clock, spool);
  const auto made =
      reader.process(event_of(clock), testing::call_of("m1/read", std::chrono::minutes(1)));
  if (!made) {
    require_refusal(made.error(), input);
    return 0;
  }
  for (const Message& message : made.value()) {
    const std::string body = read_all(*message.body, 1U << 22).value();
    const auto certificate = parse_certificate(body);
    require(certificate.ok() && write_certificate(certificate.value()) == body,
            "what rows give is a certificate");
  }
  return 0;
}
