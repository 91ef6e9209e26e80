#include "disk_folder.h"

#include <fstream>
#include <sstream>

namespace certbridge::provincial_platform::testing {
namespace {

constexpr std::uint64_t kMost = 1UL << 24U;

}  // namespace

std::filesystem::path DiskFolder::path_of(const Message& message) const {
  return folder_ / message.headers.at("file-name");
}

Result<Receipt> DiskFolder::send(const Message& message, const Call&) {
  const std::filesystem::path path = path_of(message);
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path.string() + ".tmp", std::ios::binary) << read_all(*message.body, kMost).value();
  std::filesystem::rename(path.string() + ".tmp", path);
  return Receipt{Receipt::State::kSettled, path.filename(), {}, {}, {}};
}

Result<Confirmation> DiskFolder::confirm(const Message& message, const Call&) {
  Confirmation answer;  // the platform takes files away: nothing there tells nothing
  if (std::filesystem::exists(path_of(message))) answer.state = Confirmation::State::kPresent;
  return answer;
}

Result<Message> DiskFolder::answer(const Message& question, const Call&) {
  Message answer;
  answer.type = "file.answer";
  const std::ifstream in(path_of(question), std::ios::binary);
  answer.headers["file-state"] = in ? "present" : "absent";
  if (!in) return answer;
  std::ostringstream text;
  text << in.rdbuf();
  answer.body = content_of(text.str());
  return answer;
}

}  // namespace certbridge::provincial_platform::testing
