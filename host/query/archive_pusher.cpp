#include "query/archive_pusher.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "archive/case_package.h"
#include "certbridge/text.h"
#include "journal/cipher.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kMostOfCase = 200;   // messages that are looked at
constexpr std::chrono::minutes kAgain{1};  // after a failure
constexpr const char* kPackageType = "archive.case";
constexpr const char* kTarMediaType = "application/x-tar";

bool takes_packages(const RouteConfig& route) {
  return std::find(route.from.begin(), route.from.end(), kArchiveSource) != route.from.end();
}

}  // namespace

ArchivePusher::ArchivePusher(const EngineServices& services, const CaseArchive& archive,
                             AccessRecorder& recorder, std::chrono::milliseconds period)
    : services_(services),
      archive_(archive),
      recorder_(recorder),
      period_(period),
      thread_([this](const std::stop_token& stop) { work(stop); }) {
  pthread_setname_np(thread_.native_handle(), "archive");
}

bool ArchivePusher::is_wanted(const Configuration& configuration) {
  const auto& routes = configuration.routes;
  return configuration.archive.given && std::any_of(routes.begin(), routes.end(), takes_packages);
}

void ArchivePusher::work(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any waiting;
  while (!stop.stop_requested()) {
    look(stop);
    std::unique_lock lock(mutex);
    waiting.wait_for(lock, stop, period_, [] { return false; });
  }
}

void ArchivePusher::look(const std::stop_token& stop) {
  const auto now = services_.clock.steady();
  std::erase_if(not_before_, [now](const auto& one) { return one.second <= now; });
  for (const KeptCase& kept : archive_.kept.unpushed_cases()) {
    if (stop.stop_requested()) return;
    if (not_before_.contains(kept.case_no) || !is_closed(kept.case_no)) continue;
    const auto pushed = push(kept);
    if (pushed) continue;
    not_before_[kept.case_no] = now + kAgain;
    services_.logger.log(LogLevel::kError, "archive.not_pushed",
                         {{"code", pushed.error().code}, {"message", pushed.error().message}});
    services_.metrics.count("archive_push_failures", {}, 1);
  }
}

bool ArchivePusher::is_closed(const std::string& case_no) const {
  const auto messages = services_.store.messages_with_key({"case", case_no}, kMostOfCase);
  if (!messages) return false;
  const auto& words = services_.configuration.archive.closed_by;
  return std::any_of(messages.value().begin(), messages.value().end(),
                     [&words](const StoredMessage& stored) {
                       const auto event = stored.message.headers.find("event-type");
                       return event != stored.message.headers.end() &&
                              std::find(words.begin(), words.end(), event->second) != words.end();
                     });
}

// A crash between any two of these makes the package again: the journal then has another one under
// the same source key, which counts as pushed.
Result<void> ArchivePusher::push(const KeptCase& kept) {
  const auto uses = archive_.kept.uses_of(kept.case_no);
  if (!uses) return uses.error();
  const auto place = record(kept.case_no);
  if (!place) return place.error();
  const auto made = package(kept.case_no, uses.value(), place.value());
  if (!made) return made.error();
  const auto answers =
      services_.store.accept(kArchiveSource, {message(kept, place.value(), made.value())});
  const Acceptance& answer = answers.at(0);
  if (answer.verdict == Acceptance::Verdict::kBusy) {
    return Error::retryable("archive.busy", "the journal takes nothing now");
  }
  if (auto noted = archive_.kept.note_pushed(kept); !noted) return noted;
  if (answer.verdict == Acceptance::Verdict::kRefused) {
    return Error::permanent(answer.code, answer.message);
  }
  services_.metrics.count("archive_packages_pushed", {}, 1);
  return {};
}

Result<AccessPlace> ArchivePusher::record(const std::string& case_no) {
  AccessRecord record;
  record.kind = AccessKind::kExport;
  record.trace_id = to_hex_text(random_bytes(8));
  record.system = "certbridge";
  record.ground_kind = "case";
  record.ground = case_no;
  record.purpose = "archive-case";
  record.decision = AccessDecision::kAllowed;
  record.code = "case.archived";
  record.disclosed = {"archive"};
  record.result = "exported";
  record.asked = record.decided = services_.clock.now();
  return recorder_.append(record);
}

Result<StoredContent> ArchivePusher::package(const std::string& case_no,
                                             const std::vector<KeptUse>& uses,
                                             const AccessPlace& place) {
  PackageManifest head;
  head.subject = case_no;
  head.node = archive_.node;
  head.made = services_.clock.now();
  head.record = place.number;
  head.record_hash = place.hash;
  auto spool = services_.store.spool();
  if (!spool) return spool.error();
  const auto sealed = seal_case(head, archive_.key, uses, *spool.value());
  if (!sealed) return sealed.error();
  return spool.value()->finish();
}

Message ArchivePusher::message(const KeptCase& kept, const AccessPlace& place,
                               const StoredContent& package) {
  Message message;
  message.type = kPackageType;
  message.source_key = kept.case_no + "|" + std::to_string(kept.last_record);
  message.order_keys = {{"archive", kept.case_no}};
  message.created = services_.clock.now();
  message.headers = {{"case-no", kept.case_no},
                     {"record", std::to_string(place.number)},
                     {"file-digest", to_hex(package.digest)}};
  message.attachments = {
      {"case.tar", kTarMediaType, package.size, package.digest, package.content}};
  return message;
}

}  // namespace certbridge::host
