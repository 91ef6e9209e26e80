#include "config/secrets.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <optional>

#include "config/document.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kLargestSecretsFile = 256UL * 1024;

class OpenFile {
 public:
  explicit OpenFile(const std::string& path)
      : handle_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  ~OpenFile() {
    if (handle_ >= 0) ::close(handle_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  int handle() const { return handle_; }

 private:
  int handle_;
};

std::string octal(unsigned mode) {
  std::string text = "0000";
  for (std::size_t i = 4; i-- > 1; mode >>= 3) text[i] = static_cast<char>('0' + (mode & 7));
  return text;
}

std::optional<std::string> refuse_status(const struct stat& status, const std::string& path) {
  if (!S_ISREG(status.st_mode)) return "it is not a regular file";
  if (status.st_uid != ::geteuid() && status.st_uid != 0) {
    return "it belongs to another user; run: chown " + std::to_string(::geteuid()) + " " + path;
  }
  const unsigned mode = status.st_mode & 07777;
  if ((mode & 077) != 0) {
    return "others may read or write it (mode " + octal(mode) + "); run: chmod 600 " + path;
  }
  if (static_cast<std::size_t>(status.st_size) > kLargestSecretsFile)
    return "it is larger than 256 kB";
  return {};
}

Result<std::string> read_open(int handle) {
  std::string bytes(kLargestSecretsFile + 1, '\0');
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    const ssize_t got = ::read(handle, bytes.data() + filled, bytes.size() - filled);
    if (got < 0) return Error::permanent("secret.file", "it cannot be read");
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  bytes.resize(filled);
  return bytes;
}

// Of an error in this file only the position is told: its words may quote what the file holds.
std::string position_of(const ConfigurationErrors& errors) {
  const ConfigurationError& first = errors.front();
  if (first.line == 0) return "it is not a file of secrets (urn:certbridge:secrets:1)";
  return "line " + std::to_string(first.line) + ", column " + std::to_string(first.column) +
         " does not fit config/schema/secrets.xsd";
}

}  // namespace

std::string secret_variable(std::string_view name) {
  std::string variable = "CERTBRIDGE_SECRET_";
  for (const char c : name) {
    const bool lower = c >= 'a' && c <= 'z';
    variable += c == '-' ? '_' : lower ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return variable;
}

Result<std::string> Secrets::value(std::string_view name) const {
  if (const char* given = std::getenv(secret_variable(name).c_str())) {
    if (*given != '\0') return std::string(given);
    return Error::permanent(
        "secret.empty", secret_variable(name) + " is set but empty; give it a value, or unset it");
  }
  const auto found = values_.find(name);
  if (found != values_.end()) return found->second;
  return Error::permanent("secret.unknown", "the secret `" + std::string(name) +
                                                "` is neither in the file of secrets nor in " +
                                                secret_variable(name));
}

std::vector<std::string> Secrets::names() const {
  std::vector<std::string> names;
  for (const auto& [name, value] : values_) names.push_back(name);
  return names;
}

Result<Secrets> open_secrets(const std::string& path) {
  if (path.empty()) return Secrets{};
  const auto refuse = [&](const std::string& why) {
    return Error::permanent("secret.file", "the file of secrets " + path + " is refused: " + why);
  };
  const OpenFile file(path);
  struct stat status {};
  if (file.handle() < 0 || ::fstat(file.handle(), &status) != 0)
    return refuse(why_unread({errno, std::generic_category()}));
  if (const auto why = refuse_status(status, path)) return refuse(*why);
  const Result<std::string> bytes = read_open(file.handle());
  if (!bytes) return refuse(bytes.error().message);
  ConfigurationErrors errors;
  const auto root = check_document(bytes.value(), path, SchemaName::kSecrets, errors);
  if (!root) return refuse(position_of(errors));
  std::map<std::string, std::string, std::less<>> values;
  for (const XmlElement* secret : root->children_named("secret")) {
    const std::string name = secret->attribute_or_empty("name");
    if (!values.emplace(name, secret->attribute_or_empty("value")).second) {
      return refuse("the secret `" + name + "` stands in it twice");
    }
  }
  return Secrets(std::move(values));
}

}  // namespace certbridge::host
