#include "desk_fixture.h"

#include "certbridge/testing/memory_content.h"
#include "query/desk_services.h"

namespace certbridge::host {
namespace {

constexpr const char* kPolicy = R"(<?xml version="1.0" encoding="UTF-8"?>
<access xmlns="urn:certbridge:access:1" version="test">
  <levels order="password ukey"/>
  <purpose name="registration">
    <fields type="*">
      <field name="type-code"/><field name="number"/><field name="holder.name"/><field name="status"/>
      <field name="KZ_ZL"/><field name="file"/>
    </fields>
  </purpose>
  <purpose name="archive" original-file="yes">
    <fields type="*"><field name="number"/><field name="file"/></fields>
  </purpose>
  <purpose name="review" original-file="yes"><fields type="*"><field name="number"/></fields></purpose>
  <ground name="case-check" kind="case" accesses="query" purposes="registration" types="*">
    <who roles="clerk" level="password"/>
    <case parties="applicant holder"/>
  </ground>
  <ground name="case" kind="case" accesses="query file verification comparison availability paper-accepted objection complaint"
          purposes="registration archive review" types="*" uses="3">
    <who roles="clerk" level="password"/>
    <case parties="applicant holder" open="yes" materials="yes"/>
  </ground>
  <ground name="own" kind="holder" accesses="query objection complaint own-uses" purposes="registration" types="*">
    <who issuers="citizens" level="password"/>
  </ground>
  <ground name="court" kind="court" accesses="query" purposes="registration" types="*" shown-to-holder="no">
    <who roles="clerk"/><number pattern="court@"/>
  </ground>
</access>)";

}  // namespace

Result<AccessPlace> ListRecorder::append(const AccessRecord& record) {
  const std::lock_guard lock(mutex_);
  if (!trouble_.empty()) return Error::retryable(trouble_, "the record cannot be written");
  records_.push_back(record);
  return AccessPlace{"2026-11-0001", records_.size(), {}};
}

Result<ReadAccess> ListRecorder::record(std::uint64_t number) {
  const std::lock_guard lock(mutex_);
  if (number == 0 || number > records_.size()) {
    return Error::permanent("access.no_such_record", "no such record");
  }
  ReadAccess read;
  read.place.number = number;
  read.record = records_[number - 1];
  read.written = read.record.asked;
  return read;
}

// Newest first, in one page; terms of a kind, a holder or a certificate.
Result<AccessAnswer> ListRecorder::find(const AccessQuestion& question) {
  const auto has = [](const AccessRecord& record, AccessTerm kind, const std::string& value) {
    if (kind == AccessTerm::kHolder) return record.holder == value;
    if (kind == AccessTerm::kCertificate) {
      return record.certificate == value || record.certificate_number == value;
    }
    return record.kind == AccessKind::kObjection || record.kind == AccessKind::kComplaint ||
           record.kind == AccessKind::kObjectionStep;
  };
  AccessAnswer answer;
  for (std::uint64_t number = records().size(); number > 0; --number) {
    const auto read = record(number);
    bool all = question.before == 0 || number < question.before;
    for (const auto& [kind, value] : question.terms) {
      all = all && has(read.value().record, kind, value);
    }
    if (all) answer.found.push_back(read.value());
  }
  return answer;
}

std::vector<AccessRecord> ListRecorder::records() const {
  const std::lock_guard lock(mutex_);
  return records_;
}

void ListRecorder::refuse_with(const std::string& code) {
  const std::lock_guard lock(mutex_);
  trouble_ = code;
}

Result<void> UseList::keep(const KeptUse& use) {
  if (full) return Error::retryable("archive.full", "no room");
  const std::lock_guard lock(mutex_);
  uses_.push_back(use);
  return {};
}

std::vector<KeptUse> UseList::uses() const {
  const std::lock_guard lock(mutex_);
  return uses_;
}

Result<Message> DeskTest::answer_of(const Message& question, const FindAnswer& found,
                                    bool fails) const {
  if (fails) return Error::retryable("municipal.unreachable", "the library does not answer");
  if (question.type == kFindQuestion) return message_of(write_find_answer(found));
  if (question.type == kVerifyQuestion) return message_of(write_verify_answer(verdict_));
  Message answer = message_of("");
  answer.attachments = {testing::attachment_of("certificate.ofd", "application/ofd", "ofd")};
  return answer;
}

