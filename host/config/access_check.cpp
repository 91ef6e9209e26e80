#include <filesystem>
#include <functional>

#include "certbridge/content.h"
#include "config/checks.h"

namespace certbridge::host {
namespace {

namespace files = std::filesystem;

bool lies_within(const files::path& inner, const files::path& outer) {
  const auto relative = inner.lexically_relative(outer);
  return !relative.empty() && *relative.begin() != "..";
}

using Refuse = std::function<void(const std::string& reason, const std::string& suggestion)>;

// Of a private key on the SM2 curve.
void check_signing_key(const std::string& name, const Configuration& configuration,
                       const Secrets* secrets, const Refuse& refuse) {
  if (name == configuration.master_key_secret) {
    return refuse("`key` is the master key: whoever reads would be able to sign",
                  "give it a secret of its own");
  }
  if (secrets == nullptr) return;
  const Result<std::string> key = secrets->value(name);
  if (!key) return refuse(key.error().message, did_you_mean(name, secrets->names()));
  if (parse_sm3_digest(key.value())) return;
  refuse("the secret `" + name +
             "` is no key: 64 hexadecimal characters, as `openssl rand -hex 32` writes them",
         {});
}

class AccessChecker {
 public:
  AccessChecker(const Configuration& configuration, const Place& place, const Secrets* secrets,
                ConfigurationErrors& errors)
      : access_(configuration.access),
        configuration_(configuration),
        place_(place),
        secrets_(secrets),
        errors_(errors) {}

  void check() {
    check_places();
    check_key();
  }

 private:
  void refuse(const std::string& reason, const std::string& suggestion) {
    errors_.push_back(error_at(place_, "access", reason, suggestion));
  }

  // Whoever can change the one must not reach the other by the same way.
  void check_places() {
    const files::path folder = files::absolute(access_.folder).parent_path();
    const files::path anchor = files::absolute(access_.anchor_folder).parent_path();
    if (!lies_within(folder, anchor) && !lies_within(anchor, folder)) return;
    refuse(
        "`anchor` and `folder` lie within each other: an anchor is of use in a second place only",
        "give a folder on another machine or volume");
  }

  void check_key() {
    check_signing_key(access_.key_secret, configuration_, secrets_,
                      [this](const std::string& reason, const std::string& suggestion) {
                        refuse(reason, suggestion);
                      });
  }

  const AccessConfig& access_;
  const Configuration& configuration_;
  const Place& place_;
  const Secrets* secrets_;
  ConfigurationErrors& errors_;
};

}  // namespace

void check_access(const Configuration& configuration, const Place& place, const Secrets* secrets,
                  ConfigurationErrors& errors) {
  if (configuration.access.given) {
    AccessChecker(configuration, place, secrets, errors).check();
  }
}

void check_archive(const Configuration& configuration, const Secrets* secrets,
                   ConfigurationErrors& errors) {
  const ArchiveConfig& archive = configuration.archive;
  if (!archive.given) return;
  const Refuse refuse = [&](const std::string& reason, const std::string& suggestion) {
    errors.push_back(error_at(archive.place, "archive", reason, suggestion));
  };
  if (!configuration.access.given) {
    return refuse("there is no <access>: what is kept and taken out has to be recorded",
                  "add <access>");
  }
  if (archive.key_secret == configuration.access.key_secret) {
    return refuse("`key` signs the access records already",
                  "give it a secret of its own: packages go to others");
  }
  check_signing_key(archive.key_secret, configuration, secrets, refuse);
}

}  // namespace certbridge::host
