#include "option_reader.h"

namespace certbridge::file {

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
std::int64_t OptionReader::number(std::string_view name) {
  return value_of(name, &Config::integer);
}
std::uint64_t OptionReader::size(std::string_view name) { return value_of(name, &Config::size); }
bool OptionReader::yes(std::string_view name) { return value_of(name, &Config::boolean); }
std::chrono::milliseconds OptionReader::duration(std::string_view name) {
  return value_of(name, &Config::duration);
}

Result<void> OptionReader::result() const {
  if (failure_) return *failure_;
  return {};
}

}  // namespace certbridge::file
