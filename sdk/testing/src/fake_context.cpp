#include "certbridge/testing/fake_context.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "certbridge/certificate_type.h"
#include "certbridge/testing/memory_content.h"

namespace certbridge::testing {
namespace {

constexpr std::uint64_t kLargestContent = 64UL * 1024 * 1024;

ManifestKind kind_or_failure(const Manifest& manifest, std::string_view kind) {
  const ManifestKind* found = manifest.find(kind);
  if (found != nullptr) return *found;
  ADD_FAILURE() << "plugin.xml makes nothing of kind \"" << kind << "\"";
  return {};
}

}  // namespace

FakeContext::FakeContext(const std::string& manifest_path, std::string_view kind, Options options)
    : manifest_(read_manifest(manifest_path)),
      kind_(kind_or_failure(manifest_, kind)),
      config_(kind_, manifest_.folder, std::move(options)) {}

Result<std::unique_ptr<ContentWriter>> FakeContext::spool() {
  return std::unique_ptr<ContentWriter>(std::make_unique<MemoryContentWriter>(kLargestContent));
}

Result<Sink*> FakeContext::sink(std::string_view role) {
  if (!role_is_declared(role)) ADD_FAILURE() << "role \"" << role << "\" is not in plugin.xml";
  if (const auto found = sinks_.find(role); found != sinks_.end()) return found->second;
  return Error::fault("context.no_such_role", "no sink is lent as \"" + std::string(role) + "\"");
}

Result<Responder*> FakeContext::responder(std::string_view role) {
  if (!role_is_declared(role)) ADD_FAILURE() << "role \"" << role << "\" is not in plugin.xml";
  if (const auto found = responders_.find(role); found != responders_.end()) return found->second;
  return Error::fault("context.no_such_role",
                      "no responder is lent as \"" + std::string(role) + "\"");
}

bool FakeContext::role_is_declared(std::string_view role) const {
  return std::find(kind_.roles.begin(), kind_.roles.end(), role) != kind_.roles.end();
}

void FakeContext::set_secret(const std::string& name, const std::string& value) {
  config_.set_secret(name, value);
}
void FakeContext::lend(const std::string& role, Sink& sink) { sinks_[role] = &sink; }
void FakeContext::lend(const std::string& role, Responder& responder) {
  responders_[role] = &responder;
}

void FakeContext::expect_declared(const Error& error) const {
  for (const char* code :
       {kCodeSuperseded, kCodeWithdrawn, kCodeNotHeld, kCodeRejected, kCodeTypeNotRegistered}) {
    if (error.code == code) return;
  }
  const auto found = manifest_.errors.find(error.code);
  if (found == manifest_.errors.end()) {
    ADD_FAILURE() << "plugin.xml does not declare error \"" << error.code << "\"";
  } else if (found->second != error.severity) {
    ADD_FAILURE() << "error \"" << error.code << "\" came with another severity than declared";
  }
}

void FakeContext::expect_all_options_read() const {
  for (const std::string& name : config_.unread()) {
    ADD_FAILURE() << "option \"" << name << "\" is declared in plugin.xml and never read";
  }
}

}  // namespace certbridge::testing
