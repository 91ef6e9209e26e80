#include "transport.h"

#include "local_folder.h"
#include "option_reader.h"

namespace certbridge::file {

Result<std::unique_ptr<Folder>> open_folder(const Config& config) {
  OptionReader options(config);
  const std::string folder = options.text("folder");
  if (auto read = options.result(); !read) return read.error();
  return open_local_folder(folder);
}

bool is_remote(const Config&) { return false; }

}  // namespace certbridge::file
