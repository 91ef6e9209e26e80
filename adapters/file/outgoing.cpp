#include "outgoing.h"

#include "comparison.h"
#include "file_name.h"

namespace certbridge::file {
namespace {

using Held = Comparison::Held;

// Under the name of a part lies what is written: it would be taken for one, and written over.
Result<std::string> target_of(const Message& message, const std::string& part_suffix) {
  const auto name = message.headers.find("file-name");
  if (name == message.headers.end())
    return Error::permanent("file.request", "the message does not say its file-name");
  if (message.body == nullptr) return Error::permanent("file.request", "the message has no body");
  if (auto checked = check_path(name->second); !checked) return checked.error();
  if (name->second.ends_with(part_suffix))
    return Error::permanent("file.name",
                            "a file name that ends in " + part_suffix + " is one of a half file");
  return name->second;
}

Error other_content(const std::string& path) {
  return Error::permanent(
      "file.different", "another content lies under the name " + path + "; it is not overwritten");
}

// Makes a name one caller's for as long as it lives.
class NameHold {
 public:
  NameHold(std::mutex& mutex, std::set<std::string, std::less<>>& names, std::string name)
      : mutex_(mutex), names_(names), name_(std::move(name)) {
    const std::lock_guard lock(mutex_);
    held_ = names_.insert(name_).second;
  }
  NameHold(const NameHold&) = delete;
  NameHold& operator=(const NameHold&) = delete;
  ~NameHold() {
    const std::lock_guard lock(mutex_);
    if (held_) names_.erase(name_);
  }
  bool held() const { return held_; }

 private:
  std::mutex& mutex_;
  std::set<std::string, std::less<>>& names_;
  std::string name_;
  bool held_ = false;
};

}  // namespace

Outgoing::Outgoing(OutgoingSettings settings, Folder& folder, const Clock& clock, Observer observer)
    : settings_(std::move(settings)),
      folder_(folder),
      clock_(clock),
      observer_(std::move(observer)) {}

void Outgoing::stop() { folder_.close(); }

Result<void> Outgoing::check(const Call& call) {
  return folder_.list(
      "", [](std::string_view) { return false; }, call);
}

// Also of a file that was found: whoever renamed it may have died before its name was durable.
Result<Receipt> Outgoing::settled(const std::string& path, const Call& call) {
  if (auto synced = folder_.sync(folder_of(path), call); !synced) return synced.error();
  Receipt receipt;
  receipt.remote_id = path;
  receipt.when = clock_.now();
  return receipt;
}

void Outgoing::reached(const char* step) const {
  if (observer_) observer_(step);
}

Result<Receipt> Outgoing::send(const Message& message, const Call& call) {
  auto path = target_of(message, settings_.part_suffix);
  if (!path) return path.error();
  const NameHold hold(mutex_, under_way_, path.value());
  if (!hold.held())
    return Error::retryable("file.busy", "a file " + path.value() + " is being written");
  auto compared = compare(folder_, path.value(), *message.body, call);
  if (!compared) return compared.error();
  reached("compared");
  if (compared.value().held == Held::kSame) return settled(path.value(), call);
  if (compared.value().held == Held::kOther) return other_content(path.value());
  return put(path.value(), *message.body, call);
}

Result<Receipt> Outgoing::put(const std::string& path, const Content& content, const Call& call) {
  const std::string part = path + settings_.part_suffix;
  if (auto written = folder_.write(part, content, call); !written) {
    // Room that a half file takes is not left taken; what cannot be removed is written over later.
    if (written.error().code == "file.disk_full") static_cast<void>(folder_.remove(part, call));
    return written.error();
  }
  reached("written");
  auto renamed = folder_.rename(part, path, call);
  if (!renamed && renamed.error().code == "file.exists")
    return after_lost_race(path, content, call);
  if (!renamed) return renamed.error();
  reached("renamed");
  auto receipt = settled(path, call);
  reached("synced");
  return receipt;
}

// Somebody else put a file there between our look and our rename.
Result<Receipt> Outgoing::after_lost_race(const std::string& path, const Content& content,
                                          const Call& call) {
  if (auto removed = folder_.remove(path + settings_.part_suffix, call); !removed)
    return removed.error();
  auto compared = compare(folder_, path, content, call);
  if (!compared) return compared.error();
  if (compared.value().held == Held::kSame) return settled(path, call);
  if (compared.value().held == Held::kOther) return other_content(path);
  return Error::retryable("file.busy", "the file " + path + " came and went while it was written");
}

Result<Confirmation> Outgoing::confirm(const Message& message, const Call& call) {
  auto path = target_of(message, settings_.part_suffix);
  if (!path) return path.error();
  Confirmation answer;
  std::vector<std::string> places{path.value()};
  if (!settings_.taken_folder.empty())
    places.push_back(
        joined(settings_.taken_folder, path.value().substr(path.value().rfind('/') + 1)));
  for (const std::string& place : places) {
    auto compared = compare(folder_, place, *message.body, call);
    if (!compared) return compared.error();
    if (compared.value().held == Held::kNothing) continue;
    answer.state = Confirmation::State::kDifferent;
    answer.held = compared.value().digest;
    if (compared.value().held == Held::kOther) return answer;
    auto receipt = settled(place, call);
    if (!receipt) return receipt.error();
    receipt.value().remote_id = path.value();
    answer.state = Confirmation::State::kPresent;
    answer.receipt = std::move(receipt).value();
    return answer;
  }
  answer.state =
      settings_.taken_away ? Confirmation::State::kCannotTell : Confirmation::State::kAbsent;
  return answer;
}

}  // namespace certbridge::file
