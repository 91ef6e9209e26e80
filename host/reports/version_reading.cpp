#include "reports/version_reading.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <unordered_set>

#include "journal/search_source.h"
#include "observe/clock.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kMessagesAtOnce = 500;
constexpr std::size_t kMostCertificates = 4'000'000;

// The newest version that is approved and in effect; null when there is none.
const TypeVersion* approved_version(const CertificateType& type, Timestamp at) {
  const auto found =
      std::find_if(type.versions.rbegin(), type.versions.rend(), [at](const TypeVersion& version) {
        return version.state == TypeState::kApproved && version.effective <= at;
      });
  return found == type.versions.rend() ? nullptr : &*found;
}

// Those of which a certificate may be out of date: they had a version before the one in force.
std::map<std::string, const TypeVersion*> followed_types(const std::vector<CertificateType>& types,
                                                         Timestamp at) {
  std::map<std::string, const TypeVersion*> followed;
  for (const CertificateType& type : types) {
    const TypeVersion* current = approved_version(type, at);
    if (current == nullptr) continue;
    const bool earlier = std::any_of(
        type.versions.begin(), type.versions.end(), [current](const TypeVersion& version) {
          return version.number < current->number && version.state != TypeState::kDraft;
        });
    if (earlier) followed[type.code] = current;
  }
  return followed;
}

int version_of(const Message& message) {
  const std::string text = header_of(message, "type-version");
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

const OrderKey* certificate_of(const Message& message) {
  for (const OrderKey& key : message.order_keys) {
    if (key.kind == "certificate") return &key;
  }
  return nullptr;
}

class VersionReading {
 public:
  VersionReading(Store& store, std::map<std::string, const TypeVersion*> followed, Timestamp made)
      : store_(store), followed_(std::move(followed)), made_(made) {}

  // Newest first: of a certificate that was issued several times the last one counts.
  Result<void> read() {
    SearchFilter filter;
    filter.until = made_;
    NumberRange range;
    while (!followed_.empty() && !overflowed_) {
      const auto numbers = store_.search_source().numbers(filter, range, kMessagesAtOnce);
      if (!numbers) return numbers.error();
      if (numbers.value().empty()) return {};
      const auto found = store_.search_source().fitting(numbers.value(), filter, kMessagesAtOnce);
      if (!found) return found.error();
      for (const FoundMessage& one : found.value()) {
        if (auto looked = look_at(one.message.message); !looked) return looked;
      }
      range.high = numbers.value().back() - 1;
    }
    return {};
  }

  InspectionSection section() const {
    InspectionSection section{"made-by-earlier-versions",
                              "Valid certificates that were made by an earlier version of their "
                              "type than the one that is in force now; they stay as they are.",
                              0,
                              {"type", "made by version", "in force", "since", "certificates"},
                              {},
                              overflowed_ ? "there were more than are followed" : ""};
    for (const auto& [of, count] : counts_) {
      const TypeVersion& current = *followed_.at(of.first);
      section.found += count;
      section.rows.push_back({of.first, std::to_string(of.second), std::to_string(current.number),
                              to_iso8601(current.effective), count});
    }
    return section;
  }

 private:
  Result<void> look_at(const Message& message) {
    if (message.type != "certificate.issue" || header_of(message, "life-effect") != "issued") {
      return {};
    }
    const std::string code = header_of(message, "type-code");
    const auto type = followed_.find(code);
    const OrderKey* key = certificate_of(message);
    if (type == followed_.end() || key == nullptr || !seen_.insert(key->value).second) return {};
    overflowed_ = seen_.size() >= kMostCertificates;
    const int version = version_of(message);
    if (version == 0 || version >= type->second->number) return {};
    const auto registered = store_.certificate(*key);
    if (!registered) return registered.error();
    if (registered.value() && registered.value()->life.state.base.base == Status::Base::kValid) {
      ++counts_[{code, version}];
    }
    return {};
  }

  Store& store_;
  std::map<std::string, const TypeVersion*> followed_;  // what is in force, by code of the type
  Timestamp made_;
  std::unordered_set<std::string> seen_{};                         // certificates
  std::map<std::pair<std::string, int>, std::uint64_t> counts_{};  // by type and version
  bool overflowed_ = false;
};

}  // namespace

Result<InspectionSection> inspect_versions(Store& store, const std::vector<CertificateType>& types,
                                           Timestamp made) {
  VersionReading reading(store, followed_types(types, made), made);
  if (auto read = reading.read(); !read) return read.error();
  InspectionSection section = reading.section();
  if (types.empty()) section.remark = "no catalogue of types that are issued here was given";
  return section;
}

}  // namespace certbridge::host
