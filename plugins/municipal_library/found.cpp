#include "found.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <set>

#include "books.h"
#include "certbridge/text.h"

namespace certbridge::municipal_library {
namespace {

constexpr std::size_t kLongestText = 4096;  // of a FindAnswer, in bytes
constexpr std::size_t kLongestName = 256;
constexpr std::size_t kMostHolders = 1000;

Error too_many(const std::string& what) {
  return Error::permanent("municipal.too_much", "the library found more than " + what +
                                                    "; narrow the question by certificate type");
}

// Without what XML cannot carry.
std::string cleaned(std::string text) {
  if (check_text(text)) return text;
  auto decoded = decode_utf8(text);
  if (!decoded) return {};
  for (char32_t& c : *decoded) {
    const bool control = (c < U' ' && c != U'\t' && c != U'\n' && c != U'\r') ||
                         (c >= U'\x7f' && c < U'\xa0') || c == U'\xfffe' || c == U'\xffff';
    if (control) c = U' ';
  }
  return encode_utf8(*decoded);
}

std::vector<std::string> split(const std::string& text, const std::string& separator) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  while (begin <= text.size() && !text.empty()) {
    const auto end = std::min(text.find(separator, begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + separator.size();
  }
  return parts;
}

// GB/T 36903's code of a holder type for the library's own word, which stays when it is unknown.
std::string our_type(const std::string& word, const Dialect& dialect) {
  for (const auto& [ours, told] : dialect.holder_types) {
    if (told.code == word && ours != "*") return ours;
  }
  return word;
}

// Reads one entry; each member that the dialect names is taken once.
class EntryReader {
 public:
  EntryReader(const Dialect& dialect, Members members)
      : dialect_(dialect), rule_(dialect.ask.found), members_(std::move(members)) {}

  Result<FoundCertificate> read() {
    FoundCertificate it;
    it.identifier = take(rule_.identifier);
    it.number = take(rule_.number);
    it.type_code = take(rule_.type_code);
    it.type_name = take(rule_.type_name);
    it.version = take(rule_.version);
    it.issuer_code = take(rule_.issuer_code);
    it.issuer_name = take(rule_.issuer_name);
    it.file = take(rule_.file);
    it.issued_on = take_day(rule_.issued_on);
    it.effective_from = take_day(rule_.effective_from);
    it.expires_on = take_day(rule_.expires_on);
    it.said = take(rule_.state);
    it.status = status_of(dialect_, it.said, take(rule_.replaced) == "1");
    it.holders = take_holders();
    if (it.identifier.empty() && it.number.empty()) return garbled("no identifier and no number");
    if (!readable_) return garbled("a member that is longer than it can be");
    return with_fields(std::move(it));
  }

 private:
  static Error garbled(const std::string& why) {
    return Error::retryable("municipal.garbled", "the library found a certificate with " + why +
                                                     "; ask the library what it answers");
  }

  std::string take(const std::string& name) {
    if (name.empty()) return {};
    const auto found = std::find_if(members_.begin(), members_.end(),
                                    [&](const Member& member) { return member.name == name; });
    if (found == members_.end()) return {};
    std::string value = cleaned(std::move(found->value));
    members_.erase(found);
    readable_ = readable_ && value.size() <= kLongestText;
    return value;
  }
  // What is no date stays a field.
  std::string take_day(const std::string& name) {
    for (const Member& member : members_) {
      if (name.empty() || member.name != name) continue;
      const bool open = !rule_.open_end.empty() && member.value == rule_.open_end;
      std::string day = open ? std::string() : day_of(member.value);
      if (open || !day.empty()) take(name);
      return day;
    }
    return {};
  }
  std::string peek(const std::string& name) const {
    const auto found = std::find_if(members_.begin(), members_.end(),
                                    [&](const Member& member) { return member.name == name; });
    return found == members_.end() ? std::string() : found->value;
  }
  // Names that are not as many as the codes would be given to the wrong ones: one holder's may hold
  // the separator, several holders' stay a field.
  std::vector<std::string> take_names(std::size_t codes) {
    auto names = split(peek(rule_.holder_name), dialect_.separator);
    if (codes > 1 && names.size() != codes) return {};
    const std::string whole = take(rule_.holder_name);
    if (codes == 1 && names.size() > 1) names = {whole};
    for (std::string& name : names) name = cleaned(std::move(name));
    return names;
  }
  std::vector<QueriedHolder> take_holders() {
    const auto codes = split(take(rule_.holder_code), dialect_.separator);
    const auto types = split(take(rule_.holder_type), dialect_.separator);
    const auto names = take_names(codes.size());
    const auto at = [](const std::vector<std::string>& texts, std::size_t i) {
      return i < texts.size() ? texts[i] : std::string();
    };
    std::vector<QueriedHolder> holders;
    const std::size_t count = std::max(names.size(), codes.size());
    for (std::size_t i = 0; i < std::min(count, kMostHolders); ++i)
      holders.push_back({at(names, i), our_type(at(types, i), dialect_), at(codes, i)});
    return holders;
  }
  Result<FoundCertificate> with_fields(FoundCertificate it) {
    for (Member& member : members_) {
      if (member.value.size() > kLongestText || member.name.size() > kLongestName) continue;
      if (it.fields.size() == kMostFoundFields) {
        return too_many(std::to_string(kMostFoundFields) + " fields of a certificate");
      }
      it.fields.push_back({cleaned(std::move(member.name)), cleaned(std::move(member.value))});
    }
    return it;
  }

  const Dialect& dialect_;
  const FoundRule& rule_;
  Members members_;
  bool readable_ = true;
};

}  // namespace

std::string status_of(const Dialect& dialect, const std::string& said, bool replaced) {
  static constexpr std::array<const char*, 9> kLeastFirst{"valid",   "cancelled", "abolished",
                                                          "revoked", "voided",    "expired",
                                                          "lost",    "suspended", "mortgaged"};
  const BookedState state = booked_state(dialect, said, replaced);
  if (state.in_progress) return {};
  if (state.words.contains("replaced")) return "cancelled";
  for (const char* word : kLeastFirst) {
    const auto told = dialect.words.find(word);
    if (told != dialect.words.end() && told->second.to == said && state.words.contains(word)) {
      return word;
    }
  }
  return state.words.empty() ? std::string() : "cancelled";
}

std::string day_of(std::string_view text) {
  std::array<int, 3> parts{};
  const std::array<std::size_t, 3> widths{4, 2, 2};
  std::size_t at = 0;
  const auto is_digit = [&](std::size_t i) {
    return i < text.size() && text[i] >= '0' && text[i] <= '9';
  };
  for (std::size_t part = 0; part < parts.size(); ++part) {
    std::size_t digits = 0;
    for (; digits < widths[part] && is_digit(at); ++digits, ++at)
      parts[part] = parts[part] * 10 + (text[at] - '0');
    if (digits == 0 || (part == 0 && digits < widths[0])) return {};
    // One separator: "-", "/", "." or a character of Chinese.
    if (part == 2 || is_digit(at)) continue;
    const auto lead = at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
    at += lead >= 0xe0 ? 3 : 1;
  }
  const std::chrono::year_month_day day{std::chrono::year(parts[0]),
                                        std::chrono::month(static_cast<unsigned>(parts[1])),
                                        std::chrono::day(static_cast<unsigned>(parts[2]))};
  // Of digits alone, a date or a date and a time.
  const std::size_t digits = text.find_first_not_of("0123456789");
  const bool cut = is_digit(at) && !(digits == std::string_view::npos && text.size() == 14);
  if (cut || !day.ok() || parts[0] < 1900 || parts[0] > 2999) return {};
  return write_time(std::chrono::local_days(day), "yyyy-MM-dd");
}

std::optional<Timestamp> data_time(const Dialect& dialect, const Answer& answer) {
  const std::string& path = dialect.ask.found.as_of;
  std::string text = path.empty() ? std::string() : answer.field(path).value_or(std::string());
  const bool digits =
      text.size() == 14 && text.find_first_not_of("0123456789") == std::string::npos;
  if (digits) {
    text = text.substr(0, 4) + "-" + text.substr(4, 2) + "-" + text.substr(6, 2) + " " +
           text.substr(8, 2) + ":" + text.substr(10, 2) + ":" + text.substr(12, 2);
  }
  return parse_message_time(text);
}

Result<std::vector<FoundCertificate>> read_found(const Dialect& dialect, const Answer& answer) {
  auto entries = answer.entries(dialect.ask.found, kMostFound + 1);
  if (!entries) return entries.error();
  if (entries.value().size() > kMostFound) {
    return too_many(std::to_string(kMostFound) + " certificates");
  }
  std::vector<FoundCertificate> found;
  for (Members& entry : entries.value()) {
    auto read = EntryReader(dialect, std::move(entry)).read();
    if (!read) return read.error();
    found.push_back(std::move(read).value());
  }
  return found;
}

}  // namespace certbridge::municipal_library
