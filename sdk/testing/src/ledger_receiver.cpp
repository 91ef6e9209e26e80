#include "certbridge/testing/ledger_receiver.h"

#include <fstream>
#include <functional>

namespace certbridge::testing {
namespace {

struct Line {
  std::string key{};
  std::size_t content = 0;
};

std::vector<Line> lines_of(const std::string& path) {
  std::ifstream file(path);
  std::vector<Line> lines;
  Line line;
  while (file >> line.content && file.get() == ' ' && std::getline(file, line.key))
    lines.push_back(line);
  return lines;
}

}  // namespace

std::vector<Acceptance> LedgerReceiver::accept(std::vector<Message> messages) {
  std::vector<Acceptance> answers;
  for (const Message& message : messages) {
    Acceptance answer;
    const std::string body =
        message.body == nullptr ? "" : read_all(*message.body, 1 << 20).value();
    const std::size_t content = std::hash<std::string>{}(body);
    answer.verdict = busy_ > 0 ? Acceptance::Verdict::kBusy : Acceptance::Verdict::kAccepted;
    answer.retry_after = std::chrono::seconds(5);
    for (const Line& line : lines_of(path_)) {
      if (line.key != message.source_key) continue;
      answer.verdict =
          line.content == content ? Acceptance::Verdict::kSame : Acceptance::Verdict::kConflict;
    }
    if (answer.verdict == Acceptance::Verdict::kAccepted) {
      std::ofstream(path_, std::ios::app) << content << " " << message.source_key << std::endl;
    }
    if (busy_ > 0) --busy_;
    answers.push_back(answer);
  }
  return answers;
}

std::vector<std::string> LedgerReceiver::taken() const {
  std::vector<std::string> keys;
  for (const Line& line : lines_of(path_)) keys.push_back(line.key);
  return keys;
}

}  // namespace certbridge::testing
