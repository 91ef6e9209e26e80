#include "config/document.h"

#include <cerrno>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "config/schema_check.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kLargestFile = 1024UL * 1024;

std::optional<int> take_number(std::string_view& text) {
  int number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || end == text.data() + text.size() || *end != ':') return {};
  text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
  return number;
}

// Whoever may not look into a folder is told so, and not that nothing is there.
Result<void> check_regular(const std::string& path) {
  std::error_code problem;
  const std::filesystem::file_status status = std::filesystem::status(path, problem);
  if (status.type() == std::filesystem::file_type::not_found) {
    return Error::permanent("config.no_file", "the file does not exist");
  }
  if (problem) return Error::permanent("config.no_file", why_unread(problem));
  if (status.type() == std::filesystem::file_type::regular) return {};
  return Error::permanent("config.no_file", "this is a folder or a device and no file");
}

}  // namespace

std::string why_unread(const std::error_code& problem) {
  std::string text = "it cannot be read: " + problem.message();
  if (problem == std::errc::permission_denied) text += "; run this as the user that runs the host";
  return text;
}

Result<std::string> read_file(const std::string& path, std::size_t limit) {
  if (const Result<void> regular = check_regular(path); !regular) return regular.error();
  errno = 0;
  std::ifstream stream(path, std::ios::binary);
  if (!stream) {
    return Error::permanent("config.no_file", why_unread({errno, std::generic_category()}));
  }
  std::string bytes(limit + 1, '\0');
  stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(stream.gcount()));
  if (bytes.size() > limit) {
    return Error::permanent("config.too_large",
                            "the file is larger than " + std::to_string(limit) + " bytes");
  }
  return bytes;
}

ConfigurationError error_from_text(const std::string& file, const std::string& text) {
  if (!text.starts_with(file + ":")) return {file, 0, 0, {}, text, {}};
  std::string_view rest = std::string_view(text).substr(file.size() + 1);
  const auto line = take_number(rest);
  const auto column = line ? take_number(rest) : std::nullopt;
  while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
  return {file, line.value_or(0), column.value_or(0), {}, std::string(rest), {}};
}

std::optional<XmlElement> check_document(std::string_view bytes, const std::string& file,
                                         SchemaName schema, ConfigurationErrors& errors) {
  Result<XmlElement> document = parse_xml(bytes, file, XmlLimits{});
  if (!document) {
    errors.push_back(error_from_text(file, document.error().message));
    return {};
  }
  const std::size_t before = errors.size();
  check_against_schema(bytes, document.value(), file, schema, errors);
  if (errors.size() > before) return {};
  return std::move(document).value();
}

std::optional<XmlElement> read_document(const std::string& path, SchemaName schema,
                                        ConfigurationErrors& errors) {
  const Result<std::string> bytes = read_file(path, kLargestFile);
  if (!bytes) {
    errors.push_back({path, 0, 0, {}, bytes.error().message, {}});
    return {};
  }
  return check_document(bytes.value(), path, schema, errors);
}

std::vector<std::string> names_in(const std::string& text) {
  std::istringstream words(text);
  std::vector<std::string> names;
  for (std::string name; words >> name;) names.push_back(name);
  return names;
}

Place place_of(const std::string& file, const XmlElement& element) {
  return {file, element.line, element.column};
}

}  // namespace certbridge::host
