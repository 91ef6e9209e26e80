// The types of certificates that are issued here, as their files say now.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "catalogue/own_types.h"
#include "config/model.h"

namespace certbridge::host {

// Any thread.
class TypeCatalogue {
 public:
  // Knows no type until look() was called. `configuration` outlives it.
  explicit TypeCatalogue(const Configuration& configuration) : configuration_(configuration) {}

  enum class Look : std::uint8_t {
    kSame = 1,
    kChanged = 2,
    kRefused = 3,  // the files are wrong: what they said before stays in force
  };
  // Reads the files when names, times or sizes in their folder have changed since the last look,
  // and checks them as `certbridge check` does; what is wrong is appended to `errors`. One thread.
  Look look(ConfigurationErrors& errors);

  // Never null. What was taken stays as it is.
  std::shared_ptr<const OwnTypes> types() const;

 private:
  const Configuration& configuration_;
  mutable std::mutex mutex_{};
  std::shared_ptr<const OwnTypes> types_ = std::make_shared<const OwnTypes>();  // shared: readers
  std::vector<std::string> seen_{};  // what the folder looked like; of the thread that looks
};

}  // namespace certbridge::host
