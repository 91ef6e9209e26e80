// What sources hand over and what the engine makes of it, prepared on the caller's thread.
#include <future>

#include "journal/failure.h"
#include "journal/search_digests.h"
#include "journal/sqlite_store.h"
#include "journal/transition_parts.h"

namespace certbridge::host {
namespace {

constexpr std::chrono::milliseconds kAskAgainWhenFull{5000};
constexpr std::chrono::milliseconds kAskAgain{1000};

Error disk_is_full() {
  Error full = Error::retryable("journal.full",
                                "the disk of the data folder is full; make room. Nothing new is "
                                "taken in until then; deliveries go on");
  full.retry_after = kAskAgainWhenFull;
  return full;
}

Acceptance busy_answer(const Error& error) {
  Acceptance answer;
  answer.verdict = Acceptance::Verdict::kBusy;
  answer.code = error.code;
  answer.message = error.message;
  answer.retry_after = error.retry_after.value_or(kAskAgain);
  return answer;
}

// What costs little to keep in memory until its steps have run.
bool is_small(const PreparedMessage& prepared) {
  return prepared.body.name.empty() && prepared.record.attachments.empty();
}

// As it would be read from the journal now.
StoredMessage just_accepted(Message message, const std::string& id, const std::string& source,
                            const PreparedMessage& prepared, Timestamp now) {
  StoredMessage stored;
  stored.message = std::move(message);
  stored.message.id = id;
  std::int64_t order_number = 0;
  std::string path;
  parse_message_id(id, order_number, path);
  stored.message.order_number = static_cast<std::uint64_t>(order_number);
  stored.source = source;
  stored.lane = prepared.lane;
  stored.since = stored.message.created;
  stored.changed = now;
  return stored;
}

}  // namespace

PreparedMessage SqliteStore::prepare(const std::string& source, const Message& message,
                                     ContentHold& hold) {
  PreparedMessage prepared;
  std::uint64_t size = message.body == nullptr ? 0 : message.body->size();
  for (const Attachment& attachment : message.attachments) size += attachment.size;
  const auto unread = message.headers.find("intake-error-code");
  if (message.classified) {
    prepared = prepare_refused(
        message, *keys_,
        Error::permanent("intake.classified", "declared classified: only the fact is kept"), false);
  } else if (size > settings_.largest_message_bytes) {
    prepared =
        prepare_refused(message, *keys_,
                        Error::permanent("intake.too_large",
                                         "a message of " + std::to_string(size) +
                                             " bytes is above the limit; its content is not kept"),
                        true);
  } else {
    prepared = prepare_message(message, *keys_, *contents_, settings_.clock->now(), hold);
    if (unread != message.headers.end()) {
      const auto text = message.headers.find("intake-error");
      prepared.error_code = unread->second;
      prepared.error_message = text == message.headers.end() ? "" : text->second;
    }
  }
  if (settings_.lane_of) prepared.lane = settings_.lane_of(source, message);
  prepare_ledger(prepared, source, *keys_);
  return prepared;
}

std::vector<Acceptance> SqliteStore::accept(const std::string& source,
                                            std::vector<Message> messages) {
  return take_in(source, std::move(messages), false).answers;
}

TakenIn SqliteStore::take_in(const std::string& source, std::vector<Message> messages) {
  return take_in(source, std::move(messages), true);
}

// `tell`: what is small and ready is answered rather than announced.
TakenIn SqliteStore::take_in(const std::string& source, std::vector<Message> messages, bool tell) {
  const auto busy = [&](const Error& error) {
    return TakenIn{std::vector<Acceptance>(messages.size(), busy_answer(error)), {}};
  };
  if (messages.empty()) return {};
  if (!has_room()) return busy(disk_is_full());
  auto hold = std::make_shared<ContentHold>(*contents_);
  auto prepared = std::make_shared<std::vector<PreparedMessage>>();
  try {
    for (const Message& message : messages) prepared->push_back(prepare(source, message, *hold));
  } catch (const Failure& failure) {
    return busy(failure.error());
  }
  auto taken = std::make_shared<TakenIn>();
  auto ready = std::make_shared<std::vector<std::size_t>>();  // places in `messages`
  auto now = std::make_shared<Timestamp>();
  const auto written = write(
      [=](Change& change) {
        taken->answers.clear();
        ready->clear();
        *now = change.now;
        name_contents(change, hold->contents);
        for (std::size_t i = 0; i < prepared->size(); ++i) {
          bool may_run = false;
          taken->answers.push_back(accept_message(change, source, (*prepared)[i], may_run));
          if (!may_run) continue;
          if (tell && is_small((*prepared)[i])) {
            ready->push_back(i);
          } else {
            change.made_work = true;
          }
        }
      },
      messages.size(), hold->buckets);
  if (!written) return busy(written.error());
  for (const std::size_t i : *ready) {
    taken->ready.push_back(
        just_accepted(std::move(messages[i]), taken->answers[i].id, source, (*prepared)[i], *now));
  }
  return std::move(*taken);
}

Result<void> SqliteStore::apply(Transition transition) {
  transition.send_at_once.clear();
  auto routed = route(std::move(transition));
  if (!routed) return routed.error();
  return {};
}

// Throws Failure.
PreparedTransition SqliteStore::prepare(Transition transition, ContentHold& hold) {
  PreparedTransition prepared;
  const Timestamp now = settings_.clock->now();
  const auto prepared_of = [&](const Message& message) {
    return prepare_message(message, *keys_, *contents_, now, hold);
  };
  for (const RoutedChild& child : transition.children) {
    prepared.children.push_back(prepared_of(child.message));
    for (const SearchTerm& term : child.search_terms) {
      prepared.children.back().record.search.push_back(search_digest(*keys_, term));
    }
  }
  for (const StepResult& result : transition.step_results) {
    std::vector<PreparedMessage> messages;
    for (const Message& message : result.messages) messages.push_back(prepared_of(message));
    prepared.step_results.emplace_back(result.step_key, std::move(messages));
  }
  prepared.transition = std::move(transition);
  return prepared;
}

Result<std::vector<StoredDelivery>> SqliteStore::route(Transition transition) {
  auto done = std::make_shared<std::promise<Result<std::vector<StoredDelivery>>>>();
  auto answer = done->get_future();
  route_later(std::move(transition), [done](auto begun) { done->set_value(std::move(begun)); });
  return answer.get();
}

void SqliteStore::route_later(Transition transition, Routed then) {
  if (writer_ == nullptr) return then(read_only());
  const bool brings_content = !transition.children.empty() || !transition.step_results.empty();
  if (brings_content && !has_room()) return then(disk_is_full());
  auto hold = std::make_shared<ContentHold>(*contents_);
  auto prepared = std::make_shared<PreparedTransition>();
  try {
    *prepared = prepare(std::move(transition), *hold);
  } catch (const Failure& failure) {
    return then(failure.error());
  }
  auto at_once = std::make_shared<SendAtOnce>();
  at_once->endpoints = std::move(prepared->transition.send_at_once);
  const auto work = [prepared, hold, at_once](Change& change) {
    at_once->begun.clear();
    if (!at_once->endpoints.empty()) change.at_once = at_once.get();
    name_contents(change, hold->contents);
    apply_transition(change, *prepared);
  };
  writer_->submit(work, 1, hold->buckets, [at_once, then](const Result<void>& written) {
    if (!written) return then(written.error());
    then(std::move(at_once->begun));
  });
}

}  // namespace certbridge::host
