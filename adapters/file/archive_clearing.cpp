#include "archive_clearing.h"

#include <algorithm>
#include <vector>

#include "putting_away.h"

namespace certbridge::file {
namespace {

constexpr std::chrono::hours kBetweenClearings{1};
constexpr std::chrono::hours kMostClockDrift{1};

bool is_day(std::string_view name) {
  constexpr std::string_view kForm = "dddd-dd-dd";
  return std::equal(name.begin(), name.end(), kForm.begin(), kForm.end(), [](char c, char form) {
    return form == 'd' ? c >= '0' && c <= '9' : c == form;
  });
}

}  // namespace

ArchiveClearing::ArchiveClearing(Settings settings, Folder& folder, Context& context)
    : settings_(std::move(settings)),
      folder_(folder),
      context_(context),
      began_(context.clock().now()),
      began_steady_(context.clock().steady()) {}

Result<std::size_t> ArchiveClearing::step(const Call& call) {
  const auto now = context_.clock().steady();
  if (settings_.days == 0 || now < next_ || clock_was_set()) return std::size_t{0};
  next_ = now + kBetweenClearings;
  auto day = oldest_day(call);
  if (!day) return day.error();
  std::size_t gone = 0;
  if (!day.value().empty()) {
    auto cleared = clear(day.value(), call);
    if (!cleared) return cleared.error();
    gone = cleared.value();
    next_ = now;
  }
  told_.clear();
  return gone;
}

void ArchiveClearing::step_aside(const Call& call) {
  auto cleared = step(call);
  if (cleared || cleared.error().code == "file.cancelled") return;
  tell_once({{"code", cleared.error().code}, {"reason", cleared.error().message}});
}

void ArchiveClearing::tell_once(LogFields failure) {
  if (told_ == failure) return;
  told_ = std::move(failure);
  context_.logger().log(LogLevel::kWarning, "file.archive_not_cleared", told_);
}

bool ArchiveClearing::clock_was_set() {
  const auto wall = context_.clock().now() - began_;
  const auto steady = context_.clock().steady() - began_steady_;
  const auto drift = wall > steady ? wall - steady : steady - wall;
  if (drift <= kMostClockDrift) return false;
  tell_once(
      {{"reason", "the clock of this machine was set; the archive is left alone until a restart"}});
  return true;
}

// Empty when none is old enough.
Result<std::string> ArchiveClearing::oldest_day(const Call& call) {
  std::string oldest;
  std::string newest;
  auto listed = folder_.list(
      settings_.archive,
      [&](std::string_view name) {
        if (!is_day(name)) return true;
        if (oldest.empty() || name < oldest) oldest = name;
        if (name > newest) newest = name;
        return true;
      },
      call);
  if (!listed && listed.error().code == "file.no_folder") return oldest;  // nothing came yet
  if (!listed) return listed.error();
  const std::string first_kept = day_of(context_.clock().now() - std::chrono::days(settings_.days));
  return oldest < first_kept && oldest != newest ? oldest : std::string();
}

Result<std::size_t> ArchiveClearing::clear(const std::string& day, const Call& call) {
  const std::string path = joined(settings_.archive, day);
  std::vector<std::string> names;
  auto listed = folder_.list(
      path,
      [&](std::string_view name) {
        names.emplace_back(name);
        return names.size() < settings_.at_once;
      },
      call);
  if (!listed) return listed.error();
  for (const std::string& name : names) {
    if (auto removed = folder_.remove(joined(path, name), call); !removed) return removed.error();
  }
  context_.metrics().count("files_cleared", {}, static_cast<double>(names.size()));
  if (names.size() == settings_.at_once) return names.size();
  if (auto removed = folder_.remove_folder(path, call); !removed) return removed.error();
  context_.logger().log(LogLevel::kInfo, "file.archive_cleared", {{"day", day}});
  return names.size();
}

}  // namespace certbridge::file
