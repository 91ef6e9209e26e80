#include "archive_clearing.h"

#include <algorithm>
#include <vector>

#include "putting_away.h"

namespace certbridge::file {
namespace {

constexpr std::size_t kMostAtOnce = 256;
constexpr std::chrono::hours kBetweenClearings{1};
constexpr std::chrono::hours kMostClockDrift{1};

bool is_day(std::string_view name) {
  constexpr std::string_view kForm = "dddd-dd-dd";
  return std::equal(name.begin(), name.end(), kForm.begin(), kForm.end(), [](char c, char form) {
    return form == 'd' ? c >= '0' && c <= '9' : c == form;
  });
}

}  // namespace

ArchiveClearing::ArchiveClearing(std::string archive, int days, Folder& folder, Context& context)
    : archive_(std::move(archive)),
      days_(days),
      folder_(folder),
      context_(context),
      began_(context.clock().now()),
      began_steady_(context.clock().steady()) {}

Result<std::size_t> ArchiveClearing::step(const Call& call) {
  const auto now = context_.clock().steady();
  if (days_ == 0 || now < next_ || clock_was_set()) return std::size_t{0};
  next_ = now + kBetweenClearings;
  auto day = oldest_day(call);
  if (!day) return day.error();
  if (day.value().empty()) return std::size_t{0};
  auto cleared = clear(day.value(), call);
  if (!cleared) return cleared.error();
  next_ = now;
  return cleared;
}

bool ArchiveClearing::clock_was_set() {
  const auto wall = context_.clock().now() - began_;
  const auto steady = context_.clock().steady() - began_steady_;
  const auto drift = wall > steady ? wall - steady : steady - wall;
  if (drift <= kMostClockDrift) return false;
  if (!said_) {
    context_.logger().log(
        LogLevel::kWarning, "file.archive_not_cleared",
        {{"reason",
          "the clock of this machine was set; the archive is left alone until a restart"}});
  }
  said_ = true;
  return true;
}

// Empty when none is old enough.
Result<std::string> ArchiveClearing::oldest_day(const Call& call) {
  std::string oldest;
  std::string newest;
  auto listed = folder_.list(
      archive_,
      [&](std::string_view name) {
        if (!is_day(name)) return true;
        if (oldest.empty() || name < oldest) oldest = name;
        if (name > newest) newest = name;
        return true;
      },
      call);
  if (!listed) return listed.error();
  const std::string first_kept = day_of(context_.clock().now() - std::chrono::days(days_));
  return oldest < first_kept && oldest != newest ? oldest : std::string();
}

Result<std::size_t> ArchiveClearing::clear(const std::string& day, const Call& call) {
  const std::string path = joined(archive_, day);
  std::vector<std::string> names;
  auto listed = folder_.list(
      path,
      [&](std::string_view name) {
        names.emplace_back(name);
        return names.size() < kMostAtOnce;
      },
      call);
  if (!listed) return listed.error();
  for (const std::string& name : names) {
    if (auto removed = folder_.remove(joined(path, name), call); !removed) return removed.error();
  }
  context_.metrics().count("files_cleared", {}, static_cast<double>(names.size()));
  if (names.size() == kMostAtOnce) return names.size();
  if (auto removed = folder_.remove_folder(path, call); !removed) return removed.error();
  context_.logger().log(LogLevel::kInfo, "file.archive_cleared", {{"day", day}});
  return names.size();
}

}  // namespace certbridge::file
