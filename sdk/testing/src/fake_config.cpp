#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>

#include "certbridge/testing/fake_context.h"

namespace certbridge::testing {
namespace {

Error wrong_value(std::string_view name) {
  return Error::fault("config.value", "option \"" + std::string(name) + "\" has a wrong value");
}

// The number in front and the unit behind it: "250ms" is 250 and "ms".
std::optional<std::pair<std::int64_t, std::string>> number_and_unit(const std::string& text) {
  std::int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc()) return std::nullopt;
  return std::pair(number, std::string(read.ptr, text.data() + text.size()));
}

template <class Number>
std::optional<Number> scaled(const std::string& text,
                             const std::map<std::string, std::int64_t>& units) {
  const auto parts = number_and_unit(text);
  if (!parts || parts->first < 0 || !units.contains(parts->second)) return std::nullopt;
  return static_cast<Number>(parts->first * units.at(parts->second));
}

}  // namespace

FakeConfig::FakeConfig(const ManifestKind& kind, std::string folder, Options options)
    : kind_(kind), folder_(std::move(folder)), options_(std::move(options)) {
  for (const auto& [name, value] : options_) {
    if (!kind_.options.contains(name)) {
      ADD_FAILURE() << "the test gives option \"" << name << "\", which plugin.xml lacks";
    }
  }
  for (const auto& [name, option] : kind_.options) {
    if (options_.contains(name)) continue;
    if (option.required)
      ADD_FAILURE() << "the test does not give required option \"" << name << "\"";
    if (option.default_value) options_[name] = *option.default_value;
  }
}

bool FakeConfig::has(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  if (!kind_.options.contains(name)) ADD_FAILURE() << "undeclared option \"" << name << "\"";
  read_.emplace(name);
  return options_.contains(name);
}

Result<std::string> FakeConfig::value_of(std::string_view name,
                                         std::initializer_list<std::string_view> types) const {
  const std::lock_guard lock(mutex_);
  const auto declared = kind_.options.find(name);
  if (declared == kind_.options.end() ||
      std::find(types.begin(), types.end(), declared->second.type) == types.end()) {
    ADD_FAILURE() << "option \"" << name << "\" is not declared with this type";
    return Error::fault("config.undeclared",
                        "option \"" + std::string(name) + "\" is not declared");
  }
  read_.emplace(name);
  const auto given = options_.find(name);
  if (given != options_.end()) return given->second;
  return Error::fault("config.missing", "option \"" + std::string(name) + "\" is not given");
}

Result<std::string> FakeConfig::text(std::string_view name) const {
  return value_of(name, {"text", "url", "enum", "endpoint"});
}

Result<std::int64_t> FakeConfig::integer(std::string_view name) const {
  auto text = value_of(name, {"integer"});
  if (!text) return text.error();
  const auto parts = number_and_unit(text.value());
  if (!parts || !parts->second.empty()) return wrong_value(name);
  return parts->first;
}

Result<bool> FakeConfig::boolean(std::string_view name) const {
  auto text = value_of(name, {"boolean"});
  if (!text) return text.error();
  if (text.value() == "yes" || text.value() == "true") return true;
  if (text.value() == "no" || text.value() == "false") return false;
  return wrong_value(name);
}

Result<std::chrono::milliseconds> FakeConfig::duration(std::string_view name) const {
  auto text = value_of(name, {"duration"});
  if (!text) return text.error();
  const auto value =
      scaled<std::int64_t>(text.value(), {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}});
  if (!value) return wrong_value(name);
  return std::chrono::milliseconds(*value);
}

Result<std::uint64_t> FakeConfig::size(std::string_view name) const {
  auto text = value_of(name, {"size"});
  if (!text) return text.error();
  const auto value = scaled<std::uint64_t>(
      text.value(), {{"", 1}, {"B", 1}, {"kB", 1000}, {"MB", 1'000'000}, {"GB", 1'000'000'000}});
  if (!value) return wrong_value(name);
  return *value;
}

Result<std::string> FakeConfig::file(std::string_view name) const {
  auto text = value_of(name, {"file"});
  if (!text) return text.error();
  constexpr std::string_view kBesideManifest = "plugin:";
  if (!text.value().starts_with(kBesideManifest)) return text;
  return folder_ + text.value().substr(kBesideManifest.size());
}

Result<std::string> FakeConfig::secret(std::string_view name) const {
  auto text = value_of(name, {"secret"});
  if (!text) return text.error();
  constexpr std::string_view kNamed = "secret:";
  if (!text.value().starts_with(kNamed)) return text;
  const std::lock_guard lock(mutex_);
  const auto found = secrets_.find(text.value().substr(kNamed.size()));
  if (found != secrets_.end()) return found->second;
  return Error::fault("config.secret",
                      "option \"" + std::string(name) + "\" names an unknown secret");
}

void FakeConfig::set_secret(const std::string& name, const std::string& value) {
  const std::lock_guard lock(mutex_);
  secrets_[name] = value;
}

std::vector<std::string> FakeConfig::unread() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [name, option] : kind_.options) {
    if (!read_.contains(name)) names.push_back(name);
  }
  return names;
}

}  // namespace certbridge::testing
