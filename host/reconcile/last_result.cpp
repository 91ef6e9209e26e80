#include "reconcile/last_result.h"

#include <algorithm>
#include <charconv>

#include "certbridge/xml.h"

namespace certbridge::host {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

// No endpoint can have this name.
constexpr const char* kOwner = "(reconcile)";
constexpr std::chrono::minutes kAgain{10};
constexpr int kLongestAgo = 7;  // days

std::string attribute(const char* name, const std::string& value) {
  return " " + std::string(name) + "=\"" + xml_escape(value) + "\"";
}
std::string attribute(const char* name, std::int64_t value) {
  return attribute(name, std::to_string(value));
}

std::int64_t number_of(const XmlElement& at, const char* name) {
  const std::string text = at.attribute_or_empty(name);
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

LastBooks read_books(const XmlElement& at) {
  LastBooks books;
  books.books = at.attribute_or_empty("name");
  books.asked = at.attribute_or_empty("asked") == "yes";
  for (const DifferenceSort sort : all_sorts()) {
    const auto number = number_of(at, to_word(sort).c_str());
    if (number > 0) books.differences[sort] = static_cast<std::uint64_t>(number);
  }
  return books;
}

Timestamp when_of(const XmlElement& at) {
  return Timestamp(std::chrono::milliseconds(number_of(at, "when")));
}

std::optional<XmlElement> read(Store& store, const char* name) {
  const auto kept = store.memory(kOwner, {}, name);
  if (!kept || !kept.value()) return {};
  auto root = parse_xml(*kept.value(), "kept", XmlLimits{});
  if (!root) return {};
  return std::move(root).value();
}

Result<void> write(Store& store, const char* name, const std::string& text) {
  Transition transition;
  transition.memory.push_back({kOwner, {}, name, text});
  return store.apply(std::move(transition));
}

std::optional<LastComparison> read_comparison(const XmlElement& root) {
  if (root.name != "comparison") return {};
  LastComparison last;
  last.day = sys_days(days(number_of(root, "day")));
  last.when = when_of(root);
  last.complete = root.attribute_or_empty("complete") == "yes";
  for (const XmlElement& child : root.children) last.books.push_back(read_books(child));
  return last;
}

sys_days local_day(Timestamp when, std::chrono::minutes zone) {
  return std::chrono::floor<days>(when + zone);
}

}  // namespace

LastComparison last_of(const Comparison& comparison, sys_days day, Timestamp when) {
  LastComparison last{day, when, true, {}};
  for (const BooksAsked& one : comparison.asked) {
    LastBooks books{one.books, one.answered, {}};
    last.complete = last.complete && one.answered;
    for (const Difference& difference : comparison.differences) {
      if (difference.books == one.books) ++books.differences[difference.sort];
    }
    last.books.push_back(std::move(books));
  }
  return last;
}

std::string write_last(const LastComparison& last) {
  std::string text = "<comparison" + attribute("day", last.day.time_since_epoch().count()) +
                     attribute("when", last.when.time_since_epoch().count()) +
                     attribute("complete", last.complete ? "yes" : "no") + ">";
  for (const LastBooks& one : last.books) {
    text += "<books" + attribute("name", one.books) + attribute("asked", one.asked ? "yes" : "no");
    for (const auto& [sort, number] : one.differences) {
      text += attribute(to_word(sort).c_str(), static_cast<std::int64_t>(number));
    }
    text += "/>";
  }
  return text + "</comparison>";
}

std::optional<LastComparison> parse_last(std::string_view text) {
  const auto root = parse_xml(text, "kept", XmlLimits{});
  if (!root) return {};
  return read_comparison(root.value());
}

std::optional<LastComparison> last_comparison(Store& store) {
  const auto root = read(store, "comparison");
  return root ? read_comparison(*root) : std::nullopt;
}

std::optional<LastSweep> last_sweep(Store& store) {
  const auto root = read(store, "sweep");
  if (!root || root->name != "sweep") return {};
  return LastSweep{when_of(*root), root->attribute_or_empty("asked") == "yes",
                   static_cast<std::uint64_t>(number_of(*root, "missing"))};
}

Result<void> keep(Store& store, const LastComparison& last) {
  return write(store, "comparison", write_last(last));
}

Result<void> keep(Store& store, const LastSweep& last) {
  return write(store, "sweep",
               "<sweep" + attribute("when", last.when.time_since_epoch().count()) +
                   attribute("asked", last.asked ? "yes" : "no") +
                   attribute("missing", static_cast<std::int64_t>(last.missing)) + "/>");
}

std::optional<sys_days> due_day(const std::optional<LastComparison>& last, Timestamp now,
                                std::chrono::minutes zone) {
  const sys_days yesterday = local_day(now, zone) - days(1);
  if (!last) return yesterday;
  const bool same_night = local_day(last->when, zone) == local_day(now, zone);
  if (!last->complete && same_night) {
    if (now < last->when + kAgain) return {};
    return last->day;
  }
  const sys_days next = std::max(last->day + days(1), yesterday - days(kLongestAgo - 1));
  if (next > yesterday) return {};
  return next;
}

}  // namespace certbridge::host
