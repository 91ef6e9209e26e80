#include "config/option_value.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <limits>
#include <regex>

namespace certbridge::host {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};

// A whole number followed by one of the units, or nothing.
template <std::size_t N>
std::optional<std::uint64_t> with_unit(std::string_view text, const std::array<Unit, N>& units,
                                       std::uint64_t most) {
  std::uint64_t number = 0;
  const char* last = text.data() + text.size();
  const auto [end, problem] = std::from_chars(text.data(), last, number);
  if (problem != std::errc() || end == text.data()) return {};
  const std::string_view name(end, static_cast<std::size_t>(last - end));
  for (const Unit& unit : units) {
    if (unit.name == name && number <= most / unit.factor) return number * unit.factor;
  }
  return {};
}

Error expected(std::string_view value, const std::string& what) {
  return Error::permanent("config.option", "`" + std::string(value) + "` is not " + what);
}

Result<std::string> normal_integer(const OptionManifest& option, std::string_view value) {
  const auto number = parse_integer(value);
  if (!number) return expected(value, "a whole number");
  if (option.min && *number < *option.min) {
    return Error::permanent("config.option", "`" + std::string(value) + "` is below the limit of " +
                                                 std::to_string(*option.min));
  }
  if (option.max && *number > *option.max) {
    return Error::permanent("config.option", "`" + std::string(value) + "` is above the limit of " +
                                                 std::to_string(*option.max));
  }
  return std::to_string(*number);
}

// Matching takes stack by the character: what is longer is left to the plugin.
Result<std::string> normal_text(const OptionManifest& option, std::string_view value) {
  constexpr std::size_t kLongest = 2048;
  if (option.pattern.empty() || value.size() > kLongest) return std::string(value);
  try {
    const std::regex form(option.pattern);
    if (std::regex_match(value.begin(), value.end(), form)) return std::string(value);
  } catch (const std::regex_error&) {
    return Error::permanent("config.option", "the manifest's pattern is no expression");
  }
  return Error::permanent(
      "config.option",
      "`" + std::string(value) + "` has not the form that it needs; it is: " + option.meaning);
}

Result<std::string> normal_boolean(std::string_view value) {
  if (value == "yes" || value == "true") return std::string("true");
  if (value == "no" || value == "false") return std::string("false");
  return expected(value, "`yes` or `no`");
}

Result<std::string> normal_url(std::string_view value) {
  const auto colon = value.find("://");
  const auto is_scheme = [](char c) { return c >= 'a' && c <= 'z'; };
  if (colon == std::string_view::npos || colon == 0 || colon + 3 == value.size() ||
      !std::all_of(value.begin(), value.begin() + static_cast<std::ptrdiff_t>(colon), is_scheme) ||
      value.find_first_of(" \t\r\n<>\"") != std::string_view::npos) {
    return expected(value, "an address as `https://library.example/api`");
  }
  const std::string_view authority =
      value.substr(colon + 3, value.find('/', colon + 3) - (colon + 3));
  if (authority.find('@') != std::string_view::npos) {
    return Error::permanent("config.option",
                            "the address holds a user name or password; name a secret instead");
  }
  return std::string(value);
}

Result<std::string> normal_enum(const OptionManifest& option, std::string_view value) {
  if (std::find(option.values.begin(), option.values.end(), value) != option.values.end()) {
    return std::string(value);
  }
  Error error = expected(value, "one of " + listed(option.values));
  const std::string near = did_you_mean(value, option.values);
  if (!near.empty()) error.message += "; " + near;
  return error;
}

Result<std::string> normal_file(std::string_view value, const OptionFolders& folders) {
  constexpr std::string_view kInPlugin = "plugin:";
  std::filesystem::path path;
  if (value.starts_with(kInPlugin)) {
    const std::string name(value.substr(kInPlugin.size()));
    if (name.empty() || name.front() == '.' || name.find('/') != std::string::npos) {
      return expected(value, "the name of a file in the plugin's folder");
    }
    path = std::filesystem::path(folders.plugin) / name;
  } else {
    path = std::filesystem::path(folders.configuration) / std::string(value);
  }
  std::error_code problem;
  if (value.empty() || !std::filesystem::exists(path, problem) || problem) {
    return Error::permanent("config.option", "the file `" + std::string(value) +
                                                 "` does not exist (looked for as " +
                                                 path.lexically_normal().string() + ")");
  }
  return std::filesystem::weakly_canonical(path).string();
}

// The value is not shown: somebody may have written the secret itself.
Result<std::string> normal_secret(std::string_view value) {
  constexpr std::string_view kPrefix = "secret:";
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  const std::string_view name = value.starts_with(kPrefix) ? value.substr(kPrefix.size()) : "";
  if (name.empty() || name.size() > 64 || !std::all_of(name.begin(), name.end(), allowed)) {
    return Error::permanent("config.option",
                            "the value must name a secret, as `secret:municipal-appkey`");
  }
  return std::string(name);
}

}  // namespace

std::optional<std::int64_t> parse_duration_ms(std::string_view text) {
  constexpr std::array<Unit, 4> kUnits{{{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}}};
  constexpr std::uint64_t kTenYears = 10ULL * 366 * 24 * 3'600'000;
  const auto found = with_unit(text, kUnits, kTenYears);
  if (!found) return {};
  return static_cast<std::int64_t>(*found);
}

std::optional<std::uint64_t> parse_size_bytes(std::string_view text) {
  constexpr std::array<Unit, 5> kUnits{
      {{"", 1}, {"B", 1}, {"kB", 1000}, {"MB", 1'000'000}, {"GB", 1'000'000'000}}};
  return with_unit(text, kUnits, std::numeric_limits<std::int64_t>::max());
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  std::int64_t number = 0;
  const char* last = text.data() + text.size();
  const auto [end, problem] = std::from_chars(text.data(), last, number);
  if (problem != std::errc() || end != last) return {};
  return number;
}

Result<std::string> normalise_option(const OptionManifest& option, std::string_view value,
                                     const OptionFolders& folders) {
  switch (option.type) {
    case OptionType::kText:
      return normal_text(option, value);
    case OptionType::kEndpoint:
      return std::string(value);
    case OptionType::kInteger:
      return normal_integer(option, value);
    case OptionType::kBoolean:
      return normal_boolean(value);
    case OptionType::kUrl:
      return normal_url(value);
    case OptionType::kEnum:
      return normal_enum(option, value);
    case OptionType::kFile:
      return normal_file(value, folders);
    case OptionType::kSecret:
      return normal_secret(value);
    case OptionType::kDuration: {
      const auto found = parse_duration_ms(value);
      if (!found) return expected(value, "a time, as `250ms`, `10s`, `5m` or `2h`");
      return std::to_string(*found);
    }
    case OptionType::kSize: {
      const auto found = parse_size_bytes(value);
      if (!found) return expected(value, "a size, as `512`, `16kB` or `4MB`");
      return std::to_string(*found);
    }
  }
  return expected(value, "of a known type");
}

}  // namespace certbridge::host
