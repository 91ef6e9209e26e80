// Encrypted values and content files of the journal that were changed on the disk: what is read is
// what was written, or an error. The input is a list of changes, four bytes each.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "fuzz.h"
#include "journal/content_file.h"
#include "journal/failure.h"
#include "journal/schema.h"

namespace certbridge::fuzz {
namespace {

using namespace host;

struct Disk {
  Disk() {
    require(mkdtemp(folder) != nullptr, "a temporary folder can be made");
    const std::string path = std::string(folder) + "/";
    Connection connection(path + "journal.sqlite", true);
    configure_connection(connection, true);
    prepare_schema(connection);
    keys->make_missing(connection, Timestamp());
    keys->load(connection);
    ContentFileWriter writer(*keys, path + "content");
    writer.write(plain);
    place = writer.finish();
    writer.move_to(path + "content");
    std::ifstream in(path + "content", std::ios::binary);
    stored.assign(std::istreambuf_iterator<char>(in), {});
    sealed = keys->seal("place", plain.substr(0, 100));
  }
  ~Disk() {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }

  char folder[32] = "/tmp/certbridge-fuzz-XXXXXX";
  std::string plain = std::string(kContentChunk, 'a') + std::string(1000, 'b');
  std::shared_ptr<Keyring> keys =
      std::make_shared<Keyring>(std::string(32, 'k'), "key", Suite::kAes256Gcm);
  ContentPlace place{};
  std::string stored{};
  std::string sealed{};
};

Disk& disk() {
  static Disk made;
  return made;
}

std::string changed(std::string bytes, std::string_view input) {
  for (std::size_t i = 0; i + 4 <= input.size() && i < 40 && !bytes.empty(); i += 4) {
    const auto number = [&](std::size_t at) { return static_cast<unsigned char>(input[i + at]); };
    const std::size_t at = (number(0) * 256U + number(1)) % bytes.size();
    if (number(2) < 200) {
      bytes[at] = static_cast<char>(bytes[at] ^ input[i + 3]);
    } else if (number(2) < 230) {
      bytes.resize(at);
    } else {
      bytes.insert(at, 1, input[i + 3]);
    }
  }
  return bytes;
}

void check_file(std::string_view input) {
  const std::string path = std::string(disk().folder) + "/changed";
  std::ofstream(path, std::ios::binary | std::ios::trunc) << changed(disk().stored, input);
  const FileContent content(disk().keys, path, disk().place);
  const auto read = read_all(content, 1U << 20);
  if (!read) return require_refusal(read.error(), input);
  require(read.value() == disk().plain, "what is read is what was written");
}

void check_value(std::string_view bytes, std::string_view input) {
  try {
    require(disk().keys->open("place", bytes) == disk().plain.substr(0, 100),
            "what is opened is what was sealed");
  } catch (const Failure& failure) {
    require_refusal(failure.error(), input);
  }
}

}  // namespace

std::vector<std::string> samples() {
  return {std::string("\0\0\0\1", 4), std::string("\0\5\xc8\0\1\1\0\1", 8), disk().sealed};
}

}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge::fuzz;
  const std::string_view input = text_of(data, size);
  check_file(input);
  check_value(changed(disk().sealed, input), input);
  check_value(input, input);
  return 0;
}
