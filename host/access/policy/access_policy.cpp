#include "access/policy/access_policy.h"

#include <algorithm>

#include "access/policy/access_policy_parts.h"
#include "access/policy/policy_reader.h"
#include "config/document.h"
#include "journal/cipher.h"

namespace certbridge::host {
namespace {

std::string digest_of(std::string_view bytes) {
  Sm3 sm3;
  sm3.add(bytes);
  return "sm3:" + to_hex(sm3.finish());
}

}  // namespace

const Ground* AccessPolicy::Parts::ground(std::string_view name) const {
  const auto found = grounds.find(name);
  return found == grounds.end() ? nullptr : &found->second;
}

const Purpose* AccessPolicy::Parts::purpose(std::string_view name) const {
  const auto found = purposes.find(name);
  return found == purposes.end() ? nullptr : &found->second;
}

std::optional<std::size_t> AccessPolicy::Parts::level(std::string_view name) const {
  const auto found = std::find(levels.begin(), levels.end(), name);
  if (found == levels.end()) return {};
  return static_cast<std::size_t>(found - levels.begin());
}

AccessPolicy::AccessPolicy(std::unique_ptr<const Parts> parts) : parts_(std::move(parts)) {}
AccessPolicy::~AccessPolicy() = default;

Result<std::shared_ptr<const AccessPolicy>> AccessPolicy::parse(std::string_view xml,
                                                                const std::string& file) {
  PolicyFindings findings(file);
  ConfigurationErrors of_the_form;
  const auto root = check_document(xml, file, SchemaName::kAccess, of_the_form);
  findings.add(of_the_form);
  auto parts = std::make_unique<Parts>();
  if (root) read_policy(*root, *parts, findings);
  if (!findings.empty()) return findings.as_error();
  parts->version = root->attribute_or_empty("version") + " " + digest_of(xml);
  return std::shared_ptr<const AccessPolicy>(new AccessPolicy(std::move(parts)));
}

const ObjectionDays& AccessPolicy::objection_days() const { return parts_->objection_days; }
const std::string& AccessPolicy::version() const { return parts_->version; }

}  // namespace certbridge::host
