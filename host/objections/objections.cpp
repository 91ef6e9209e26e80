#include "objections/objections.h"

#include <mutex>
#include <shared_mutex>

#include "objections/objection_records.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kPage = 500;
constexpr std::size_t kMostAgainstOne = 20;  // open ones against one certificate
constexpr std::size_t kMostOpen = 100'000;

Error starting() {
  Error error = Error::retryable("objection.starting",
                                 "earlier objections are still being read: ask again in a moment");
  error.retry_after = std::chrono::seconds(1);
  return error;
}

Error unknown() {
  return Error::permanent("objection.unknown", "there is no objection or complaint of this number");
}

// Newest first, as they are found.
Result<std::vector<ReadAccess>> recorded(EarlierRecords& earlier) {
  AccessQuestion question;
  question.terms.emplace_back(AccessTerm::kKind, kObjectionTerm);
  question.limit = kPage;
  std::vector<ReadAccess> records;
  do {
    auto page = earlier.find(question);
    if (!page) return page.error();
    for (ReadAccess& one : page.value().found) records.push_back(std::move(one));
    question.before = page.value().next;
  } while (question.before > 0);
  return records;
}

}  // namespace

class Objections::Parts {
 public:
  Parts(AccessRecorder& recorder, EarlierRecords& earlier, const Clock& clock)
      : recorder_(recorder), earlier_(earlier), clock_(clock) {}

  Result<void> build() {
    const std::lock_guard steps(steps_);
    if (is_built()) return {};
    const auto records = recorded(earlier_);
    if (!records) return records.error();
    const std::unique_lock lock(book_mutex_);
    for (auto one = records.value().rbegin(); one != records.value().rend(); ++one) {
      book_.add(one->place.number, one->record);
    }
    built_ = true;
    return {};
  }

  // Who looks at the book and then writes is alone until the book knows what was written.
  Result<std::uint64_t> raise(AccessRecord record) {
    const std::lock_guard steps(steps_);
    if (!is_built()) return starting();
    record.result = kRaised;
    const Objection wanted = objection_of(0, record);
    if (book_.open_against_count(wanted) >= kMostAgainstOne) {
      return Error::permanent("objection.enough",
                              "as many objections against this certificate are open as may be");
    }
    if (book_.open_count(wanted.kind) >= kMostOpen) {
      return Error::retryable("objection.full", "as many are open as may be at the same time");
    }
    return append(record);
  }

  Result<Objection> take_step(std::uint64_t number, ObjectionStep step, AccessRecord record) {
    const std::lock_guard steps(steps_);
    if (!is_built()) return starting();
    const Objection* about = book_.find(number);
    if (about == nullptr) return unknown();
    const auto then = state_after(about->kind, about->state, step);
    if (!then) return then.error();
    if (is_of_the_reviewer(step) && about->reviewer != record.person) {
      return Error::permanent("objection.of_another",
                              "another reviewer has taken it: take it over first");
    }
    fill_step(record, *about, to_text(then.value()));
    if (const auto appended = append(record); !appended) return appended.error();
    return *book_.find(number);
  }

  Result<std::uint64_t> note_shown(std::uint64_t number, AccessRecord record) {
    const auto about = find(number);
    if (!about) return about.error();
    fill_step(record, about.value(), kShown);
    const auto place = recorder_.append(record);
    if (!place) return place.error();
    return place.value().number;
  }

  void forget(const std::string& holder) {
    const std::lock_guard steps(steps_);
    const std::unique_lock lock(book_mutex_);
    book_.forget(holder);
  }

  Result<Objection> find(std::uint64_t number) const {
    const std::shared_lock lock(book_mutex_);
    if (!built_) return starting();
    const Objection* found = book_.find(number);
    if (found == nullptr) return unknown();
    return *found;
  }

  Result<Written> records_of(const Objection& objection) const {
    auto raised = earlier_.record(objection.number);
    if (!raised) return raised.error();
    Written written{std::move(raised.value().record), {}};
    for (const std::uint64_t number : objection.records) {
      auto step = earlier_.record(number);
      if (!step) return step.error();
      written.steps.push_back(std::move(step.value().record));
    }
    return written;
  }

  std::optional<ObjectionMark> mark_of(const std::string& identifier, const std::string& type,
                                       const std::string& number) const {
    const std::shared_lock lock(book_mutex_);
    if (!built_) return ObjectionMark{0, {}, "unknown", {}};
    const Objection* open = book_.open_against(identifier, type, number);
    if (open == nullptr) return {};
    return ObjectionMark{open->number, open->raised, to_text(open->state), open->fields};
  }

  // `look` looks at the book and answers what it saw.
  template <class Look>
  auto look(const Look& look) const -> Result<decltype(look(std::declval<ObjectionBook>()))> {
    const std::shared_lock lock(book_mutex_);
    if (!built_) return starting();
    return look(book_);
  }
  Timestamp now() const { return clock_.now(); }

 private:
  bool is_built() const {
    const std::shared_lock lock(book_mutex_);
    return built_;
  }

  Result<std::uint64_t> append(const AccessRecord& record) {
    const auto place = recorder_.append(record);
    if (!place) return place.error();
    const std::unique_lock lock(book_mutex_);
    book_.add(place.value().number, record);
    return place.value().number;
  }

  AccessRecorder& recorder_;
  EarlierRecords& earlier_;
  const Clock& clock_;
  std::mutex steps_{};  // before book_mutex_; whoever holds it is the only one who changes the book
  mutable std::shared_mutex book_mutex_{};
  ObjectionBook book_{};  // under book_mutex_, as the next one
  bool built_ = false;
};

Objections::Objections(AccessRecorder& recorder, EarlierRecords& earlier, const Clock& clock)
    : parts_(std::make_unique<Parts>(recorder, earlier, clock)) {}
Objections::~Objections() = default;

Result<void> Objections::build() { return parts_->build(); }
Result<std::uint64_t> Objections::raise(AccessRecord record) {
  return parts_->raise(std::move(record));
}
Result<Objection> Objections::take_step(std::uint64_t number, ObjectionStep step,
                                        AccessRecord record) {
  return parts_->take_step(number, step, std::move(record));
}
Result<std::uint64_t> Objections::note_shown(std::uint64_t number, AccessRecord record) {
  return parts_->note_shown(number, std::move(record));
}
void Objections::forget(const std::string& holder) { parts_->forget(holder); }
Result<Objections::Written> Objections::records_of(const Objection& objection) const {
  return parts_->records_of(objection);
}
Result<Objection> Objections::find(std::uint64_t number) const { return parts_->find(number); }
std::optional<ObjectionMark> Objections::mark_of(const std::string& identifier,
                                                 const std::string& type,
                                                 const std::string& normalised_number) const {
  return parts_->mark_of(identifier, type, normalised_number);
}

Result<std::vector<Objection>> Objections::list(const ObjectionFilter& filter) const {
  const Timestamp now = parts_->now();
  return parts_->look([&](const ObjectionBook& book) { return book.list(filter, now); });
}

Result<std::vector<Objection>> Objections::overdue(Timestamp from, Timestamp until) const {
  const Timestamp now = parts_->now();
  return parts_->look([&](const ObjectionBook& book) { return book.overdue(from, until, now); });
}

std::optional<Objections::Figures> Objections::figures(ObjectionKind kind) const {
  const Timestamp now = parts_->now();
  const auto seen = parts_->look([&](const ObjectionBook& book) {
    return Figures{book.open_count(kind), book.overdue_count(kind, now)};
  });
  if (!seen) return {};
  return seen.value();
}

}  // namespace certbridge::host
