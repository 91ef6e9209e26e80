#include "certbridge/options.h"

#include <filesystem>
#include <fstream>
#include <sstream>

namespace certbridge {
namespace {

Error unreadable(std::string_view name, const std::string& path, const std::string& why) {
  return Error::fault("config.file",
                      "the file of the option " + std::string(name) + ", " + path + ", " + why);
}

}  // namespace

template <class T>
T OptionReader::value_of(std::string_view name, Result<T> (Config::*read)(std::string_view) const) {
  if (failure_ || !config_.has(name)) return {};
  auto value = (config_.*read)(name);
  if (value) return std::move(value).value();
  failure_ = value.error();
  return {};
}

std::string OptionReader::text(std::string_view name) { return value_of(name, &Config::text); }
std::string OptionReader::file(std::string_view name) { return value_of(name, &Config::file); }
std::string OptionReader::secret(std::string_view name) { return value_of(name, &Config::secret); }
std::int64_t OptionReader::integer(std::string_view name) {
  return value_of(name, &Config::integer);
}
std::uint64_t OptionReader::size(std::string_view name) { return value_of(name, &Config::size); }
bool OptionReader::boolean(std::string_view name) { return value_of(name, &Config::boolean); }
std::chrono::milliseconds OptionReader::duration(std::string_view name) {
  return value_of(name, &Config::duration);
}

Result<void> OptionReader::result() const {
  if (failure_) return *failure_;
  return {};
}

Result<OptionFile> read_option_file(const Config& config, std::string_view name,
                                    std::uint64_t most) {
  auto path = config.file(name);
  if (!path) return path.error();
  std::error_code failed;
  const std::uintmax_t size = std::filesystem::file_size(path.value(), failed);
  if (!failed && size > most) {
    return unreadable(name, path.value(), "has more than " + std::to_string(most) + " bytes");
  }
  const std::ifstream in(path.value(), std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (failed || !in) return unreadable(name, path.value(), "cannot be read");
  return OptionFile{std::move(path).value(), text.str()};
}

}  // namespace certbridge
