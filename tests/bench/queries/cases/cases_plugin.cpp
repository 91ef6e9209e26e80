// The registration system of benchmarks and load tests: one call over HTTP for each case.
#include "certbridge/plugin.h"
#include "certbridge/query.h"

namespace certbridge {
namespace {

constexpr std::uint64_t kLargestBody = 64'000;

std::string member(std::string_view body, std::string_view name) {
  const std::string mark = "\"" + std::string(name) + "\":\"";
  const std::size_t at = body.find(mark);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = body.substr(at + mark.size());
  return std::string(rest.substr(0, rest.find('"')));
}

CaseFacts facts_in(std::string_view body) {
  CaseFacts facts;
  facts.known = true;
  facts.open = body.find("\"open\":true") != std::string_view::npos;
  facts.case_no = member(body, "caseNo");
  facts.area = member(body, "area");
  facts.unit = member(body, "unit");
  facts.item = member(body, "item");
  facts.handlers = {member(body, "handler")};
  facts.materials = {member(body, "material")};
  facts.parties = {{PartyRole::kApplicant, {"测试", "111", member(body, "applicant")}}};
  return facts;
}

class Cases final : public Responder {
 public:
  explicit Cases(Responder& wire) : wire_(wire) {}

  Result<Message> answer(const Message& question, const Call& call) override {
    if (question.body == nullptr) return Error::permanent("cases.question", "it has no body");
    const auto text = read_all(*question.body, kLargestBody);
    const auto asked = text ? parse_case_question(text.value()) : text.error();
    if (!asked) return Error::permanent("cases.question", asked.error().message);
    Message request;
    request.type = "http.request";
    request.headers = {{"http-method", "GET"}, {"http-path", "/case/" + asked.value().case_no}};
    auto came = wire_.answer(request, call);
    if (!came) return Error::retryable("cases.answer", came.error().message);
    if (came.value().headers["http-status"] != "200" || came.value().body == nullptr) {
      return Error::retryable("cases.answer", "the stub answers with another status than 200");
    }
    const auto body = read_all(*came.value().body, kLargestBody);
    if (!body) return Error::retryable("cases.answer", body.error().message);
    Message facts;
    facts.type = kCaseQuestion;
    facts.media_type = kQueryMediaType;
    facts.body = content_of(write_case_facts(facts_in(body.value())));
    return facts;
  }

 private:
  Responder& wire_;
};

class CasesPlugin final : public Plugin {
 public:
  Result<std::unique_ptr<Responder>> make_responder(std::string_view kind,
                                                    Context& context) override {
    if (kind != "cases") return Plugin::make_responder(kind, context);
    auto wire = context.responder("wire");
    if (!wire) return wire.error();
    return std::unique_ptr<Responder>(std::make_unique<Cases>(*wire.value()));
  }
};

}  // namespace
}  // namespace certbridge

CERTBRIDGE_PLUGIN(certbridge::CasesPlugin, "bench_cases", "1.0.0")
