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

struct BooksAsker::Answer {
  std::mutex mutex{};
  std::condition_variable_any came{};
  std::optional<Result<BooksPage>> page{};  // under mutex

  void give(Result<BooksPage> given) {
    const std::lock_guard lock(mutex);
    page = std::move(given);
    came.notify_all();
  }
  bool is_there() {
    const std::lock_guard lock(mutex);
    return page.has_value();
  }
  Result<BooksPage> wait_until(std::chrono::steady_clock::time_point until,
                               const std::stop_token& stop) {
    std::unique_lock lock(mutex);
    if (came.wait_until(lock, stop, until, [this] { return page.has_value(); })) return *page;
    return Error::retryable("reconcile.timeout", "it gave no answer within its time");
  }
};

void BooksAsker::forget_finished() {
  std::erase_if(askings_, [](const Asking& one) { return one.answer->is_there(); });
}

std::shared_ptr<BooksAsker::Answer> BooksAsker::begin(
    const std::string& name, const BooksQuestion& question,
    std::chrono::steady_clock::time_point deadline) {
  auto answer = std::make_shared<Answer>();
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
  const auto work = [responder, question, deadline, answer, stop = stop_] {
    Call call;
    call.trace_id = call.step_key = "reconcile";
    call.deadline = deadline;
    call.stop = stop;
    answer->give(ask_all_pages(*responder, question, call));
  };
  askings_.push_back({name, answer, std::jthread(work)});
  pthread_setname_np(askings_.back().thread.native_handle(), "books");
  return answer;
}

std::vector<Result<BooksPage>> BooksAsker::ask(const std::vector<std::string>& names,
                                               const BooksQuestion& question,
                                               std::chrono::milliseconds timeout) {
  const auto deadline = clock_.steady() + timeout;
  const auto patience = std::chrono::steady_clock::now() + timeout + kMargin;
  std::vector<std::shared_ptr<Answer>> answers;
  for (const std::string& name : names) answers.push_back(begin(name, question, deadline));
  std::vector<Result<BooksPage>> pages;
  for (const auto& answer : answers) pages.push_back(answer->wait_until(patience, stop_));
  return pages;
}

}  // namespace certbridge::host
