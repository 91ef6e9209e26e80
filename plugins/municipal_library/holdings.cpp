#include "holdings.h"

#include <algorithm>

namespace certbridge::municipal_library {
namespace {

Held read_entry(const Texts& entry, const Dialect& dialect) {
  Held held;
  held.found = true;
  held.digest = lower(member(entry, dialect.held.digest));
  held.remote_id = member(entry, dialect.held.remote_id);
  held.word = member(entry, dialect.held.state);
  const auto state = dialect.states.find(held.word);
  held.known = state != dialect.states.end();
  if (held.known) held.state = state->second;
  return held;
}

}  // namespace

std::string member(const Texts& entry, const std::string& name) {
  const auto found = name.empty() ? entry.end() : entry.find(name);
  return found == entry.end() ? std::string() : found->second;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
  return text;
}

Result<Held> ask_holdings(LibraryCaller& caller, const Subject& subject, const Call& context) {
  const Dialect& dialect = caller.dialect();
  auto reply = caller.ask(dialect.query, subject, context);
  if (!reply) return reply.error();
  if (reply.value().meaning == AnswerClass::kNotFound) return Held{};
  const std::vector<Texts> entries = reply.value().answer.list(dialect.held.list);
  for (const Texts& entry : entries) {
    if (member(entry, dialect.held.identifier) == subject.identifier()) {
      return read_entry(entry, dialect);
    }
  }
  if (entries.empty()) return Held{};
  return Error::retryable("municipal.garbled",
                          "the library was asked for one identifier and answered with others");
}

bool same_file(const Held& held, const std::string& file_digest) {
  return held.digest.empty() || held.digest == file_digest;
}

}  // namespace certbridge::municipal_library
