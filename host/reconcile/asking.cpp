#include "reconcile/asking.h"

#include <pthread.h>

#include <algorithm>
#include <condition_variable>

namespace certbridge::host {
namespace {

constexpr std::uint64_t kLargestPage = 8ULL << 20;  // bytes
constexpr std::chrono::milliseconds kMargin{1'000};

Error damaged(const std::string& why) {
  return Error::permanent("reconcile.books_damaged", "its answer cannot be used: " + why);
}

Result<BooksPage> ask_page(Responder& responder, const BooksQuestion& question, const Call& call) {
  auto answer = responder.answer(write_books_question(question), call);
  if (!answer) return answer.error();
  if (answer.value().body == nullptr) return damaged("it has no body");
  auto bytes = read_all(*answer.value().body, kLargestPage);
  if (!bytes) return bytes.error();
  return parse_books(bytes.value());
}

template <class Entry>
void append(std::vector<Entry>& to, std::vector<Entry>& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

}  // namespace

Result<BooksPage> ask_all_pages(Responder& responder, BooksQuestion question, const Call& call) {
  BooksPage all;
  for (bool first = true;; first = false) {
    auto page = ask_page(responder, question, call);
    if (!page) return page.error();
    BooksPage& it = page.value();
    if (!first && it.kind != all.kind) return damaged("its pages are of different kinds");
    all.kind = it.kind;
    append(all.cases, it.cases);
    append(all.certificates, it.certificates);
    append(all.counts, it.counts);
    if (std::max({all.cases.size(), all.certificates.size(), all.counts.size()}) > kMostOfABook) {
      return Error::permanent("reconcile.too_many",
                              "it has more than 100000 entries of this day; ask for one area");
    }
    if (it.next.empty()) return all;
    if (it.next == question.after) return damaged("its pages do not end");
    question.after = it.next;
    if (call.stop.stop_requested()) return Error::retryable("reconcile.timeout", "it was stopped");
  }
}

class BooksAsker::AnyAnswer {
 public:
  virtual ~AnyAnswer() = default;
  virtual bool is_there() = 0;
};

template <class Value>
class BooksAsker::Answer final : public AnyAnswer {
 public:
  void give(Result<Value> given) {
    const std::lock_guard lock(mutex_);
    value_ = std::move(given);
    came_.notify_all();
  }
  bool is_there() override {
    const std::lock_guard lock(mutex_);
    return value_.has_value();
  }
  Result<Value> wait_until(std::chrono::steady_clock::time_point until,
                           const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    if (came_.wait_until(lock, stop, until, [this] { return value_.has_value(); })) return *value_;
    return Error::retryable("reconcile.timeout", "it gave no answer within its time");
  }

 private:
  std::mutex mutex_{};
  std::condition_variable_any came_{};
  std::optional<Result<Value>> value_{};  // under mutex_
};

void BooksAsker::forget_finished() {
  std::erase_if(askings_, [](const Asking& one) { return one.answer->is_there(); });
}

template <class Value, class Ask>
std::shared_ptr<BooksAsker::Answer<Value>> BooksAsker::begin(
    const std::string& name, const Ask& ask, std::chrono::steady_clock::time_point deadline) {
  auto answer = std::make_shared<Answer<Value>>();
  const std::lock_guard lock(mutex_);
  forget_finished();
  const bool hangs = std::any_of(askings_.begin(), askings_.end(),
                                 [&](const Asking& one) { return one.name == name; });
  Responder* responder = endpoints_.responder(name);
  if (hangs || responder == nullptr) {
    answer->give(Error::retryable(
        "reconcile.hanging", hangs ? "an earlier call has not come back" : "no such responder"));
    return answer;
  }
  const auto work = [responder, ask, deadline, answer, stop = stop_] {
    Call call;
    call.trace_id = call.step_key = "reconcile";
    call.deadline = deadline;
    call.stop = stop;
    answer->give(ask(*responder, call));
  };
  askings_.push_back({name, answer, std::jthread(work)});
  pthread_setname_np(askings_.back().thread.native_handle(), "books");
  return answer;
}

template <class Value, class Ask>
std::vector<Result<Value>> BooksAsker::ask_each(const std::vector<std::string>& names,
                                                const Ask& ask, std::chrono::milliseconds timeout) {
  const auto deadline = clock_.steady() + timeout;
  const auto patience = std::chrono::steady_clock::now() + timeout + kMargin;
  std::vector<std::shared_ptr<Answer<Value>>> answers;
  answers.reserve(names.size());
  for (const std::string& name : names) answers.push_back(begin<Value>(name, ask, deadline));
  std::vector<Result<Value>> values;
  values.reserve(answers.size());
  for (const auto& answer : answers) values.push_back(answer->wait_until(patience, stop_));
  return values;
}

std::vector<Result<BooksPage>> BooksAsker::ask(const std::vector<std::string>& names,
                                               const BooksQuestion& question,
                                               std::chrono::milliseconds timeout) {
  return ask_each<BooksPage>(
      names,
      [question](Responder& responder, const Call& call) {
        return ask_all_pages(responder, question, call);
      },
      timeout);
}

std::vector<Result<LoggedUses>> BooksAsker::ask_uses(const std::vector<std::string>& names,
                                                     std::chrono::year_month_day day,
                                                     std::chrono::milliseconds timeout) {
  return ask_each<LoggedUses>(
      names,
      [day](Responder& responder, const Call& call) {
        return ask_logged_uses(responder, {day, {}, 500}, call);
      },
      timeout);
}

}  // namespace certbridge::host
