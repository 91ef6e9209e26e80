#include <algorithm>
#include <filesystem>
#include <functional>
#include <set>

#include "config/checks.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kShortestKey = 32;
constexpr std::size_t kLongestSocket = 107;  // bytes; a limit of the operating system
constexpr const char* kRoles[] = {"",
                                  "operator",
                                  "reviewer",
                                  "clerk",
                                  "system",
                                  "inspector",
                                  "security-administrator",
                                  "audit-administrator"};

bool has_review(const std::vector<Step>& steps) {
  return std::any_of(steps.begin(), steps.end(), [](const Step& step) {
    return step.kind == StepKind::kReview ||
           std::any_of(step.branches.begin(), step.branches.end(),
                       [](const Branch& branch) { return has_review(branch.steps); });
  });
}

class OperateChecker {
 public:
  OperateChecker(const Configuration& configuration, const Secrets* secrets,
                 ConfigurationErrors& errors)
      : configuration_(configuration),
        operate_(configuration.operate),
        secrets_(secrets),
        errors_(errors) {}

  void check() {
    check_front();
    for (const Person& person : operate_.people) check_person(person);
    check_reviewers();
  }

 private:
  void refuse(const Place& place, const char* element, const std::string& reason,
              const std::string& suggestion = {}) {
    errors_.push_back(error_at(place, element, reason, suggestion));
  }

  void check_front() {
    const std::string socket = std::filesystem::absolute(operate_.socket).string();
    if (socket.size() > kLongestSocket) {
      refuse(operate_.place, configuration_.operate.people.empty() ? "data" : "operate",
             "the path of the socket for operations would be longer than 107 bytes",
             "give a shorter one with <operate socket=\"...\">");
    }
    if (operate_.certificate.empty() != operate_.private_key.empty()) {
      refuse(operate_.place, "operate", "`certificate` and `private-key` need each other");
    }
    if (!operate_.client_ca.empty() && operate_.certificate.empty()) {
      refuse(operate_.place, "operate", "`client-ca` needs `certificate` and `private-key`");
    }
    if (operate_.address.empty()) return;
    if (operate_.certificate.empty() && !is_loopback(operate_.address)) {
      refuse(operate_.place, "operate",
             "keys of people would travel unencrypted to `" + operate_.address + "`",
             "give `certificate` and `private-key`, or an address of this machine only");
    }
    if (operate_.people.empty()) {
      refuse(operate_.place, "operate", "nobody could act at `" + operate_.address + "`",
             "name people with a key or a certificate");
    }
  }

  void check_person(const Person& person) {
    unique(person, person.name, names_, "the name `" + person.name + "`");
    unique(person, person.user, users_, "the user `" + person.user + "`");
    unique(person, person.key_secret, keys_, "the key `" + person.key_secret + "`");
    unique(person, person.certificate, certificates_, "this certificate");
    if (person.user.empty() && person.key_secret.empty() && person.certificate.empty()) {
      refuse(person.place, "person", "`" + person.name + "` could not be told from anybody",
             "give `user`, `key` or `certificate`");
    }
    if (!person.certificate.empty() && operate_.client_ca.empty()) {
      refuse(person.place, "person", "`certificate` needs the authority that issued it",
             "give `client-ca` to <operate>");
    }
    check_roles(person);
    check_key(person);
  }

  void unique(const Person& person, const std::string& value, std::set<std::string>& known,
              const std::string& what) {
    if (value.empty()) return;
    if (known.insert(value).second) return;
    refuse(person.place, "person", what + " is taken by an earlier person");
  }

  // No account runs the host, makes its policies and audits them.
  void check_roles(const Person& person) {
    std::vector<std::string> apart;
    for (const Role role : person.roles) {
      const bool excludes = role == Role::kOperator || role == Role::kSecurityAdministrator ||
                            role == Role::kAuditAdministrator;
      if (excludes) apart.push_back(to_text(role));
    }
    if (apart.size() < 2) return;
    refuse(person.place, "person", "nobody may be " + listed(apart) + " at once",
           "give these roles to different people");
  }

  void check_key(const Person& person) {
    if (person.key_secret.empty() || secrets_ == nullptr) return;
    const Result<std::string> key = secrets_->value(person.key_secret);
    if (!key) {
      return refuse(person.place, "person", key.error().message,
                    did_you_mean(person.key_secret, secrets_->names()));
    }
    if (key.value().size() >= kShortestKey) return;
    refuse(person.place, "person",
           "the secret `" + person.key_secret + "` is shorter than 32 characters",
           "make one with `openssl rand -hex 32`");
  }

  void check_reviewers() {
    const bool any =
        std::any_of(operate_.people.begin(), operate_.people.end(), [](const Person& person) {
          return std::find(person.roles.begin(), person.roles.end(), Role::kReviewer) !=
                 person.roles.end();
        });
    if (any) return;
    for (const RouteConfig& route : configuration_.routes) {
      if (!has_review(route.steps)) continue;
      refuse(route.place, "route", "it has a <review>, and nobody has the role reviewer",
             "name a person with roles=\"reviewer\" in <operate>");
    }
  }

  const Configuration& configuration_;
  const OperateConfig& operate_;
  const Secrets* secrets_;
  ConfigurationErrors& errors_;
  std::set<std::string> names_{}, users_{}, keys_{}, certificates_{};
};

}  // namespace

std::string to_text(Role role) { return kRoles[static_cast<std::size_t>(role)]; }

std::optional<Role> role_named(std::string_view name) {
  for (std::size_t i = 1; i < std::size(kRoles); ++i) {
    if (name == kRoles[i]) return static_cast<Role>(i);
  }
  return {};
}

bool is_loopback(const std::string& address) {
  return address.starts_with("127.") || address.starts_with("[::1]") ||
         address.starts_with("localhost:");
}

void check_operate(const Configuration& configuration, const Secrets* secrets,
                   ConfigurationErrors& errors) {
  OperateChecker(configuration, secrets, errors).check();
}

}  // namespace certbridge::host
