// The answer: what leaves of what was found, its record, and only then the answer itself.
#include <algorithm>
#include <set>
#include <thread>

#include "access/policy/decided_record.h"
#include "access/records/holder_code.h"
#include "access/records/reference.h"
#include "certbridge/identifiers.h"
#include "journal/cipher.h"
#include "journal/seeded_fault.h"
#include "journal/stop_point.h"
#include "observe/clock.h"
#include "query/query_run.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kLongestText = 1024;  // of a record
constexpr std::size_t kMostNames = 256;
constexpr std::size_t kMostJointHolders = 50;
constexpr std::chrono::seconds kAfterNone{3600};
constexpr std::chrono::seconds kAfterUnavailable{30};
constexpr std::chrono::milliseconds kFaultTime{100};

std::string digest_of(std::string_view bytes) {
  Sm3 sm3;
  sm3.add(bytes);
  const Sm3Digest digest = sm3.finish();
  return {digest.begin(), digest.end()};
}

// Whole words, as many as a record has room for.
std::string joined(const std::vector<std::string>& words) {
  std::string text;
  std::set<std::string> known;
  for (const std::string& word : words) {
    if (word.empty() || !known.insert(word).second) continue;
    if (text.size() + 1 + word.size() > kLongestText) break;
    text += (text.empty() ? "" : " ") + word;
  }
  return text;
}

std::string header_text(const ObjectionMark& mark) {
  if (mark.number == 0) return mark.state;
  return std::to_string(mark.number) + " " + mark.state + " " + to_iso8601(mark.since);
}

std::vector<std::string> names_of(std::vector<std::string> names) {
  if (names.size() > kMostNames) names.resize(kMostNames);
  return names;
}

void set_certificate(AccessRecord& record, const FoundCertificate& found) {
  record.certificate_type = found.type_code;
  record.issuer = found.issuer_code;
  record.certificate_number = normalise_certificate_number(found.number);
  record.certificate = found.identifier;
  if (record.holder.empty() && !found.holders.empty()) record.holder = found.holders.front().code;
}

// Texts of a source may be longer than those of a record.
void shorten(AccessRecord& record) {
  for (std::string* text : {&record.certificate_type, &record.issuer, &record.holder,
                            &record.certificate_number, &record.certificate}) {
    if (text->size() > kLongestText) text->resize(kLongestText);
  }
}

// By every other holder of the certificate its record is found as well.
void add_references(const AccessRecord& record, std::uint64_t number, const FoundCertificate& found,
                    std::vector<AccessRecord>& records) {
  std::set<std::string> named{comparable_code(record.holder)};
  for (const QueriedHolder& holder : found.holders) {
    if (holder.code.empty() || holder.code.size() > kLongestText) continue;
    if (!named.insert(comparable_code(holder.code)).second) continue;
    records.push_back(reference_to(record, number));
    records.back().code = kJointHolder;
    records.back().holder = holder.code;
    if (named.size() > kMostJointHolders) return;
  }
}

}  // namespace

AnswerFrame QueryRun::frame(const std::string& code) const {
  AnswerFrame frame;
  frame.code = code;
  frame.sources = asked_.sources;
  return frame;
}

void QueryRun::sources_came() {
  if (kind_ == QueryKind::kVerify) return answer_verification();
  const std::vector<Found> found = found_in_order();
  if (kind_ == QueryKind::kAvailability) return answer_availability(found);
  if (found.empty()) return file_withheld_ ? answer_withheld() : answer_nothing();
  if (kind_ == QueryKind::kFind) return answer_certificates(found);
  if (found.size() > 1) return answer_ambiguous(found.front());
  if (kind_ == QueryKind::kFile) return ask_file(found.front());
  answer_comparison(found.front());
}

void QueryRun::answer_ambiguous(const Found& first) {
  Answer answer;
  answer.about = &first;
  answer.frame = frame("query.ambiguous");
  answer.frame.message = "several certificates have this number: give `types`, or an identifier";
  answer.status = 409;
  finish(answer);
}

// Of an objection that is open, that there is one, and which of the fields seen it is about.
std::optional<ObjectionMark> QueryRun::mark_of(const FoundCertificate& found,
                                               const std::vector<std::string>& seen) const {
  auto mark = desk_.given.objections.mark_of(found.identifier, found.type_code,
                                             normalise_certificate_number(found.number));
  if (!mark) return {};
  std::erase_if(mark->fields, [&](const std::string& field) {
    return std::find(seen.begin(), seen.end(), field) == seen.end();
  });
  return mark;
}

