// Annotated copies (加注件): what leaves of a file whose original may not.
#include "observe/clock.h"
#include "query/query_run.h"

namespace certbridge::host {
namespace {

constexpr std::chrono::seconds kAfterNoCopy{30};

std::string word_for(const std::map<std::string, std::string>& words, const std::string& name) {
  const auto found = words.find(name);
  return found == words.end() ? name : found->second;
}

// Errors of the call itself say nothing about the file.
bool is_about_the_file(const Error& error) {
  return error.severity == Severity::kPermanent && !error.code.starts_with("query.");
}

}  // namespace

void QueryRun::ask_copy(const Attachment& original) {
  received_file_ = original;
  const QueryCopy& settings = *route_->copy;
  const std::string purpose = word_for(settings.purposes, request_.purpose);
  copy_.unit = word_for(settings.units, request_.caller.unit);
  copy_.cause = request_.ground.empty() ? purpose : purpose + " " + request_.ground;
  copy_.made = desk_.given.clock.now();
  copy_.expires = copy_.made + settings.valid;
  SourceCall call;
  call.endpoint = settings.endpoint;
  call.question.type = kCopyQuestion;
  call.question.media_type = kQueryMediaType;
  call.question.body = content_of(write_copy_question(copy_));
  call.question.attachments = {original};
  call.trace_id = trace_id_;
  call.deadline = std::chrono::steady_clock::now() + settings.timeout;
  call.here = true;
  desk_.calls.ask(std::move(call), [self = shared_from_this()](const Result<Message>& answer) {
    self->resume_with(answer, &QueryRun::copy_came);
  });
}

void QueryRun::copy_came(const Result<Message>& answer) {
  if (!answer) return answer_no_copy(answer.error());
  const std::vector<Attachment>& files = answer.value().attachments;
  if (files.size() == 1 && files.front().content != nullptr) return answer_copy(files.front());
  answer_no_copy(Error::fault("query.copy", "the answer has no file"));
}

void QueryRun::answer_copy(const Attachment& copy) {
  Answer answer = file_answer(copy);
  answer.disclosed = {"file.copy"};
  answer.headers["X-CB-Copy"] = "annotated";
  answer.headers["X-CB-Copy-Expires"] = to_iso8601(copy_.expires);
  finish(answer);
}

void QueryRun::answer_no_copier() {
  Answer answer;
  answer.frame = frame("file.original_not_allowed");
  answer.frame.message =
      "the file may leave as an annotated copy only, and the query route names nobody who makes "
      "one; the original leaves with `original` where ground and purpose allow it";
  answer.status = 403;
  finish(answer);
}

void QueryRun::answer_no_copy(const Error& error) {
  desk_.given.logger.log(LogLevel::kWarning, "query.copy_failed",
                         {{"endpoint", route_->copy->endpoint}, {"code", error.code}});
  const bool never = is_about_the_file(error);
  Answer answer;
  answer.about = &*chosen_;
  answer.frame = frame(never ? "file.copy_impossible" : "file.copy_unavailable");
  answer.frame.message =
      never
          ? "the file may leave as an annotated copy only, and none can be made of it (" +
                error.message +
                "): ask for what stands in the certificate instead, or with `original` on a ground "
                "and for a purpose that allow it"
          : "the file may leave as an annotated copy only, and none can be made now: ask again";
  answer.status = never ? 403 : 503;
  if (!never) answer.frame.try_again = kAfterNoCopy;
  finish(answer);
}

}  // namespace certbridge::host
