// Failure as a value: what every call across the contract answers with.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace certbridge {

// The plugin's only judgement of a failure. The engine alone decides what follows from it.
enum class Severity : std::uint8_t {
  kRetryable =
      1,  // the same call may succeed later: timeout, 503, deadlock, record not complete yet
  kPermanent = 2,  // this message will never succeed: wrong field, refused by the counterpart
  kFault = 3,      // plugin or set-up is broken: the endpoint stops and a person is called
};

// One failure. `code` is dotted, stable and declared in plugin.xml ("http.timeout"). `message` is a
// sentence for people and never holds personal data or secrets.
struct [[nodiscard]] Error {
  Severity severity = Severity::kFault;
  std::string code{};
  std::string message{};
  std::optional<std::chrono::milliseconds> retry_after{};

  static Error retryable(std::string code, std::string message) {
    return {Severity::kRetryable, std::move(code), std::move(message), {}};
  }
  static Error permanent(std::string code, std::string message) {
    return {Severity::kPermanent, std::move(code), std::move(message), {}};
  }
  static Error fault(std::string code, std::string message) {
    return {Severity::kFault, std::move(code), std::move(message), {}};
  }
};

// Codes by which a processor ends a message without a person being called. A permanent error with
// one of them moves the message to the state of that name instead of parking it.
inline constexpr const char* kCodeSuperseded = "message.superseded";
inline constexpr const char* kCodeWithdrawn = "message.withdrawn";
// The code by which a sink says that its counterpart never had what a change is about: a permanent
// error with it ends the delivery as not held, which is final and calls no person.
inline constexpr const char* kCodeNotHeld = "delivery.not_held";
// The code by which confirm() says that the counterpart refuses what it had received: a permanent
// error with it is the verdict on an open receipt, and parks the delivery for its repair. The
// message holds the counterpart's own code.
inline constexpr const char* kCodeRejected = "delivery.rejected";

// Either a value or an Error. `value()` and `error()` may only be asked for what is held.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : held_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : held_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return held_.index() == 0; }
  explicit operator bool() const { return ok(); }
  T& value() & { return std::get<0>(held_); }
  const T& value() const& { return std::get<0>(held_); }
  T&& value() && { return std::get<0>(std::move(held_)); }
  const Error& error() const { return std::get<1>(held_); }

 private:
  std::variant<T, Error> held_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}

  bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  const Error& error() const { return error_.value(); }

 private:
  std::optional<Error> error_{};
};

}  // namespace certbridge