void QueryRun::answer_certificates(const std::vector<Found>& found) {
  const Timestamp now = desk_.given.clock.now();
  Answer answer;
  answer.frame = frame("found");
  answer.about = &found.front();
  std::vector<std::string> texts;
  for (const Found& one : found) {
    const DisclosedCertificate shown =
        disclose(desk_.given.policy, decision_.permission, one.certificate);
    texts.push_back(certificate_text({one.source, one.as_of, one.cached, one.certificate.status,
                                      shown, mark_of(one.certificate, shown.fields)},
                                     now));
    if (&one == &found.front()) {
      answer.disclosed = names_of(shown.fields);
      continue;
    }
    AccessRecord& record = answer.further.emplace_back(AccessRecord{}, &one).first;
    set_certificate(record, one.certificate);
    record.disclosed = names_of(shown.fields);
    record.disclosed_digest = digest_of(texts.back());
  }
  note_used(found, answer);
  answer.part = certificates_part(texts);
  answer.digest = digest_of(answer.part);
  finish(answer);
}

void QueryRun::answer_availability(const std::vector<Found>& found) {
  std::vector<std::string> types = wanted_types();
  for (const Found& one : found) {
    if (std::find(types.begin(), types.end(), one.certificate.type_code) == types.end()) {
      types.push_back(one.certificate.type_code);
    }
  }
  if (found.empty() && (asked_.failed || types.empty())) return answer_nothing();
  std::vector<AvailableType> available;
  for (const std::string& type : types) {
    const bool there = std::any_of(found.begin(), found.end(), [&](const Found& one) {
      return one.certificate.type_code == type;
    });
    available.push_back({type, there           ? AvailableType::State::kYes
                               : asked_.failed ? AvailableType::State::kUnknown
                                               : AvailableType::State::kNo});
  }
  Answer answer;
  answer.frame = frame(found.empty() ? "none-found" : "found");
  answer.frame.paper_allowed = found.empty();
  answer.part = types_part(available);
  answer.disclosed = {"availability"};
  answer.digest = digest_of(answer.part);
  if (!found.empty()) answer.about = &found.front();
  finish(answer);
}

void QueryRun::answer_comparison(const Found& found) {
  const auto fields =
      compare(desk_.given.policy, decision_.permission, found.certificate, query_.printed);
  Answer answer;
  answer.about = &found;
  note_used({found}, answer);
  for (const ComparedField& one : fields) answer.disclosed.push_back(one.name);
  answer.disclosed = names_of(std::move(answer.disclosed));
  answer.frame = frame("found");
  answer.part = comparison_part({found.source,
                                 found.as_of,
                                 found.cached,
                                 found.certificate.status,
                                 {},
                                 mark_of(found.certificate, answer.disclosed)},
                                fields, desk_.given.clock.now());
  answer.digest = digest_of(answer.part);
  finish(answer);
}

// The first in the order of the route that could tell.
void QueryRun::answer_verification() {
  std::vector<std::pair<std::string, VerifyAnswer>> verdicts;
  {
    const std::lock_guard lock(mutex_);
    verdicts = verdicts_;
  }
  if (verdicts.empty() && asked_.failed) return answer_nothing();
  Answer answer;
  answer.frame = frame("verified");
  const VerifyAnswer nobody_can_tell;
  std::string source;
  const VerifyAnswer* verdict = &nobody_can_tell;
  for (const AskedSource& one : asked_.sources) {
    const auto told = std::find_if(verdicts.begin(), verdicts.end(), [&](const auto& candidate) {
      return candidate.first == one.endpoint;
    });
    if (told == verdicts.end()) continue;
    source = told->first;
    verdict = &told->second;
    break;
  }
  answer.part = verification_part(source, *verdict, desk_.given.clock.now());
  answer.disclosed = {"verdict"};
  answer.digest = digest_of(answer.part);
  Found about;
  about.certificate.identifier = verdict->identifier;
  chosen_ = about;
  answer.about = &*chosen_;
  finish(answer);
}

void QueryRun::file_came(const Result<Message>& came) {
  const std::vector<Attachment>* files = came ? &came.value().attachments : nullptr;
  if (files == nullptr || files->size() != 1 || files->front().content == nullptr) {
    for (AskedSource& one : asked_.sources) {
      if (one.endpoint == chosen_->source) one.outcome = "unavailable";
    }
    asked_.failed = true;
    return answer_nothing();
  }
  if (needs_copy()) return ask_copy(files->front());
  Answer answer = file_answer(files->front());
  answer.disclosed = {"file"};
  answer.headers["X-CB-Copy"] = "no";
  finish(answer);
}

QueryRun::Answer QueryRun::file_answer(const Attachment& file) const {
  const Timestamp now = desk_.given.clock.now();
  Answer answer;
  answer.frame = frame("found");
  answer.about = &*chosen_;
  note_used({*chosen_}, answer);
  answer.digest = {file.digest.begin(), file.digest.end()};
  answer.file = file;
  const std::string& status = chosen_->certificate.status;
  answer.headers = {{"X-CB-Source", chosen_->source},
                    {"X-CB-As-Of", to_iso8601(chosen_->as_of.value_or(now))},
                    {"X-CB-Cached", "no"},
                    {"X-CB-Status", status.empty() ? "unknown" : status},
                    {"X-CB-Digest", "sm3:" + to_hex(file.digest)}};
  if (const auto mark = mark_of(chosen_->certificate, {})) {
    answer.headers["X-CB-Objection"] = header_text(*mark);
  }
  return answer;
}

