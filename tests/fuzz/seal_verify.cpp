// The strict verifier (plugins/seal_service) on altered files. An input that begins like a package
// is judged as it is; any other is a list of changes, five bytes each, to the files of a sealed
// package, which would hardly be reached through its checksums. A file that was changed in any way
// is never valid.
#include "verify_file.h"

#include "fuzz.h"
#include "testing/corpus.h"

namespace certbridge::fuzz {
namespace {

using namespace seal_service;
using namespace seal_service::testing;

const Timestamp kNow = std::chrono::sys_days(std::chrono::year(2026) / 11 / 24);

struct Sealing {
  World world = make_world({{"41130000000001", "南阳市自然资源和规划局", "nanyang"}}, kNow).value();
  TrustedSeals seals{read_trust(world.trust_pem, world.revocations_pem).value(),
                     [](std::string_view, int) {}};
  std::string file = seal_sample(sample_document(), sample_stamp(), world.good.front(), kNow, true);
  Package package = open_package(file).value();
};

Sealing& sealing() {
  static Sealing made;
  return made;
}

void change(Package& package, std::string_view edit) {
  const auto number = [&](std::size_t at) { return static_cast<unsigned char>(edit[at]); };
  PackageFile& file = package.files[number(0) % package.files.size()];
  const std::size_t at = (number(1) * 256U + number(2)) % (file.bytes.size() + 1);
  switch (number(3) % 6) {
    case 0:
      file.bytes.insert(at, 1, edit[4]);
      break;
    case 1:
      file.bytes.erase(at, 1U + number(4) % 8);
      break;
    case 2:
      file.bytes.resize(at);
      break;
    case 3:
      package.files.erase(package.files.begin() + (&file - package.files.data()));
      break;
    case 4:
      std::swap(file.bytes, package.files[number(4) % package.files.size()].bytes);
      break;
    default:
      if (at < file.bytes.size()) file.bytes[at] = edit[4];
  }
}

bool same_files(const Package& left, const Package& right) {
  if (left.files.size() != right.files.size()) return false;
  for (const PackageFile& file : left.files) {
    const std::string* found = right.find(file.path);
    if (found == nullptr || *found != file.bytes) return false;
  }
  return true;
}

void check(const Report& report, const Package& package, std::string_view input) {
  require(report.checks.size() == check_names().size(), "every report lists the same checks");
  if (!report.valid()) return require_refusal(*report.failure, input);
  require(same_files(package, sealing().package), "a valid file is the one that was sealed");
}

}  // namespace

std::vector<std::string> samples() {
  return {sealing().file, std::string("\0\0\x10\5x", 5), std::string("\7\1\0\0y\3\0\0\3z", 10)};
}

}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge::fuzz;
  const std::string_view input = text_of(data, size);
  if (input.starts_with("PK")) {
    const auto package = open_package(input);
    check(verify_file(input, sealing().seals, kNow), package ? package.value() : Package{}, input);
    return 0;
  }
  Package package = sealing().package;
  for (std::size_t at = 0; at + 5 <= input.size() && at < 50 && !package.files.empty(); at += 5)
    change(package, input.substr(at, 5));
  check(verify_package(package, sealing().seals, kNow), package, input);
  return 0;
}
