#include "login_rest.h"

#include <algorithm>

namespace certbridge::file {
namespace {

constexpr std::chrono::minutes kFirstLoginRest{1};
constexpr std::chrono::minutes kLongestLoginRest{15};

}  // namespace

std::optional<Error> LoginRest::refusal_at(Time now) const {
  if (!why_ || now >= until_) return {};
  Error again = *why_;
  again.retry_after = std::chrono::ceil<std::chrono::milliseconds>(until_ - now);
  again.message += "; so that the account is not locked, the next login is tried in " +
                   std::to_string(std::chrono::ceil<std::chrono::seconds>(until_ - now).count()) +
                   " s";
  return again;
}

Error LoginRest::refused(const Error& why, Time now) {
  const auto longer = std::max<std::chrono::milliseconds>(kFirstLoginRest, rest_ * 2);
  rest_ = std::min<std::chrono::milliseconds>(longer, kLongestLoginRest);
  until_ = now + rest_;
  why_ = why;
  return refusal_at(now).value_or(why);
}

}  // namespace certbridge::file
