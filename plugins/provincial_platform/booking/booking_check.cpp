#include "booking/booking_check.h"

#include "booking/bookings.h"
#include "booking/completeness.h"
#include "booking/rows_asked.h"
#include "message/maker.h"
#include "profile/profile_options.h"

namespace certbridge::provincial_platform {
namespace {

constexpr std::uint64_t kLargestQuestion = 64UL << 10U;

Error wrong_question() {
  return Error::permanent("provincial.facts",
                          "the question has one set \"parameters\" with one row, the case number");
}

Result<Record> parameters_of_question(const Message& question) {
  if (question.media_type != kRecordsMediaType || question.body == nullptr) return wrong_question();
  const auto bytes = read_all(*question.body, kLargestQuestion);
  if (!bytes) return bytes.error();
  auto sets = parse_records(bytes.value());
  if (!sets) return sets.error();
  const bool one = sets.value().size() == 1 && sets.value()[0].name == "parameters" &&
                   sets.value()[0].records.size() == 1;
  if (!one) return wrong_question();
  return std::move(sets.value()[0].records[0]);
}

void say(Record& row, const char* state, const std::string& sentence) {
  row.set("state", state);
  row.set("sentence", sentence);
}

class BookingCheck final : public Responder {
 public:
  BookingCheck(Responder& records, std::string group, std::string parameter, Profile profile,
               Patch patch)
      : records_(records),
        group_(std::move(group)),
        parameter_(std::move(parameter)),
        maker_(std::move(profile), std::move(patch)) {}

  Result<void> check(const Call& call) override { return records_.check(call); }

  Result<Message> answer(const Message& question, const Call& call) override {
    const auto asked = parameters_of_question(question);
    if (!asked) return asked.error();
    Record parameters;
    parameters.set(parameter_, asked.value().text_or_empty("case_no"));
    const auto sets = ask_rows(records_, group_, std::move(parameters), call);
    if (!sets) return sets.error();
    RecordSet judged{"bookings", {}};
    if (has_bookings(sets.value())) {
      const auto bookings = bookings_of(sets.value(), {});
      if (!bookings) return bookings.error();
      for (const Booking& booking : bookings.value()) judged.records.push_back(judge(booking));
    }
    Message answer;
    answer.type = question.type;
    answer.media_type = kRecordsMediaType;
    answer.body = content_of(write_records({judged}));
    return answer;
  }

 private:
  Record judge(const Booking& booking) {
    Record row;
    row.set("booking", booking.id);
    row.set("unit", booking.facts.front().records.front().text_or_empty("estatenum"));
    const auto missing = missing_tables(maker_.profile(), booking.facts);
    if (!missing.empty()) {
      say(row, "incomplete", "there are no rows of " + listed(missing) + " yet");
      return row;
    }
    const auto made = maker_.make(write_records(booking.facts));
    if (made) {
      row.set("kind", made.value().rec_type);
      row.set("state", "whole");
    } else {
      say(row, "wrong", made.error().message);
    }
    return row;
  }

  Responder& records_;
  std::string group_;
  std::string parameter_;
  Maker maker_;
};

}  // namespace

Result<std::unique_ptr<Responder>> make_booking_check(Context& context) {
  const Config& config = context.config();
  auto group = config.text("group");
  if (!group) return group.error();
  auto parameter = config.text("parameter");
  if (!parameter) return parameter.error();
  auto profile = profile_of(config);
  if (!profile) return profile.error();
  auto patch = patch_of(config, profile.value());
  if (!patch) return patch.error();
  const auto records = context.responder("records");
  if (!records) return records.error();
  return std::unique_ptr<Responder>(std::make_unique<BookingCheck>(
      *records.value(), std::move(group).value(), std::move(parameter).value(),
      std::move(profile).value(), std::move(patch).value()));
}

}  // namespace certbridge::provincial_platform