DeskTest::DeskTest()
    : cases_([this](const Message&, const Call&) -> Result<Message> {
        if (case_fails_) return Error::retryable("registration.records_unavailable", "not now");
        return message_of(write_case_facts(facts_));
      }),
      first_source_([this](const Message& question, const Call&) {
        return answer_of(question, first_, first_fails_);
      }),
      second_source_([this](const Message& question, const Call&) {
        return answer_of(question, second_, second_fails_);
      }),
      copier_([this](const Message&, const Call&) -> Result<Message> {
        if (copy_fails_) return *copy_fails_;
        Message answer = message_of("");
        answer.attachments = {testing::attachment_of("copy.ofd", "application/ofd", "copy")};
        return answer;
      }) {
  EXPECT_TRUE(objections_.build().ok());
  const auto policy = AccessPolicy::parse(kPolicy, "access.xml");
  EXPECT_TRUE(policy.ok()) << (policy ? "" : policy.error().message);
  policy_ = policy.value();
  PatternSettings patterns = pattern_settings(*policy_);
  patterns.person.requests_per_minute = 20;
  patterns.denials_of_a_person = 4;
  patterns_ = std::make_unique<AccessPatterns>(patterns, clock_);
  QueryRouteConfig route;
  route.name = "all";
  route.answers = {QueryKind::kFind, QueryKind::kFile, QueryKind::kVerify, QueryKind::kAvailability,
                   QueryKind::kCompare};
  route.case_endpoint = "cases";
  route.case_timeout = route.budget = kPatience;
  route.steps = {{{{"first", {}, kPatience, {}}}, {}}, {{{"second", {}, kPatience, {}}}, {}}};
  configuration_.routes = {route};
  facts_.known = facts_.open = true;
  facts_.case_no = "C1";
  facts_.unit = kUnit;
  facts_.item = "I-1";
  facts_.handlers = {"clerk-7", "staff/clerk-7"};
  facts_.materials = {kTitleType, kCardType};
  facts_.parties = {{PartyRole::kApplicant, {"张三", "111", kZhangSan}}};
  open_desk();
}

void DeskTest::open_desk() {
  if (desk_) desk_->stop();
  desk_ = std::make_unique<QueryDesk>(
      QueryParts{configuration_,
                 *policy_,
                 callers_,
                 *patterns_,
                 recorder_,
                 uses_,
                 recorder_,
                 objections_,
                 [] {
                   return Result<std::unique_ptr<ContentWriter>>(
                       std::make_unique<testing::MemoryContentWriter>(1'000'000));
                 },
                 clock_,
                 metrics_,
                 logger_,
                 {{"cases", &cases_, 2, 10},
                  {"first", &first_source_, 2, 10},
                  {"second", &second_source_, 2, 10},
                  {"copies", &copier_, 2, 10}},
                 &deliveries_,
                 &kept_});
}

DeskTest::~DeskTest() { desk_->stop(); }

void DeskTest::make_copies() {
  QueryCopy copy;
  copy.endpoint = "copies";
  copy.valid = std::chrono::hours(48);
  copy.timeout = kPatience;
  copy.purposes = {{"registration", "不动产登记"}};
  copy.units = {{kUnit, "某中心"}};
  configuration_.routes[0].copy = copy;
}

QueryResponse DeskTest::ask(QueryKind kind, const std::string& body, const std::string& system) {
  SignedRequest request;
  request.system = system;
  request.body = body;
  Arrivals<QueryResponse> came;
  desk_->answer(kind, request, [&came](QueryResponse response) { came.add(std::move(response)); });
  const auto responses = came.wait_for(1);
  return responses.empty() ? QueryResponse{} : responses.front();
}

QueryResponse DeskTest::accept_paper(const std::string& body, const std::string& system) {
  return serve("POST", "/api/v1/paper-accepted", body, system);
}

QueryResponse DeskTest::serve(const std::string& method, const std::string& path,
                              const std::string& body, const std::string& system) {
  SignedRequest request;
  request.method = method;
  request.target = path;
  request.system = system;
  request.body = body;
  Arrivals<QueryResponse> came;
  desk_->serve(*find_service(method, path), request,
               [&came](QueryResponse response) { came.add(std::move(response)); });
  const auto responses = came.wait_for(1);
  return responses.empty() ? QueryResponse{} : responses.front();
}

std::string DeskTest::body_of(const std::string& more) {
  return R"({"purpose":"registration","ground":{"kind":"case","number":"C1"},)" + more + "}";
}

std::string DeskTest::by_holder(const std::string& code) {
  return body_of(R"("holder":{"name":"张三","codeType":"111","code":")" + code + "\"}");
}

boost::json::object DeskTest::json_of(const QueryResponse& response) {
  return boost::json::parse(response.body).as_object();
}

std::string DeskTest::code_of(const QueryResponse& response) {
  return std::to_string(response.status) + " " +
         std::string(json_of(response).at("code").as_string());
}

FoundCertificate DeskTest::title(const std::string& number, const std::string& holder) {
  FoundCertificate found;
  found.type_code = kTitleType;
  found.number = number;
  found.identifier = "ID-" + number;
  found.issuer_code = kUnit;
  found.holders = {{"张三", "111", holder}};
  found.status = "valid";
  found.file = "file-of-" + number;
  found.fields = {{"KZ_ZL", "中州路1号"}, {"KZ_SECRET", "秘密"}};
  return found;
}

}  // namespace certbridge::host
