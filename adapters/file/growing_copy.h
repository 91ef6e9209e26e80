// A copy that grows under a name of its own until it may take the name that it is for.
#pragma once

#include <span>
#include <string>

#include "local_path.h"

namespace certbridge::file {

// One copy grows under a name at a time, whoever makes it; what a stop left there is written over.
class GrowingCopy {
 public:
  // "file.no_folder"; "file.busy" while another one grows under this name.
  static Result<GrowingCopy> begin(const std::string& base, const std::string& path);
  Result<void> add(std::span<const std::byte> bytes);
  // From here on the bytes are durable.
  Result<void> finish();
  // Takes away what there is.
  void give_up();

 private:
  GrowingCopy(Spot spot, Descriptor file, std::string path)
      : spot_(std::move(spot)), file_(std::move(file)), path_(std::move(path)) {}
  Result<void> claim();

  Spot spot_;
  Descriptor file_;
  std::string path_;
};

}  // namespace certbridge::file
