#include "option_reader.h"

namespace certbridge::http {

template <class T, class Into>
void OptionReader::keep(Result<T> read, Into& into) {
  if (read) {
    into = static_cast<Into>(std::move(read).value());
  } else {
    failure_ = read.error();
  }
}

void OptionReader::text(std::string_view name, std::string& into) {
  if (wanted(name)) keep(config_.text(name), into);
}
void OptionReader::number(std::string_view name, std::uint64_t& into) {
  if (wanted(name)) keep(config_.integer(name), into);
}
void OptionReader::duration(std::string_view name, std::chrono::milliseconds& into) {
  if (wanted(name)) keep(config_.duration(name), into);
}
void OptionReader::size(std::string_view name, std::uint64_t& into) {
  if (wanted(name)) keep(config_.size(name), into);
}
void OptionReader::file(std::string_view name, std::string& into) {
  if (wanted(name)) keep(config_.file(name), into);
}
void OptionReader::secret(std::string_view name, std::string& into) {
  if (wanted(name)) keep(config_.secret(name), into);
}

Result<void> OptionReader::result() const {
  if (failure_) return *failure_;
  return {};
}

}  // namespace certbridge::http
