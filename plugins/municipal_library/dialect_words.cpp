// The elements <word> and <state> of a dialect file: how it says what a certificate is.
#include "dialect_reader.h"

namespace certbridge::municipal_library {
namespace {

const Words<Holding> kHoldings{{"present", Holding::kPresent},
                               {"absent", Holding::kAbsent},
                               {"in-progress", Holding::kInProgress},
                               {"cannot-tell", Holding::kCannotTell}};
// status_word() of certbridge/life.h, without "issued": nothing is told of what is not collected.
const std::set<std::string, std::less<>> kStatusWords{"valid",   "suspended", "mortgaged",
                                                      "expired", "lost",      "cancelled",
                                                      "revoked", "abolished", "voided"};

}  // namespace

void read_word(DialectReader& reader, const XmlElement& element, Dialect& into) {
  StatusWord word;
  word.to = element.attribute_or_empty("to");
  word.reason = element.attribute_or_empty("reason");
  const bool unsent = element.attribute_or_empty("unsent") == "yes";
  if (unsent == !word.to.empty()) {
    reader.fail(element, "it needs either to or unsent=\"yes\"");
  }
  const std::string from = reader.needed(element, "from");
  if (!kStatusWords.contains(from)) reader.fail(element, "\"" + from + "\" is not a status");
  reader.once(element, into.words, from, std::move(word));
}

void check_words(DialectReader& reader, const XmlElement& at, const Dialect& dialect) {
  for (const std::string& word : kStatusWords) {
    if (!dialect.words.contains(word)) reader.fail(at, "no word for \"" + word + "\"");
  }
}

void read_state(DialectReader& reader, const XmlElement& element, Dialect& into) {
  const auto is = [&](const char* name) { return element.attribute_or_empty(name) == "yes"; };
  reader.once(element, into.states, reader.needed(element, "value"),
              HeldState{reader.word(element, "issue", kHoldings), is("ended"), is("replaced")});
}

}  // namespace certbridge::municipal_library
