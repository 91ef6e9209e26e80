// The sources: what they are asked, and what of their answers counts.
#include <algorithm>

#include "query/query_run.h"

namespace certbridge::host {
namespace {

constexpr std::uint64_t kLargestAnswer = 8ULL << 20;  // bytes

std::string outcome_of(const Error& error) {
  if (error.code == "query.busy") return "busy";
  if (error.code == "query.timeout") return "timeout";
  return "unavailable";
}

const char* question_type(QueryKind kind) {
  return kind == QueryKind::kVerify ? kVerifyQuestion : kFindQuestion;
}

}  // namespace

AskedFor QueryRun::asked_for() const {
  AskedFor asked;
  asked.purpose = request_.purpose;
  asked.item = facts_.case_facts ? facts_.case_facts->item : std::string();
  asked.basis = request_.ground;
  asked.unit = request_.caller.unit;
  asked.person = request_.caller.person ? request_.caller.person->id : std::string();
  return asked;
}

// Empty: every type.
std::vector<std::string> QueryRun::wanted_types() const {
  const std::vector<std::string>& allowed = decision_.permission.types;
  return allowed == std::vector<std::string>{"*"} ? request_.types : allowed;
}

std::string QueryRun::question(const std::vector<std::string>& types) const {
  if (kind_ == QueryKind::kVerify) return write_verify_question({asked_for()});
  FindQuestion asked{{}, request_.identifier, request_.number, types, asked_for()};
  // Beside a certificate, the holder is not what it is looked for by, but what is permitted.
  if (asked.identifier.empty() && asked.number.empty()) asked.holder = request_.holder;
  return write_find_question(asked);
}

void QueryRun::ask_sources() {
  SourceRoundSettings settings;
  settings.steps = route_->steps;
  if (kind_ == QueryKind::kVerify) {
    auto stored = store_file();
    if (!stored) return refuse(stored.error());
    if (is_kept()) shown_file_ = stored.value();
    settings.attachments.push_back(std::move(stored).value());
  } else {
    const std::vector<std::string> types = wanted_types();
    settings.types = {types.begin(), types.end()};
    settings.may_join = true;
    use_cache(settings);
  }
  settings.question_type = question_type(kind_);
  settings.question = [self = shared_from_this()](const std::vector<std::string>& types) {
    return self->question(types);
  };
  settings.trace_id = trace_id_;
  deadline_ = std::chrono::steady_clock::now() + route_->budget;
  settings.deadline = deadline_;
  SourceRound::begin(
      desk_.calls, desk_.timer, std::move(settings),
      [self = shared_from_this()](const std::string& endpoint, const Result<Message>& answer,
                                  std::optional<Timestamp> kept_since) {
        return self->judge(endpoint, answer, kept_since);
      },
      [self = shared_from_this()](const SourceRound::Outcome& outcome) {
        self->resume([outcome](QueryRun& run) {
          run.asked_ = outcome;
          run.sources_came();
        });
      });
}

// By which a file is fetched may be good for a moment only, so questions for files are asked anew.
// The person and the number of the ground are left out: an answer may depend on what it is for and
// on the unit that uses it, and on nothing else that is said of who asks.
void QueryRun::use_cache(SourceRoundSettings& settings) {
  settings.cache = kind_ == QueryKind::kFile ? nullptr : desk_.cache_of(*route_);
  if (settings.cache == nullptr) return;
  settings.now = [this] { return desk_.given.clock.now(); };
  settings.kept_question = [this](const std::vector<std::string>& types) {
    AskedFor use = asked_for();
    use.person.clear();
    use.basis.clear();
    return write_find_question({request_.holder, request_.identifier, request_.number, types, use});
  };
}

Result<Attachment> QueryRun::store_file() {
  auto writer = desk_.given.spool();
  if (!writer) return writer.error();
  auto stored = store(*writer.value(), query_.file);
  if (!stored) return stored.error();
  query_.file = {};
  return Attachment{"certificate.ofd", "application/ofd", stored.value().size,
                    stored.value().digest, stored.value().content};
}

JudgedAnswer QueryRun::judge(const std::string& endpoint, const Result<Message>& answer,
                             std::optional<Timestamp> kept_since) {
  if (!answer) {
    desk_.given.logger.log(LogLevel::kWarning, "query.source_failed",
                           {{"endpoint", endpoint}, {"code", answer.error().code}});
    return {outcome_of(answer.error())};
  }
  if (answer.value().body == nullptr) return {"damaged"};
  const auto body = read_all(*answer.value().body, kLargestAnswer);
  if (!body) return {"damaged"};
  return kind_ == QueryKind::kVerify ? judge_verdict(endpoint, body.value())
                                     : judge_found(endpoint, body.value(), kept_since);
}

bool QueryRun::file_may_leave(const FoundCertificate& found) {
  if (!disclose(desk_.given.policy, decision_.permission, found).certificate.file.empty()) {
    return true;
  }
  const std::lock_guard lock(mutex_);
  file_withheld_ = true;
  return false;
}

// What is not within the permission is as if it were not there.
JudgedAnswer QueryRun::judge_found(const std::string& endpoint, const std::string& body,
                                   std::optional<Timestamp> kept_since) {
  auto answer = parse_find_answer(body);
  if (!answer) return {"damaged"};
  std::vector<Found> allowed;
  for (FoundCertificate& one : answer.value().found) {
    if (!permits(decision_.permission, one)) continue;
    if (kind_ == QueryKind::kFile && (one.file.empty() || !file_may_leave(one))) continue;
    const auto as_of = answer.value().as_of ? answer.value().as_of : kept_since;
    allowed.push_back({endpoint, as_of, kept_since.has_value(), std::move(one)});
  }
  if (allowed.empty()) return {"absent", false, true, false};
  const std::lock_guard lock(mutex_);
  std::move(allowed.begin(), allowed.end(), std::back_inserter(found_));
  return {kept_since ? "cached" : "found", true, true, true};
}

JudgedAnswer QueryRun::judge_verdict(const std::string& endpoint, const std::string& body) {
  const auto answer = parse_verify_answer(body);
  if (!answer) return {"damaged"};
  if (answer.value().verdict == VerifyAnswer::Verdict::kCannotTell)
    return {"absent", false, true, false};
  const std::lock_guard lock(mutex_);
  verdicts_.emplace_back(endpoint, answer.value());
  return {"found", true, true, false};
}

// In the order of the route; what several sources hold counts once, as the first of them has it.
std::vector<QueryRun::Found> QueryRun::found_in_order() const {
  std::vector<Found> ordered;
  const std::lock_guard lock(mutex_);
  for (const AskedSource& source : asked_.sources) {
    if (source.outcome != "found" && source.outcome != "cached") continue;
    for (const Found& one : found_) {
      if (one.source != source.endpoint) continue;
      const auto is_same = [&](const Found& other) {
        return !one.certificate.identifier.empty() &&
               other.certificate.identifier == one.certificate.identifier &&
               other.source != one.source;
      };
      if (std::none_of(ordered.begin(), ordered.end(), is_same)) ordered.push_back(one);
    }
  }
  return ordered;
}

void QueryRun::ask_file(const Found& found) {
  chosen_ = found;
  SourceCall call;
  call.endpoint = found.source;
  call.question.type = kFileQuestion;
  call.question.media_type = kQueryMediaType;
  const std::string question =
      write_file_question({found.certificate.file, found.certificate.identifier, asked_for()});
  call.question.body = content_of(question);
  call.same = found.source + "\n" + kFileQuestion + "\n" + question;
  call.trace_id = trace_id_;
  call.deadline = deadline_;
  call.here = true;
  desk_.calls.ask(std::move(call), [self = shared_from_this()](const Result<Message>& answer) {
    self->resume_with(answer, &QueryRun::file_came);
  });
}

}  // namespace certbridge::host
