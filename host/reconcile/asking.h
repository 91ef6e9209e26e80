// Asks counterparts for their books of a day, all at once, each within a time limit.
#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <thread>

#include "certbridge/books.h"
#include "certbridge/context.h"
#include "plugins/endpoints.h"
#include "reconcile/logged_uses.h"

namespace certbridge::host {

inline constexpr std::size_t kMostOfABook = 100'000;  // entries of one counterpart and day

// "reconcile.books_damaged": an answer without a body, another kind on a later page, pages without
// end; "reconcile.too_many": more than kMostOfABook entries; and those of the responder.
Result<BooksPage> ask_all_pages(Responder& responder, BooksQuestion question, const Call& call);

// Owns a thread "books" for each counterpart that is asked; one that does not come back from its
// library keeps its thread, and is not asked again before it has. Any thread may ask.
class BooksAsker {
 public:
  // Both outlive it. Once `stop` is requested nobody waits, and every call is asked to end.
  BooksAsker(EndpointSet& endpoints, const Clock& clock, std::stop_token stop)
      : endpoints_(endpoints), clock_(clock), stop_(std::move(stop)) {}
  // Waits for the calls under way.
  ~BooksAsker() = default;
  BooksAsker(const BooksAsker&) = delete;
  BooksAsker& operator=(const BooksAsker&) = delete;

  // One answer for each name, in their order, after `timeout` and a second at the latest. Codes:
  // as ask_all_pages(); "reconcile.timeout"; "reconcile.hanging": an earlier call has not come
  // back.
  std::vector<Result<BooksPage>> ask(const std::vector<std::string>& names,
                                     const BooksQuestion& question,
                                     std::chrono::milliseconds timeout);
  // The same of their logs of uses. Codes: as ask_logged_uses(), and as above.
  std::vector<Result<LoggedUses>> ask_uses(const std::vector<std::string>& names,
                                           std::chrono::year_month_day day,
                                           std::chrono::milliseconds timeout);

 private:
  class AnyAnswer;
  template <class Value>
  class Answer;
  struct Asking {
    std::string name{};
    std::shared_ptr<AnyAnswer> answer{};  // shared: who waits may have gone
    std::jthread thread{};                // joined when it is forgotten
  };
  template <class Value, class Ask>
  std::vector<Result<Value>> ask_each(const std::vector<std::string>& names, const Ask& ask,
                                      std::chrono::milliseconds timeout);
  template <class Value, class Ask>
  std::shared_ptr<Answer<Value>> begin(const std::string& name, const Ask& ask,
                                       std::chrono::steady_clock::time_point deadline);
  void forget_finished();

  EndpointSet& endpoints_;
  const Clock& clock_;
  std::stop_token stop_;
  std::mutex mutex_{};
  std::list<Asking> askings_{};  // under mutex_
};

}  // namespace certbridge::host
