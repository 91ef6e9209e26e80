#include "engine/terms.h"

#include <pthread.h>

#include <condition_variable>
#include <mutex>

#include "observe/clock.h"

namespace certbridge::host {
namespace {

constexpr std::chrono::hours kZone{8};
constexpr std::size_t kAtOnce = 200;
constexpr std::size_t kMostTerms = 10'000;
constexpr std::chrono::minutes kClockError{5};  // what adjusting a clock may make of it
constexpr std::chrono::hours kDoubt{1};

// Another text makes what was only noted be dealt with anew.
std::string text_of(const LifePolicy& policy) {
  std::string text;
  for (const TermRule& rule : policy.terms) {
    text += rule.type + "|" + rule.use + "|" + to_text(rule.at_end) + "\n";
  }
  return text;
}

}  // namespace

std::chrono::sys_days local_day(Timestamp when) {
  return std::chrono::floor<std::chrono::days>(when + kZone);
}

std::optional<std::chrono::sys_days> DayWatch::day(
    Timestamp now, std::chrono::steady_clock::time_point steady,
    const std::optional<std::chrono::sys_days>& dealt_with) {
  if (last_now_) {
    const auto gone = std::chrono::duration_cast<std::chrono::milliseconds>(steady - last_steady_);
    const auto leapt = now - *last_now_ - gone;
    if (leapt > kClockError) doubted_until_ = steady + kDoubt;
    if (leapt < -kClockError) doubted_until_ = {};
  }
  last_now_ = now;
  last_steady_ = steady;
  why_.clear();
  if (steady < doubted_until_) {
    why_ = "the clock has leapt forward; it is believed an hour later";
    return std::nullopt;
  }
  const std::chrono::sys_days today = local_day(now);
  if (dealt_with && today - *dealt_with > leap_) {
    why_ = "the clock is " + std::to_string((today - *dealt_with).count()) +
           " days ahead of the last day that was dealt with; if that is right, say so with "
           "`certificates believe-day`";
    return std::nullopt;
  }
  return today;
}

TermKeeper::TermKeeper(TermServices services)
    : services_(services),
      watch_(services.policy.clock_leap),
      policy_text_(text_of(services.policy)) {}

void TermKeeper::work(const std::stop_token& stop) {
  look_at_changes();
  const auto note = services_.store.desk().terms_note();
  if (!note) return;
  const auto today = watch_.day(services_.clock.now(), services_.clock.steady(), note.value().day);
  services_.metrics.gauge("clock_doubted", {}, today ? 0 : 1);
  if (!today && !told_of_clock_) {
    services_.logger.log(LogLevel::kError, "life.clock_doubted", {{"reason", watch_.why()}});
  }
  told_of_clock_ = !today;
  if (today) deal_with_ends(*today, stop);
}

// The day is noted last, so that a stop on the way leaves the rest to be dealt with.
void TermKeeper::deal_with_ends(std::chrono::sys_days today, const std::stop_token& stop) {
  Transition policy;
  policy.terms_note = TermsNote{policy_text_, std::nullopt};
  if (!services_.store.apply(std::move(policy))) return;
  while (!stop.stop_requested()) {
    const auto some = deal_with_some(today);
    if (!some) return;
    if (some.value() == 0) break;
  }
  if (stop.stop_requested()) return;
  Transition done;
  done.terms_note = TermsNote{policy_text_, today};
  if (!services_.store.apply(std::move(done))) return;
  count_ends(today);
}

Result<std::size_t> TermKeeper::deal_with_some(std::chrono::sys_days today) {
  TermQuery query;
  query.until = today - std::chrono::days(1);
  query.untreated = true;
  query.limit = kAtOnce;
  const auto ended = services_.store.desk().terms(query);
  if (!ended) return ended.error();
  if (ended.value().empty()) return std::size_t{0};
  Transition transition;
  for (const RegisteredCertificate& one : ended.value()) {
    const AtEndOfTerm at_end = services_.policy.at_end_of_term(one.life);
    transition.terms.push_back({one.key, one.revision, at_end == AtEndOfTerm::kExpire});
    services_.metrics.count("certificates_terms_ended_total", {{"policy", to_text(at_end)}}, 1);
  }
  const std::size_t dealt_with = transition.terms.size();
  if (auto applied = services_.store.apply(std::move(transition)); !applied) {
    return applied.error();
  }
  services_.logger.log(LogLevel::kInfo, "life.terms_ended",
                       {{"certificates", std::to_string(dealt_with)}});
  return dealt_with;
}

// What the policy says nothing about is no news.
void TermKeeper::count_ends(std::chrono::sys_days today) {
  TermQuery query;
  query.until = today + services_.policy.warn_of_term;
  query.limit = kMostTerms;
  const auto found = services_.store.desk().terms(query);
  if (!found) return;
  double ended = 0;
  double soon = 0;
  for (const RegisteredCertificate& one : found.value()) {
    if (services_.policy.at_end_of_term(one.life) == AtEndOfTerm::kNothing) continue;
    const bool over = one.life.expires_on && std::chrono::sys_days(*one.life.expires_on) < today;
    (over ? ended : soon) += 1;
  }
  services_.metrics.gauge("certificates_term_over", {}, ended);
  services_.metrics.gauge("certificates_term_ending", {}, soon);
}

void TermKeeper::look_at_changes() {
  const Timestamp before = services_.clock.now() - services_.policy.half_done_limit;
  const auto count = services_.store.desk().half_done(before);
  if (!count) return;
  services_.metrics.gauge("changes_half_done", {}, static_cast<double>(count.value().count));
  if (count.value().count > half_done_) {
    services_.logger.log(LogLevel::kError, "life.change_half_done",
                         {{"changes", std::to_string(count.value().count)},
                          {"oldest", to_iso8601(count.value().oldest.value_or(before))},
                          {"reason",
                           "earlier certificates and new ones of a case do not come to an end; see "
                           "`changes list`"}});
  }
  half_done_ = count.value().count;
}

TermThread::TermThread(TermServices services, std::chrono::milliseconds period)
    : keeper_(services), period_(period), thread_([this](const std::stop_token& stop) {
        std::mutex mutex;
        std::condition_variable_any never;
        std::unique_lock lock(mutex);
        while (!stop.stop_requested()) {
          keeper_.work(stop);
          never.wait_for(lock, stop, period_, [] { return false; });
        }
      }) {
  pthread_setname_np(thread_.native_handle(), "terms");
}

}  // namespace certbridge::host
