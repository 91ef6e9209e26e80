// Prepared certificates before a reviewer (article 8 of the measures). What he decides holds for
// the digest of what he saw.
#include "access/policy/operator_access.h"
#include "engine/reading.h"
#include "operate/operation_lists.h"
#include "operate/parts.h"

namespace certbridge::host {
namespace {

std::string target_of(const Review& review) { return "review " + std::to_string(review.id); }

Result<std::optional<ReviewState>> review_state_wanted(const OperationCall& call) {
  const std::string name = call.text("state");
  if (name == "all") return std::optional<ReviewState>();
  if (name.empty()) return std::optional<ReviewState>(ReviewState::kWaiting);
  for (const ReviewState state : {ReviewState::kWaiting, ReviewState::kReleased,
                                  ReviewState::kReturned, ReviewState::kSuperseded}) {
    if (to_text(state) == name) return std::optional<ReviewState>(state);
  }
  return Error::permanent("operate.parameter",
                          "`state` must be waiting, released, returned, superseded or all");
}

Result<Message> prepared_of(const OperationCall& call, const Review& review) {
  auto kept =
      call.services.store.step_result(review_step_key(review.subject, review.step, review.digest));
  if (!kept) return kept.error();
  if (!kept.value() || kept.value()->messages.empty()) {
    return Error::permanent("review.dropped",
                            "what was reviewed is no longer kept: its retention is over");
  }
  return std::move(kept.value()->messages.front());
}

void put_review(const Review& review, OperationAnswer& answer) {
  answer.values = {{"review", review.id},
                   {"state", to_text(review.state)},
                   {"message", review.message_id},
                   {"certificate", review.subject},
                   {"step", review.step},
                   {"digest", to_hex(review.digest)},
                   {"asked", time_field(review.asked)},
                   {"decided", review.decided ? time_field(*review.decided) : Field("")},
                   {"person", review.person},
                   {"reason", review.reason}};
}

Result<OperationAnswer> decide(const OperationCall& call, const char* operation,
                               ReviewState state) {
  Store& store = call.services.store;
  const auto review = store.desk().review(call.number("review", 0));
  if (!review) return review.error();
  if (call.text("digest") != to_hex(review.value().digest)) {
    return Error::permanent("review.other_digest", "that is not the digest of " +
                                                       target_of(review.value()) +
                                                       ": look at it once more with `review show`");
  }
  Transition transition;
  transition.review_decision =
      ReviewDecision{review.value().id, state, call.actor.person, call.text("reason")};
  transition.actions.push_back(
      action_of(call, operation, target_of(review.value()), "digest " + call.text("digest")));
  transition.trace.push_back({review.value().message_id,
                              call.services.clock.now(),
                              review.value().step,
                              to_text(state),
                              target_of(review.value()) + " by " + call.actor.person,
                              {}});
  if (auto applied = store.apply(std::move(transition)); !applied) return applied.error();
  const auto decided = store.desk().review(review.value().id);
  if (!decided) return decided.error();
  OperationAnswer answer;
  put_review(decided.value(), answer);
  return answer;
}

// The number of the access record by which the reviewer sees the certificate as it is; 0 where the
// host records no accesses: then he sees the shapes of its values.
Result<std::uint64_t> admit_reviewer(const OperationCall& call, const Review& review,
                                     const Message& prepared) {
  if (call.services.access == nullptr) return std::uint64_t{0};
  OperatorWish wish;
  wish.kind = AccessKind::kDisplay;
  wish.person = call.actor.person;
  wish.role = call.actor.role;
  wish.ground = "reviewing";
  wish.reason = target_of(review);
  wish.about = target_of(review) + " of message " + review.message_id;
  const auto identifier = prepared.headers.find("identifier");
  if (identifier != prepared.headers.end()) wish.identifier = identifier->second;
  return call.services.access->admit(wish);
}

AnswerTable field_table(const Message& prepared, bool as_it_is) {
  AnswerTable fields{"certificate", {"field", "value"}, {}};
  for (const auto& [name, value] : fields_in(prepared)) {
    fields.rows.push_back({name, as_it_is ? value : masked(value)});
  }
  return fields;
}

Result<OperationAnswer> list_reviews(const OperationCall& call) {
  const auto state = review_state_wanted(call);
  if (!state) return state.error();
  const auto found = call.services.store.desk().reviews(state.value(), limit_of(call));
  if (!found) return found.error();
  AnswerTable table{
      "reviews", {"review", "state", "message", "certificate", "step", "asked", "person"}, {}};
  for (const Review& review : found.value()) {
    table.rows.push_back({review.id, to_text(review.state), review.message_id, review.subject,
                          review.step, time_field(review.asked), review.person});
  }
  OperationAnswer answer;
  answer.tables.push_back(std::move(table));
  return answer;
}

// What a certificate says is shown as it is: that it was looked at is on record before it leaves.
Result<OperationAnswer> show_review(const OperationCall& call) {
  const auto review = call.services.store.desk().review(call.number("review", 0));
  if (!review) return review.error();
  const auto prepared = prepared_of(call, review.value());
  if (!prepared) return prepared.error();
  const auto admitted = admit_reviewer(call, review.value(), prepared.value());
  if (!admitted) return admitted.error();
  OperationAnswer answer;
  put_review(review.value(), answer);
  answer.values.emplace_back("masked", admitted.value() == 0);
  answer.values.emplace_back("access record", count_field(admitted.value()));
  AnswerTable fields = field_table(prepared.value(), admitted.value() > 0);
  AnswerTable files{"files", {"file", "bytes", "digest"}, {}};
  for (const Attachment& file : prepared.value().attachments) {
    files.rows.push_back({file.name, count_field(file.size), to_hex(file.digest)});
  }
  answer.tables = {std::move(fields), std::move(files)};
  Transition record;
  record.actions.push_back(action_of(call, "review show", target_of(review.value()),
                                     "digest " + to_hex(review.value().digest)));
  if (auto applied = call.services.store.apply(std::move(record)); !applied) {
    return applied.error();
  }
  return answer;
}

Result<OperationAnswer> release_review(const OperationCall& call) {
  return decide(call, "review release", ReviewState::kReleased);
}
Result<OperationAnswer> return_review(const OperationCall& call) {
  return decide(call, "review return", ReviewState::kReturned);
}

constexpr Parameter kReview{"review", ParameterType::kNumber, true, true, "the review's number"};

}  // namespace

std::vector<Operation> review_operations() {
  return {
      {"review",
       "list",
       Effect::kReads,
       kLookers,
       "certificates that wait for a reviewer",
       {{"state", ParameterType::kText, false, false,
         "waiting, released, returned, superseded or all"},
        kLimit},
       &list_reviews},
      {"review",
       "show",
       Effect::kReveals,
       kReviewers,
       "the prepared certificate as it would be sealed",
       {kReview},
       &show_review},
      {"review",
       "release",
       Effect::kChanges,
       kReviewers,
       "let it be sealed",
       {kReview,
        {"digest", ParameterType::kText, true, false,
         "the digest that `review show` gave: what you saw"},
        kReason},
       &release_review},
      {"review",
       "return",
       Effect::kChanges,
       kReviewers,
       "send it back to the registration system",
       {kReview,
        {"digest", ParameterType::kText, true, false,
         "the digest that `review show` gave: what you saw"},
        kReason},
       &return_review},
  };
}

}  // namespace certbridge::host
