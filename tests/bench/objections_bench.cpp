// Objections: what each certificate of an answer costs while many are open.
#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "access/policy/decision.h"
#include "measure.h"
#include "objections/objections.h"
#include "observe/clock.h"

namespace certbridge::bench {
namespace {

struct Size {
  std::uint64_t open = 100'000;  // as many as there may be
  int looks = 200'000;
};

// Takes every record, and has none of an earlier process.
class EmptyLog final : public host::AccessRecorder, public host::EarlierRecords {
 public:
  Result<host::AccessPlace> append(const host::AccessRecord&) override {
    return host::AccessPlace{"2026-11-0001", ++number_, {}};
  }
  Result<host::ReadAccess> record(std::uint64_t) override {
    return Error::permanent("access.unknown", "there is none");
  }
  Result<host::AccessAnswer> find(const host::AccessQuestion&) override {
    return host::AccessAnswer{};
  }

 private:
  std::uint64_t number_ = 0;
};

std::string named(const char* what, std::uint64_t number) { return what + std::to_string(number); }

host::AccessRecord raising(std::uint64_t certificate, Timestamp now) {
  host::AccessRequest request;
  request.kind = host::AccessKind::kObjection;
  request.when = now;
  request.statements = {{"due", std::to_string(now.time_since_epoch().count() + 1'000'000)},
                        {"field", "KZ_ZL"}};
  host::AccessRecord record;
  record.kind = request.kind;
  record.certificate_type = "1101";
  record.issuer = "issuer-1";
  record.certificate_number = named("number-", certificate);
  record.certificate = named("identifier-", certificate);
  record.holder = named("holder-", certificate);
  record.decision = host::AccessDecision::kAllowed;
  record.code = "allowed";
  record.inputs = host::write_inputs(request, {});
  record.asked = record.decided = now;
  return record;
}

// Microseconds of one look, of certificates from `first` on.
double look(const host::Objections& objections, std::uint64_t first, std::uint64_t certificates,
            int looks, bool there) {
  const double began = thread_seconds();
  for (int i = 0; i < looks; ++i) {
    const std::uint64_t one = first + static_cast<std::uint64_t>(i) * 7919 % certificates;
    const auto mark = objections.mark_of(named("identifier-", one), "1101", named("number-", one));
    if (mark.has_value() != there) give_up("the mark is not the one that was raised");
  }
  return (thread_seconds() - began) / looks * 1e6;
}

void measure(const Size& size, Table& table) {
  const host::SystemClock clock;
  EmptyLog log;
  host::Objections one(log, log, clock);
  host::Objections many(log, log, clock);
  const bool built = one.build().ok() && many.build().ok();
  if (!built || !one.raise(raising(0, clock.now()))) give_up("the book cannot be begun");
  const double began = thread_seconds();
  for (std::uint64_t i = 0; i < size.open; ++i) {
    if (!many.raise(raising(i, clock.now()))) give_up("an objection is refused");
  }
  table.add("raised, without the disk", "us",
            (thread_seconds() - began) / static_cast<double>(size.open) * 1e6);
  const double alone = look(one, 0, 1, size.looks, true);
  const double among = look(many, 0, size.open, size.looks, true);
  table.add("mark among many / among one", "ratio", among / alone);
  table.add("mark of a certificate", "us", among);
  table.add("mark of one that has none", "us", look(many, size.open, size.open, size.looks, false));
}

void run(const Options& options) {
  Size size;
  if (options.short_run) size = {1'000, 2'000};
  Table table("objections", "marks of " + std::to_string(size.open) + " open objections");
  for (int round = 0; round < (options.short_run ? 1 : options.rounds); ++round) {
    measure(size, table);
  }
  table.print();
}

}  // namespace
}  // namespace certbridge::bench

int main(int count, char** arguments) {
  certbridge::bench::run(certbridge::bench::read_options(count, arguments));
}
