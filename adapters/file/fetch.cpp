#include "fetch.h"

#include "file_name.h"
#include "putting_away.h"

namespace certbridge::file {
namespace {

constexpr std::size_t kTidyAfter = 10'000;  // questions
constexpr std::size_t kClearedAtOnce = 16;  // files; somebody waits for the answer meanwhile

}  // namespace

Fetch::Fetch(FetchSettings settings, Folder& folder, Context& context)
    : settings_(std::move(settings)),
      folder_(folder),
      context_(context),
      quiet_(settings_.quiet),
      clearing_({settings_.archive, settings_.archive_days, kClearedAtOnce}, folder, context) {}

void Fetch::stop() { folder_.close(); }

// A name that nobody uses: whether it is there does not matter, whether one may look does.
Result<void> Fetch::check(const Call& call) {
  auto state = folder_.state("certbridge-check", call);
  if (!state) return state.error();
  return {};
}

Message Fetch::answer_of(const std::string& path, const char* state) const {
  Message answer;
  answer.type = "file.answer";
  answer.created = context_.clock().now();
  answer.headers["file-name"] = path;
  answer.headers["file-state"] = state;
  return answer;
}

Result<Message> Fetch::answer(const Message& question, const Call& call) {
  auto answered = answer_question(question, call);
  if (answered) clear_archive(call);
  return answered;
}

// There is no thread of its own for it: questions come as long as anything does.
void Fetch::clear_archive(const Call& call) {
  const std::unique_lock alone(clearing_mutex_, std::try_to_lock);
  if (alone) clearing_.step_aside(call);
}

Result<Message> Fetch::answer_question(const Message& question, const Call& call) {
  const auto name = question.headers.find("file-name");
  if (name == question.headers.end())
    return Error::permanent("file.request", "the question does not name its file-name");
  if (auto checked = check_path(name->second); !checked) return checked.error();
  if (name->second.ends_with(settings_.part_suffix))
    return Error::permanent("file.name", "a file name that ends in " + settings_.part_suffix +
                                             " is one of a half file");
  if (question.type == "file.fetch") return fetch(name->second, call);
  if (question.type == "file.archive") return archive(name->second, call);
  return Error::permanent("file.request", "the question is neither file.fetch nor file.archive");
}

Result<Message> Fetch::fetch(const std::string& path, const Call& call) {
  auto state = folder_.state(path, call);
  if (!state) return state.error();
  if (!state.value() || !state.value()->regular) {
    auto part = folder_.state(path + settings_.part_suffix, call);
    if (!part) return part.error();
    return answer_of(path, part.value() ? "half-written" : "absent");
  }
  if (settings_.unchanged) {
    auto still = lies_still(path, *state.value());
    if (!still) return still.error();
    if (!still.value()) return answer_of(path, "half-written");
  }
  auto read = read_taken(folder_, settings_.taken, path.substr(path.rfind('/') + 1), path, {},
                         context_, call);
  if (!read && read.error().code == "file.absent") return answer_of(path, "absent");
  if (!read) return read.error();
  if (!read.value() || (read.value()->body != nullptr && read.value()->body->size() == 0))
    return answer_of(path, "half-written");
  const auto refused = read.value()->headers.find("intake-error-code");
  if (refused != read.value()->headers.end())
    return Error::permanent(refused->second, read.value()->headers.at("intake-error"));
  Message answer = answer_of(path, "present");
  answer.headers["file-modified"] = std::to_string(state.value()->modified);
  answer.media_type = read.value()->media_type;
  answer.body = read.value()->body;
  for (const char* header : {"charset", "byte-order-mark"}) {
    const auto found = read.value()->headers.find(header);
    if (found != read.value()->headers.end()) answer.headers.insert(*found);
  }
  return answer;
}

Result<bool> Fetch::lies_still(const std::string& path, const FileState& state) {
  const std::lock_guard lock(mutex_);
  if (++asked_ > kTidyAfter) {
    quiet_.forget_others();
    asked_ = 0;
  }
  return quiet_.lies_still(path, state, context_.clock().steady());
}

// Moved by its exact name; asked again, it is absent.
Result<Message> Fetch::archive(const std::string& path, const Call& call) {
  if (settings_.archive.empty())
    return Error::permanent("file.request",
                            "files are not archived here: the option archive is not given");
  if (auto made = folder_.make(settings_.archive, call); !made) return made.error();
  const Shelf today{settings_.archive, day_of(context_.clock().now())};
  auto moved = put_away(folder_, path, today, path.substr(path.rfind('/') + 1), call);
  if (!moved) return moved.error();
  return answer_of(path, moved.value() ? "archived" : "absent");
}

}  // namespace certbridge::file
