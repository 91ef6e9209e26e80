#include "reconcile/journal_books.h"

#include <algorithm>
#include <charconv>
#include <cstdio>

#include "certbridge/certificate.h"
#include "reconcile/asking.h"

namespace certbridge::host {
namespace {

constexpr const char* kIssue = "certificate.issue";
constexpr std::size_t kAtOnce = 1'000;  // facts in memory at once
constexpr std::size_t kMostOfAKey = 1'000;
constexpr std::chrono::hours kBefore{24};
constexpr std::chrono::hours kAfter{24 * 8};

std::string day_text(std::chrono::year_month_day day) {
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(day.year()),
                static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
  return text;
}

// Of a message from before it was told by a header: the day of its event.
std::string issued_on(const Headers& headers, std::chrono::minutes zone) {
  std::string told = header_of(headers, "issued-on");
  if (!told.empty()) return told;
  const auto when = parse_message_time(header_of(headers, "occurred-at"));
  if (!when) return {};
  return day_text(std::chrono::floor<std::chrono::days>(*when + zone));
}

bool has_ended(MessageState state) {
  return state != MessageState::kAccepted && state != MessageState::kIncomplete &&
         state != MessageState::kInReview && state != MessageState::kRouted;
}

Standing standing_of(DeliveryState state) {
  switch (state) {
    case DeliveryState::kDelivered:
      return Standing::kHeld;
    case DeliveryState::kParked:
    case DeliveryState::kRepair:
      return Standing::kParked;
    case DeliveryState::kNotHeld:
    case DeliveryState::kDiscarded:
    case DeliveryState::kSuperseded:
      return Standing::kNotMeant;
    default:
      return Standing::kUnderWay;
  }
}

int number_of(const std::string& text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

class Gathering {
 public:
  Gathering(Store& store, const JournalQuestion& question, Gathered& gathered)
      : store_(store), question_(question), gathered_(gathered) {}

  Result<void> gather() {
    if (auto done = gather_day(); !done) return done;
    if (auto done = gather_cases(); !done) return done;
    if (auto done = gather_numbers(); !done) return done;
    for (JournalCertificate& one : gathered_.journal) {
      if (auto done = look_up(one); !done) return done;
    }
    std::erase_if(gathered_.journal, [this](const JournalCertificate& one) {
      return !question_.area.empty() && !one.area.empty() && one.area != question_.area;
    });
    for (JournalCertificate& one : gathered_.journal) {
      if (auto done = look_closer(one); !done) return done;
    }
    return {};
  }

 private:
  // What was accepted around the day, in windows of time that hold few enough deliveries.
  Result<void> gather_day() {
    const Timestamp midnight(std::chrono::sys_days(question_.day).time_since_epoch() -
                             question_.zone);
    for (const std::string& sink : question_.sinks) {
      FactsQuery query;
      query.endpoint = sink;
      query.type = kIssue;
      query.area = question_.area;
      query.accepted_from = midnight - kBefore;
      query.accepted_before = midnight + kAfter;
      if (auto done = gather_window(query); !done) return done;
    }
    return {};
  }

  Result<void> gather_window(const FactsQuery& query) {
    const auto count = store_.count_facts(query);
    if (!count) return count.error();
    if (count.value() == 0) return {};
    const auto length = *query.accepted_before - *query.accepted_from;
    if (count.value() <= kAtOnce || length.count() <= 1) return gather_facts(query);
    FactsQuery early = query;
    FactsQuery late = query;
    early.accepted_before = late.accepted_from = *query.accepted_from + length / 2;
    if (auto done = gather_window(early); !done) return done;
    return gather_window(late);
  }

  Result<void> gather_facts(const FactsQuery& query) {
    const auto facts = store_.list_facts(query, kMostOfABook);
    if (!facts) return facts.error();
    const std::string day = day_text(question_.day);
    for (const DeliveryFact& fact : facts.value()) {
      if (issued_on(fact.headers, question_.zone) != day) continue;
      if (auto done = take(fact.message_id, fact.headers, true); !done) return done;
    }
    return {};
  }

  Result<void> take(const std::string& message, const Headers& headers, bool of_the_day) {
    if (!known_messages_.insert(message).second) return {};
    if (gathered_.journal.size() >= kMostOfABook) {
      return Error::permanent("reconcile.too_many",
                              "the journal has more than 100000 certificates of this day; ask for "
                              "one area");
    }
    JournalCertificate one;
    one.message = message;
    one.number = header_of(headers, "certificate-number");
    one.normalised_number = header_of(headers, "certificate-number-normalised");
    one.type_code = header_of(headers, "type-code");
    one.case_no = header_of(headers, "case-no");
    one.identifier = header_of(headers, "identifier");
    one.version = number_of(header_of(headers, "version"));
    one.digest = header_of(headers, "file-digest");
    one.of_the_day = of_the_day;
    known_numbers_.insert(one.normalised_number);
    known_cases_.insert(one.case_no);
    issuers_[message] = header_of(headers, "issuer-code");
    gathered_.journal.push_back(std::move(one));
    return {};
  }

  // Cases of which no certificate was found by the day.
  Result<void> gather_cases() {
    for (const BookedCase& one : gathered_.registration.page.cases) {
      if (known_cases_.contains(one.case_no)) {
        gathered_.cases[one.case_no].arrived = true;
      }
      if (auto done = gather_case(one.case_no); !done) return done;
    }
    return {};
  }

  Result<void> gather_case(const std::string& case_no) {
    if (known_cases_.contains(case_no) && !lacks_certificates(case_no)) return {};
    const auto messages = store_.messages_with_key({"case", case_no}, kMostOfAKey);
    if (!messages) return messages.error();
    JournalCase& it = gathered_.cases[case_no];
    it.arrived = !messages.value().empty();
    for (const StoredMessage& stored : messages.value()) {
      note(stored, it);
      if (stored.message.type != kIssue) continue;
      const bool of_the_day =
          issued_on(stored.message.headers, question_.zone) == day_text(question_.day);
      if (auto done = take(stored.message.id, stored.message.headers, of_the_day); !done) {
        return done;
      }
    }
    return {};
  }

  // Whether the registration system has certificates of the case that the journal's day lacks.
  bool lacks_certificates(const std::string& case_no) {
    if (booked_.empty()) {
      for (const BookedCertificate& one : gathered_.registration.page.certificates) {
        booked_[one.case_no].push_back(normalise_certificate_number(one.number));
      }
    }
    const auto& numbers = booked_[case_no];
    return std::any_of(numbers.begin(), numbers.end(), [this](const std::string& number) {
      return !known_numbers_.contains(number);
    });
  }

  static void note(const StoredMessage& stored, JournalCase& it) {
    it.moving = it.moving || !has_ended(stored.state);
    if (stored.message.classified || stored.state == MessageState::kWithdrawn) it.withheld = true;
    if (stored.state != MessageState::kParked || !it.parked.empty()) return;
    it.parked = stored.message.id;
    it.parked_code = stored.error_code;
  }

  // What a counterpart has and neither the day nor the case has brought up.
  Result<void> gather_numbers() {
    for (const GatheredBooks& books : gathered_.counterparts) {
      for (const BookedCertificate& one : books.page.certificates) {
        const std::string number = normalise_certificate_number(one.number);
        if (!known_numbers_.insert(number).second) continue;
        if (auto done = gather_number(number); !done) return done;
      }
    }
    return {};
  }

  Result<void> gather_number(const std::string& number) {
    MessageQuery query;
    query.certificate_number = number;
    query.type = kIssue;
    query.limit = kMostOfAKey;
    const auto messages = store_.messages(query);
    if (!messages) return messages.error();
    for (const StoredMessage& stored : messages.value()) {
      const bool of_the_day =
          issued_on(stored.message.headers, question_.zone) == day_text(question_.day);
      if (auto done = take(stored.message.id, stored.message.headers, of_the_day); !done) {
        return done;
      }
    }
    return {};
  }

  OrderKey key_of(const JournalCertificate& one) const {
    return certificate_key(one.type_code, one.normalised_number, issuers_.at(one.message));
  }

  // The register's word for it, and how its deliveries stand.
  Result<void> look_up(JournalCertificate& one) {
    const auto found = store_.certificate(key_of(one));
    if (!found) return found.error();
    if (found.value()) {
      one.area = found.value()->life.area;
      one.word = found.value()->life.word;
      one.is_newest = one.version >= found.value()->version;
    }
    const auto deliveries = store_.deliveries(one.message);
    if (!deliveries) return deliveries.error();
    for (const StoredDelivery& delivery : deliveries.value()) {
      const auto& sinks = question_.sinks;
      if (std::find(sinks.begin(), sinks.end(), delivery.endpoint) == sinks.end()) continue;
      Standing& standing = one.standing[delivery.endpoint];
      standing = std::max(standing, standing_of(delivery.state));
    }
    return {};
  }

  // Only of what would differ: whether something about it is still on its way, or parked.
  Result<void> look_closer(JournalCertificate& one) {
    if (!may_differ(one)) return {};
    const auto messages = store_.messages_with_key(key_of(one), kMostOfAKey);
    if (!messages) return messages.error();
    for (const StoredMessage& stored : messages.value()) {
      one.moving = one.moving || !has_ended(stored.state);
      if (stored.message.type != "certificate.status") continue;
      const auto deliveries = store_.deliveries(stored.message.id);
      if (!deliveries) return deliveries.error();
      for (const StoredDelivery& delivery : deliveries.value()) {
        if (!one.standing.contains(delivery.endpoint)) continue;
        one.change = stored.message.id;
        if (standing_of(delivery.state) == Standing::kParked) one.change_parked = true;
      }
    }
    return {};
  }

  // Whether any of the other books says another state of it, or only counts, or lacks it.
  bool may_differ(const JournalCertificate& one) {
    if (!indexed_) index_states();
    if (counts_only_) return true;
    const auto [from, to] = states_.equal_range(one.normalised_number);
    if (std::distance(from, to) < lists_) return true;
    return std::any_of(from, to, [&](const auto& entry) {
      return entry.second->in_progress || contradicts(*entry.second, compared_word(one));
    });
  }
  void index_states() {
    indexed_ = true;
    const auto add = [this](const GatheredBooks& books) {
      if (!books.error && books.page.kind == BooksKind::kList) ++lists_;
      if (books.page.kind == BooksKind::kCounts) counts_only_ = true;
      for (const BookedCertificate& one : books.page.certificates) {
        states_.emplace(normalise_certificate_number(one.number), &one.state);
      }
    };
    add(gathered_.registration);
    for (const GatheredBooks& books : gathered_.counterparts) add(books);
  }

  Store& store_;
  const JournalQuestion& question_;
  Gathered& gathered_;
  std::set<std::string> known_messages_{};
  std::set<std::string> known_numbers_{};
  std::set<std::string> known_cases_{};
  std::map<std::string, std::string> issuers_{};              // by message
  std::map<std::string, std::vector<std::string>> booked_{};  // numbers by case
  std::multimap<std::string, const BookedState*> states_{};   // by number
  std::ptrdiff_t lists_ = 0;                                  // books that list
  bool counts_only_ = false;                                  // some books only count
  bool indexed_ = false;
};

}  // namespace

Result<void> gather_journal(Store& store, const JournalQuestion& question, Gathered& gathered) {
  return Gathering(store, question, gathered).gather();
}

Result<bool> has_arrived(Store& store, const std::string& case_no) {
  const auto messages = store.messages_with_key({"case", case_no}, 1);
  if (!messages) return messages.error();
  return !messages.value().empty();
}

}  // namespace certbridge::host