void QueryRun::answer_withheld() {
  Answer answer;
  answer.frame = frame("file.not_on_list");
  answer.frame.message = "the purpose does not have the file among what leaves";
  answer.status = 403;
  finish(answer);
}

// A reason for which the window may take paper, and when it is worth asking again.
void QueryRun::answer_nothing() {
  Answer answer;
  answer.frame = frame(asked_.failed ? "sources-unavailable" : "none-found");
  answer.frame.message = asked_.failed ? "not every source could be asked, and the others have none"
                                       : "no source has one";
  answer.frame.paper_allowed = true;
  answer.frame.try_again = asked_.failed ? kAfterUnavailable : kAfterNone;
  answer.status = asked_.failed ? 503 : 200;
  finish(answer);
}

AccessRecord QueryRun::record(const Answer& answer) const {
  const bool by_a_limit = decision_.inputs.empty();
  AccessRecord record = decided_record_with(
      by_a_limit ? write_inputs(request_, facts_) : decision_.inputs, request_, decision_);
  record.trace_id = trace_id_;
  record.certificate_type = joined(request_.types);
  record.certificate_number = normalise_certificate_number(request_.number);
  record.certificate = request_.identifier;
  if (answer.about != nullptr) set_certificate(record, answer.about->certificate);
  record.sources = asked_.sources;
  record.disclosed = answer.disclosed;
  record.disclosed_digest = answer.digest;
  if (decision_.allowed) record.result = answer.frame.code;
  record.decided = decided_;
  shorten(record);
  return record;
}

// What is to be looked at.
std::vector<AccessRecord> QueryRun::flag_records(AccessRecord main) const {
  std::vector<AccessRecord> records;
  main.inputs.clear();
  for (const std::string& flag : flags_) {
    AccessRecord& record = records.emplace_back(main);
    record.kind = AccessKind::kFlag;
    record.code = flag;
    record.result = "flagged";
    record.disclosed.clear();
    record.disclosed_digest.clear();
  }
  return records;
}

// Of each further certificate, so that it is found by its own number.
AccessRecord QueryRun::further_record(AccessRecord record, const AccessRecord& further) const {
  record.inputs.clear();
  record.certificate_type = further.certificate_type;
  record.issuer = further.issuer;
  record.certificate_number = further.certificate_number;
  record.certificate = further.certificate;
  if (!request_.holder) record.holder = further.holder;
  record.disclosed = further.disclosed;
  record.disclosed_digest = further.disclosed_digest;
  shorten(record);
  return record;
}

Result<void> QueryRun::append_beside(const Answer& answer, const AccessRecord& main,
                                     std::uint64_t number) {
  std::vector<AccessRecord> records = flag_records(main);
  if (answer.about != nullptr) add_references(main, number, answer.about->certificate, records);
  for (AccessRecord& one : records) {
    if (one.refers_to == 0) one.refers_to = number;
    if (const auto place = desk_.given.recorder.append(one); !place) return place.error();
  }
  for (const auto& [further, about] : answer.further) {
    AccessRecord record = further_record(main, further);
    record.refers_to = number;
    const auto place = desk_.given.recorder.append(record);
    if (!place) return place.error();
    std::vector<AccessRecord> references;
    add_references(record, place.value().number, about->certificate, references);
    for (const AccessRecord& one : references) {
      if (const auto referred = desk_.given.recorder.append(one); !referred) {
        return referred.error();
      }
    }
  }
  return {};
}

Result<AccessPlace> QueryRun::append(const Answer& answer, const AccessRecord& main) {
  auto place = desk_.given.recorder.append(main);
  if (!place) return place.error();
  if (const auto beside = append_beside(answer, main, place.value().number); !beside) {
    return beside.error();
  }
  return place;
}

void QueryRun::finish(const Answer& answer) {
  if (seeded_fault("answer_before_record")) {
    give(answer, 0);
    std::this_thread::sleep_for(kFaultTime);
  }
  stop_point("query.before_record");
  const AccessRecord main = record(answer);
  const auto place = append(answer, main);
  stop_point("query.after_record");
  hold_.reset();
  if (!place) return refuse(place.error());
  if (const auto kept = keep(answer, main, place.value()); !kept) return refuse(kept.error());
  give(answer, place.value().number);
}

void QueryRun::give(const Answer& answer, std::uint64_t number) {
  QueryResponse response;
  response.status = answer.status;
  AnswerFrame frame = answer.frame;
  frame.record = number;
  response.headers = answer.headers;
  response.headers["X-CB-Record"] = std::to_string(number);
  response.file = answer.file;
  if (!answer.file) response.body = answer_text(frame, answer.part);
  if (answer.status == 503) response.retry_after = frame.try_again;
  replier_.give(std::move(response), frame.code);
}

}  // namespace certbridge::host
