#include "operate/people.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "certbridge/text.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kPasswordEntry = 16UL * 1024;

std::string sha256(std::string_view bytes) {
  std::array<unsigned char, 32> digest{};
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

std::optional<unsigned> user_named(const std::string& name) {
  std::array<char, kPasswordEntry> room{};
  passwd entry{};
  passwd* found = nullptr;
  if (getpwnam_r(name.c_str(), &entry, room.data(), room.size(), &found) != 0) return {};
  return found == nullptr ? std::optional<unsigned>() : found->pw_uid;
}

std::string name_of(unsigned user) {
  std::array<char, kPasswordEntry> room{};
  passwd entry{};
  passwd* found = nullptr;
  getpwuid_r(user, &entry, room.data(), room.size(), &found);
  return found == nullptr ? "user-" + std::to_string(user) : found->pw_name;
}

}  // namespace

Result<People> People::from(
    const OperateConfig& configuration,
    const std::function<Result<std::string>(const std::string& name)>& secret) {
  People people;
  for (const Person& person : configuration.people) {
    Known known;
    known.person = person;
    if (!person.user.empty()) known.user = user_named(person.user);
    if (!person.key_secret.empty()) {
      auto key = secret(person.key_secret);
      if (!key) return key.error();
      known.key_digest = sha256(key.value());
    }
    people.known_.push_back(std::move(known));
  }
  if (people.known_.empty()) {
    Known self;
    self.user = geteuid();
    self.person.name = name_of(*self.user);
    self.person.roles = {Role::kOperator};
    people.known_.push_back(std::move(self));
  }
  return people;
}

const Person* People::by_user(unsigned user) const {
  const auto found = std::find_if(known_.begin(), known_.end(),
                                  [&](const Known& known) { return known.user == user; });
  return found == known_.end() ? nullptr : &found->person;
}

// Every key is looked at whatever was found, and digests have one length: time tells nothing.
const Person* People::by_key(std::string_view key) const {
  const std::string digest = sha256(key);
  const Person* found = nullptr;
  for (const Known& known : known_) {
    if (known.key_digest.empty()) continue;
    if (CRYPTO_memcmp(known.key_digest.data(), digest.data(), digest.size()) == 0) {
      found = &known.person;
    }
  }
  return found;
}

const Person* People::by_certificate(std::string_view sha256_of_it) const {
  const auto found = std::find_if(known_.begin(), known_.end(), [&](const Known& known) {
    return !known.person.certificate.empty() && known.person.certificate == sha256_of_it;
  });
  return found == known_.end() ? nullptr : &found->person;
}

std::optional<Role> role_for(const Person& person, const Operation& operation) {
  for (const Role role : operation.roles) {
    if (std::find(person.roles.begin(), person.roles.end(), role) != person.roles.end()) {
      return role;
    }
  }
  return {};
}

std::string sha256_hex(std::string_view bytes) { return to_hex_text(sha256(bytes)); }

}  // namespace certbridge::host
