#include "archive/kept_uses.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "archive/kept_file.h"
#include "archive/kept_form.h"
#include "certbridge/text.h"
#include "journal/content_store.h"
#include "journal/failure.h"

namespace certbridge::host {
namespace {

namespace files = std::filesystem;

constexpr std::size_t kNumberDigits = 20, kRandomDigits = 16;
constexpr const char* kPushedName = "pushed";
constexpr std::size_t kMostRemembered = 100'000;  // numbers of cases

Key store_key(const std::string& master_key) {
  Key key{};
  std::copy_n(master_key.begin(), std::min(master_key.size(), key.size()), key.begin());
  return derive_key(Suite::kSm4CtrHmacSm3, key, "certbridge archive keep");
}

// In order of their names they are in order of their records.
std::string file_name(std::uint64_t number) {
  const std::string digits = std::to_string(number);
  return std::string(kNumberDigits - digits.size(), '0') + digits + "-" +
         to_hex_text(random_bytes(8));
}

bool is_kept_name(const std::string& name) {
  return name.size() == kNumberDigits + 1 + kRandomDigits && name[kNumberDigits] == '-';
}

std::uint64_t number_in(const std::string& text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// Up to which record the package was pushed.
std::uint64_t pushed_in(const std::string& folder) {
  std::ifstream file(folder + "/" + kPushedName);
  std::string text;
  std::getline(file, text);
  return number_in(text);
}

std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code problem;
  for (const auto& entry : files::directory_iterator(folder, problem)) {
    const std::string name = entry.path().filename().string();
    if (is_kept_name(name)) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::uint64_t bytes_in(const std::string& folder) {
  std::uint64_t bytes = 0;
  std::error_code problem;
  for (const auto& entry : files::directory_iterator(folder, problem)) {
    const auto size = entry.file_size(problem);
    if (!problem) bytes += size;
  }
  return bytes;
}

void make_folder(const std::string& folder) {
  std::error_code problem;
  if (files::is_directory(folder, problem)) return;
  files::create_directories(folder, problem);
  if (problem) {
    const bool full = problem == std::errc::no_space_on_device;
    throw Failure(Error::retryable(full ? "archive.full" : "archive.failed",
                                   "the archive folder cannot be made: " + problem.message()));
  }
  files::permissions(folder, files::perms::owner_all, problem);
  sync_folder(files::path(folder).parent_path());
}

}  // namespace

KeptUses::KeptUses(KeptUsesSettings settings)
    : settings_(std::move(settings)), key_(store_key(settings_.master_key)) {}

std::string KeptUses::folder_of(const std::string& case_no) const {
  const std::string digest =
      keyed_digest(Suite::kSm4CtrHmacSm3, key_, "certbridge archive case|" + case_no);
  return settings_.folder + "/" + to_hex_text(std::string_view(digest).substr(0, 16));
}

bool KeptUses::has_room(const std::string& folder, const KeptUse& use) const {
  return bytes_in(folder) + kept_bytes(use) <= settings_.largest_case;
}

void KeptUses::write(const std::string& folder, const KeptUse& use) const {
  make_folder(folder);
  const std::string name = file_name(use.place.number);
  KeptFileWriter writer(settings_.suite, kept_file_key(key_, name), folder + "/" + name, name);
  write_kept(use, [&writer](std::string_view bytes) { writer.write(bytes); });
  writer.finish();
}

Result<void> KeptUses::keep(const KeptUse& use) {
  try {
    drop_old_once_a_day();
    const std::string folder = folder_of(use.case_no);
    if (!has_room(folder, use)) {
      return Error::retryable("archive.full",
                              "what was used in this case is as much as is kept of one case: "
                              "<archive largest-case> says how much");
    }
    write(folder, use);
    return join(use.earlier_no, use.case_no);
  } catch (const Failure& failure) {
    return failure.error();
  }
}

Result<KeptUse> KeptUses::read(const std::string& folder, const std::string& name,
                               const std::string& case_no) const {
  const auto file = open_kept_file(key_, folder + "/" + name, name);
  if (!file) return file.error();
  auto use = read_kept(file.value());
  if (use && use.value().case_no != case_no) {
    return Error::fault("archive.damaged", "a kept answer lies with another case");
  }
  return use;
}

bool KeptUses::has(const std::string& case_no, std::uint64_t number) const {
  const auto names = names_in(folder_of(case_no));
  return std::any_of(names.begin(), names.end(), [number](const std::string& name) {
    return number_in(name.substr(0, kNumberDigits)) == number;
  });
}

Result<void> KeptUses::join(const std::string& provisional_no, const std::string& case_no) {
  if (provisional_no.empty() || case_no.empty() || provisional_no == case_no) return {};
  {
    const std::lock_guard lock(mutex_);
    if (joined_.contains({provisional_no, case_no})) return {};
  }
  const auto names = names_in(folder_of(provisional_no));
  if (names.empty()) return {};
  KeptUse use;
  use.case_no = case_no;
  use.joined = provisional_no;
  use.place.number = number_in(names.back().substr(0, kNumberDigits));
  try {
    write(folder_of(case_no), use);
  } catch (const Failure& failure) {
    return failure.error();
  }
  const std::lock_guard lock(mutex_);
  if (joined_.size() >= kMostRemembered) joined_.clear();
  joined_.emplace(provisional_no, case_no);
  return {};
}

Result<void> KeptUses::collect(const std::string& case_no, bool with_joined,
                               std::map<std::uint64_t, KeptUse>& uses) const {
  const std::string folder = folder_of(case_no);
  for (const std::string& name : names_in(folder)) {
    auto use = read(folder, name, case_no);
    if (!use) return use.error();
    const std::string joined = use.value().joined;
    if (joined.empty()) {
      const std::uint64_t number = use.value().place.number;
      uses.emplace(number, std::move(use).value());
    } else if (with_joined) {
      if (auto collected = collect(joined, false, uses); !collected) return collected;
    }
  }
  return {};
}

Result<std::vector<KeptUse>> KeptUses::uses_of(const std::string& case_no) const {
  std::map<std::uint64_t, KeptUse> by_record;
  if (auto collected = collect(case_no, true, by_record); !collected) return collected.error();
  std::vector<KeptUse> uses;
  uses.reserve(by_record.size());
  for (auto& [number, use] : by_record) uses.push_back(std::move(use));
  return uses;
}

std::string KeptUses::case_of(const std::string& folder, const std::string& name) const {
  {
    const std::lock_guard lock(mutex_);
    const auto known = cases_.find(folder);
    if (known != cases_.end()) return known->second;
  }
  const auto file = open_kept_file(key_, folder + "/" + name, name);
  const auto use = file ? read_kept(file.value()) : Result<KeptUse>(file.error());
  if (!use) return {};
  const std::lock_guard lock(mutex_);
  if (cases_.size() >= kMostRemembered) cases_.clear();
  cases_[folder] = use.value().case_no;
  return use.value().case_no;
}

std::vector<KeptCase> KeptUses::unpushed_cases() const {
  std::vector<KeptCase> cases;
  std::error_code problem;
  for (const auto& entry : files::directory_iterator(settings_.folder, problem)) {
    const std::string folder = entry.path().string();
    const auto names = names_in(folder);
    if (names.empty()) continue;
    KeptCase kept{{}, number_in(names.back().substr(0, kNumberDigits)), pushed_in(folder)};
    if (kept.last_record <= kept.pushed) continue;
    kept.case_no = case_of(folder, names.back());
    if (!kept.case_no.empty()) cases.push_back(std::move(kept));
  }
  return cases;
}

Result<void> KeptUses::note_pushed(const KeptCase& kept) const {
  const std::string folder = folder_of(kept.case_no);
  const std::string path = folder + "/" + kPushedName;
  std::ofstream file(path + ".new", std::ios::trunc);
  file << kept.last_record << "\n";
  file.close();
  if (!file || std::rename((path + ".new").c_str(), path.c_str()) != 0) {
    return Error::retryable("archive.failed", "cannot write to the archive folder");
  }
  return {};
}

void KeptUses::drop_old_once_a_day() {
  const auto today = std::chrono::floor<std::chrono::days>(settings_.clock->now());
  {
    const std::lock_guard lock(mutex_);
    if (dropped_ == today) return;
    dropped_ = today;
  }
  drop_old();
}

std::uint64_t KeptUses::drop_old() {
  const auto before = settings_.clock->now() - settings_.keep;
  std::uint64_t dropped = 0;
  std::error_code problem;
  for (const auto& entry : files::directory_iterator(settings_.folder, problem)) {
    // The folder of a case changes with each use of it.
    const auto changed = files::last_write_time(entry.path(), problem);
    if (problem || std::chrono::file_clock::to_sys(changed) >= before) continue;
    if (files::remove_all(entry.path(), problem) > 0) ++dropped;
  }
  return dropped;
}

}  // namespace certbridge::host
