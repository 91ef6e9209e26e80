#include "reconcile/reconciler.h"

#include <algorithm>

#include "reconcile/compare.h"
#include "reconcile/journal_books.h"

namespace certbridge::host {
namespace {

constexpr std::chrono::seconds kPatience{5};  // for another one's comparison
constexpr const char* kRegistration = "registration";

// What the sink's counterpart has, it forwards; what is parked there it cannot.
Standing forwarded(Standing standing) {
  const bool told = standing == Standing::kHeld || standing == Standing::kUnderWay;
  return told ? standing : Standing::kNotMeant;
}

GatheredBooks books_of(const std::string& name, Result<BooksPage> page) {
  GatheredBooks books;
  books.books = name;
  if (page) {
    books.page = std::move(page).value();
  } else {
    books.error = page.error();
  }
  return books;
}

}  // namespace

Result<Reconciler::Turn> Reconciler::turn() {
  if (!configuration_.reconcile.given) {
    return Error::permanent("reconcile.not_configured",
                            "the configuration does not say whose books are compared: give "
                            "<reconcile>");
  }
  Turn lock(turn_, kPatience);
  if (!lock) {
    return Error::retryable("reconcile.busy", "books are being compared already; try again later");
  }
  return lock;
}

Result<Comparison> Reconciler::compare(std::chrono::year_month_day day, const std::string& area) {
  const auto mine = turn();
  if (!mine) return mine.error();
  const ReconcileConfig& config = configuration_.reconcile;
  std::vector<std::string> names{config.registration};
  JournalQuestion question{day, area, config.calendar.zone, {}};
  for (const ReconcileCounterpart& one : config.counterparts) {
    names.push_back(one.books);
    auto& sinks = question.sinks;
    if (std::find(sinks.begin(), sinks.end(), one.deliveries) == sinks.end()) {
      sinks.push_back(one.deliveries);
    }
  }
  BooksQuestion asked;
  asked.day = day;
  asked.area = area;
  auto pages = asker_.ask(names, asked, config.timeout);
  Gathered gathered;
  gathered.registration = books_of(kRegistration, std::move(pages.front()));
  for (std::size_t i = 0; i < config.counterparts.size(); ++i) {
    const ReconcileCounterpart& one = config.counterparts[i];
    gathered.counterparts.push_back(books_of(one.shown(), std::move(pages[i + 1])));
    gathered.counterparts.back().only_compared = one.only_compared;
    gathered.counterparts.back().newest_only = one.newest_only;
  }
  if (auto done = gather_journal(store_, question, gathered); !done) return done.error();
  for (const ReconcileCounterpart& one : config.counterparts) {
    if (!one.only_compared) continue;
    for (JournalCertificate& ours : gathered.journal) {
      ours.standing[one.shown()] = forwarded(ours.at(one.deliveries));
    }
  }
  return compare_books(gathered);
}

Result<std::vector<BookedCase>> Reconciler::never_arrived(std::chrono::milliseconds older_than,
                                                          int days) {
  const auto mine = turn();
  if (!mine) return mine.error();
  const ReconcileConfig& config = configuration_.reconcile;
  const Timestamp now = clock_.now();
  const auto today = std::chrono::floor<std::chrono::days>(now + config.calendar.zone);
  std::vector<BookedCase> found;
  for (int ago = days; ago >= 0; --ago) {
    BooksQuestion asked;
    asked.day = std::chrono::year_month_day(std::chrono::sys_days(today) - std::chrono::days(ago));
    auto pages = asker_.ask({config.registration}, asked, config.timeout);
    if (!pages.front()) return pages.front().error();
    for (BookedCase& one : pages.front().value().cases) {
      if (one.booked > now - older_than) continue;
      const auto arrived = has_arrived(store_, one.case_no);
      if (!arrived) return arrived.error();
      if (!arrived.value()) found.push_back(std::move(one));
    }
  }
  std::stable_sort(found.begin(), found.end(), [](const BookedCase& left, const BookedCase& right) {
    return left.booked < right.booked;
  });
  return found;
}

Result<std::vector<std::pair<std::string, Result<LoggedUses>>>> Reconciler::logged_uses(
    std::chrono::year_month_day day) {
  const auto mine = turn();
  if (!mine) return mine.error();
  const ReconcileConfig& config = configuration_.reconcile;
  std::vector<std::string> names;
  for (const ReconcileCounterpart& one : config.counterparts) names.push_back(one.books);
  auto logs = asker_.ask_uses(names, day, config.timeout);
  std::vector<std::pair<std::string, Result<LoggedUses>>> told;
  for (std::size_t i = 0; i < logs.size(); ++i) {
    told.emplace_back(config.counterparts[i].shown(), std::move(logs[i]));
  }
  return told;
}

}  // namespace certbridge::host
