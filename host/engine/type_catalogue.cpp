#include "engine/type_catalogue.h"

#include <algorithm>
#include <filesystem>

#include "catalogue/catalogue_files.h"
#include "config/checks.h"

namespace certbridge::host {
namespace {

// Each file with its time and size, in a fixed order; an unreadable folder looks empty.
std::vector<std::string> look_of(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code problem;
  for (std::filesystem::directory_iterator at(folder, problem), end; !problem && at != end;
       at.increment(problem)) {
    std::error_code ignored;
    const auto written = at->last_write_time(ignored).time_since_epoch().count();
    files.push_back(at->path().string() + "|" + std::to_string(written) + "|" +
                    std::to_string(at->file_size(ignored)));
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

TypeCatalogue::Look TypeCatalogue::look(ConfigurationErrors& errors) {
  const std::string& folder = configuration_.catalogue.types_folder;
  std::vector<std::string> now = look_of(folder);
  if (now == seen_) return Look::kSame;
  seen_ = std::move(now);
  const std::size_t before = errors.size();
  auto read = read_own_types(folder, errors);
  if (read) check_own_types(*read, configuration_, errors);
  if (errors.size() != before) return Look::kRefused;
  auto types = std::make_shared<const OwnTypes>(std::move(*read));
  const std::lock_guard lock(mutex_);
  types_ = std::move(types);
  return Look::kChanged;
}

std::shared_ptr<const OwnTypes> TypeCatalogue::types() const {
  const std::lock_guard lock(mutex_);
  return types_;
}

}  // namespace certbridge::host
