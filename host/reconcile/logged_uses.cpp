#include "reconcile/logged_uses.h"

#include "certbridge/query.h"

namespace certbridge::host {
namespace {

constexpr std::uint64_t kLargestUsesPage = 8ULL << 20;  // bytes

Error unusable(const std::string& why) {
  return Error::permanent("reconcile.books_damaged", "its log of uses cannot be used: " + why);
}

Result<UsesPage> ask_uses_page(Responder& responder, const UsesQuestion& question,
                               const Call& call) {
  Message message;
  message.type = kUsesQuestion;
  message.media_type = kQueryMediaType;
  message.body = content_of(write_uses_question(question));
  auto answer = responder.answer(message, call);
  if (!answer) return answer.error();
  if (answer.value().body == nullptr) return unusable("it has no body");
  auto bytes = read_all(*answer.value().body, kLargestUsesPage);
  if (!bytes) return bytes.error();
  return parse_uses(bytes.value());
}

}  // namespace

Result<LoggedUses> ask_logged_uses(Responder& responder, UsesQuestion question, const Call& call) {
  LoggedUses all;
  std::uint64_t total = 0;
  for (;;) {
    auto page = ask_uses_page(responder, question, call);
    if (!page) return page.error();
    all.offered = page.value().offered;
    for (LoggedUse& one : page.value().uses) ++all.counts[std::move(one)];
    total += page.value().uses.size();
    if (total > kMostLoggedUses || all.counts.size() > kMostLoggedKinds) {
      return Error::permanent("reconcile.too_many",
                              "its log of this day has more than 1000000 uses, or 10000 that "
                              "differ");
    }
    if (page.value().next.empty()) return all;
    if (page.value().next == question.after) return unusable("its pages do not end");
    question.after = page.value().next;
    if (call.stop.stop_requested()) return Error::retryable("reconcile.timeout", "it was stopped");
  }
}

}  // namespace certbridge::host
