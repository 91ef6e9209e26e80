#include "folder.h"

namespace certbridge::file {

Folder::~Folder() = default;

Result<void> Folder::move(const std::string& from, const std::string& to, const std::string&,
                          const Call& call) {
  return rename(from, to, call);
}

Result<void> still_wanted(const Call& call) {
  if (call.stop.stop_requested())
    return Error::retryable("file.cancelled", "the host stopped the call");
  if (std::chrono::steady_clock::now() > call.deadline)
    return Error::retryable("file.timeout", "the time of the call is over");
  return {};
}

std::string joined(const std::string& folder, std::string_view name) {
  if (folder.empty()) return std::string(name);
  if (folder.back() == '/') return folder + std::string(name);
  return folder + "/" + std::string(name);
}

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return {};
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace certbridge::file
