#include "query/desk_services.h"

#include <algorithm>

#include "query/archive_case.h"
#include "query/guide.h"
#include "query/objection_services.h"
#include "query/own_uses.h"
#include "query/paper.h"
#include "query/query.h"

namespace certbridge::host {
namespace {

bool is_under(const DeskService& service, std::string_view path) {
  if (!service.path.ends_with('/')) return path == service.path;
  return path.size() > service.path.size() && path.starts_with(service.path);
}

}  // namespace

const std::vector<DeskService>& desk_services() {
  static const std::vector<DeskService> kServices{
      {"GET", "/api/v1/guide", "guide", 0, answer_guide},
      {"POST", "/api/v1/paper-accepted", "paper-accepted", kLargestQuery, accept_paper},
      {"POST", "/api/v1/archive/case", "archive-case", kLargestQuery, archive_case},
      {"POST", "/api/v1/objections", "objection", kLargestQuery, raise_objection},
      {"POST", "/api/v1/objections/", "withdrawal", kLargestQuery, withdraw_objection},
      {"GET", "/api/v1/objections/", "objection-shown", 0, show_objection},
      {"POST", "/api/v1/complaints", "complaint", kLargestQuery, raise_complaint},
      {"POST", "/api/v1/own-uses", "own-uses", kLargestQuery, answer_own_uses},
  };
  return kServices;
}

const DeskService* find_service(std::string_view method, std::string_view path) {
  const auto& all = desk_services();
  const auto found = std::find_if(all.begin(), all.end(), [&](const DeskService& service) {
    return (method.empty() || method == service.method) && is_under(service, path);
  });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace certbridge::host
