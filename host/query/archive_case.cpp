#include "query/archive_case.h"

#include "access/policy/decided_record.h"
#include "access/policy/decision.h"
#include "access/policy/decision_inputs.h"
#include "archive/case_package.h"
#include "certbridge/text.h"
#include "journal/cipher.h"
#include "journal/stop_point.h"
#include "query/answer_body.h"
#include "query/request_by.h"

namespace certbridge::host {
namespace {

// One package that is asked for.
class CaseExport {
 public:
  CaseExport(QueryDesk::Parts& desk, const CaseArchive& archive, Replier& replier)
      : desk_(desk), archive_(archive), replier_(replier) {}

  void serve(const Caller& caller, const CaseWanted& wanted) {
    case_no_ = wanted.case_no;
    request_ = request_of(caller, wanted.right);
    decide_now();
    auto uses = decision_.allowed ? archive_.kept.uses_of(case_no_)
                                  : Result<std::vector<KeptUse>>(std::vector<KeptUse>{});
    if (!uses) return replier_.refuse(uses.error());
    stop_point("query.before_record");
    const auto place = desk_.given.recorder.append(record_of(!uses.value().empty()));
    stop_point("query.after_record");
    hold_.reset();
    if (!place) return replier_.refuse(place.error());
    if (!decision_.allowed) {
      return say(403, decision_.code, decision_.sentence, place.value().number);
    }
    if (uses.value().empty()) {
      return say(404, "archive.none_kept", "nothing is kept that was used in this case",
                 place.value().number);
    }
    give(uses.value(), place.value());
  }

 private:
  AccessRequest request_of(const Caller& caller, const Query& right) const {
    AccessRequest request = request_by(caller, right);
    request.kind = AccessKind::kExport;
    request.when = desk_.given.clock.now();
    return request;
  }

  // How a case stands is not asked for: what proves an export is an order, not an open case.
  void decide_now() {
    if (needed_facts(desk_.given.policy, request_).uses) {
      auto counted =
          desk_.given.uses.count(request_.ground_kind, request_.ground, request_.caller.unit);
      facts_.uses_known = counted.ok();
      if (counted) {
        facts_.uses = counted.value().uses;
        hold_ = std::move(counted.value().hold);
      }
    }
    decision_ = decide(desk_.given.policy, request_, facts_);
  }

  AccessRecord record_of(bool kept) const {
    AccessRecord record = decided_record(request_, facts_, decision_);
    record.trace_id = to_hex_text(random_bytes(8));
    if (kept) record.disclosed = {"archive"};
    if (decision_.allowed) record.result = kept ? "exported" : "none-found";
    return record;
  }

  void say(int status, const std::string& code, const std::string& sentence, std::uint64_t number) {
    QueryResponse response;
    response.status = status;
    response.headers["X-CB-Record"] = std::to_string(number);
    response.body = answer_text({code, sentence, number, {}, false, {}}, {});
    replier_.give(std::move(response), code);
  }

  Result<StoredContent> package_of(const std::vector<KeptUse>& uses,
                                   const AccessPlace& place) const {
    PackageManifest head;
    head.kind = PackageKind::kCase;
    head.subject = case_no_;
    head.node = archive_.node;
    head.made = desk_.given.clock.now();
    head.record = place.number;
    head.record_hash = place.hash;
    auto spool = desk_.given.spool();
    if (!spool) return spool.error();
    const auto sealed = seal_case(head, archive_.key, uses, *spool.value());
    if (!sealed) return sealed.error();
    return spool.value()->finish();
  }

  void give(const std::vector<KeptUse>& uses, const AccessPlace& place) {
    auto package = package_of(uses, place);
    if (!package) return replier_.refuse(package.error());
    QueryResponse response;
    response.status = 200;
    response.headers["X-CB-Record"] = std::to_string(place.number);
    response.headers["X-CB-Digest"] = "sm3:" + to_hex(package.value().digest);
    response.file = Attachment{"case.tar", "application/x-tar", package.value().size,
                               package.value().digest, package.value().content};
    replier_.give(std::move(response), "exported");
  }

  QueryDesk::Parts& desk_;
  const CaseArchive& archive_;
  Replier& replier_;
  std::string case_no_{};
  AccessRequest request_{};
  AccessFacts facts_{};
  Decision decision_{};
  std::unique_ptr<GroundUses::Hold> hold_{};
};

}  // namespace

void archive_case(QueryDesk::Parts& desk, const SignedRequest& request, Replier& replier) {
  const auto caller = desk.given.callers.identify(request);
  if (!caller) return replier.refuse(caller.error());
  const auto wanted = read_case_wanted(request.body);
  if (!wanted) return replier.refuse(wanted.error());
  if (desk.given.archive == nullptr) {
    return replier.refuse(Error::permanent("archive.not_configured",
                                           "this host keeps nothing that is used in cases"));
  }
  CaseExport(desk, *desk.given.archive, replier).serve(caller.value(), wanted.value());
}

}  // namespace certbridge::host
