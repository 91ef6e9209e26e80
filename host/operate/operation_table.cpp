#include "operate/operation_table.h"

namespace certbridge::host {
namespace {

using Type = ParameterType;

const std::vector<Role> kLookers{Role::kOperator, Role::kReviewer, Role::kInspector,
                                 Role::kAuditAdministrator};
const std::vector<Role> kOperators{Role::kOperator};
const std::vector<Role> kReviewers{Role::kReviewer};

constexpr Parameter kReason{"reason", Type::kText, true, false, "why; kept with your name"};
constexpr Parameter kLimit{"limit", Type::kNumber, false, false, "at most so many"};
constexpr Parameter kMessage{"message", Type::kText, true, true, "the message's id"};
constexpr Parameter kDelivery{"delivery", Type::kText, false, false,
                              "name of one delivery of it, where only that one is meant"};
constexpr Parameter kEndpoint{"endpoint", Type::kText, false, false, "only to this endpoint"};
constexpr Parameter kEverything{"all", Type::kFlag, false, false, "yes: every delivery"};
constexpr Parameter kRoute{"route", Type::kText, false, false, "only of this route"};
constexpr Parameter kCode{"code", Type::kText, false, false, "only with this reason code"};
constexpr Parameter kFrom{"from", Type::kTime, false, false, "only parked at or after"};
constexpr Parameter kUntil{"until", Type::kTime, false, false, "only parked before"};
constexpr Parameter kWait{"wait", Type::kNumber, false, false,
                          "seconds to wait for what comes of it (10)"};
constexpr Parameter kUnconfirmed{
    "unconfirmed", Type::kFlag, false, false,
    "yes: send without asking the counterpart first what it has; you answer for it"};
constexpr Parameter kJob{"job", Type::kNumber, true, true, "the replay's number"};
constexpr Parameter kReview{"review", Type::kNumber, true, true, "the review's number"};

}  // namespace

const std::vector<Operation>& operations() {
  static const std::vector<Operation> kAll{
      {"actions",
       "list",
       Effect::kReads,
       kLookers,
       "who did what, when and why; newest first",
       {{"target", Type::kText, false, false, "only of this message, replay or review"},
        {"person", Type::kText, false, false, "only of this person"},
        kLimit},
       &list_actions},
      {"deliveries",
       "hold",
       Effect::kChanges,
       kOperators,
       "let deliveries wait, without using up attempts",
       {kEndpoint, kRoute, kEverything, kReason},
       &hold_deliveries},
      {"deliveries",
       "release",
       Effect::kChanges,
       kOperators,
       "let deliveries go that are on hold",
       {kEndpoint, kRoute, kEverything, kReason},
       &release_hold},
      {"deliveries",
       "holds",
       Effect::kReads,
       kLookers,
       "what is on hold, since when, by whom and why",
       {},
       &list_holds},
      {"parked",
       "list",
       Effect::kReads,
       kLookers,
       "messages and deliveries that wait for a person",
       {kEndpoint, kRoute, kCode, kFrom, kUntil, kLimit},
       &list_parked},
      {"parked",
       "show",
       Effect::kReads,
       kLookers,
       "one of them with its reason, its history and what may be done",
       {kMessage},
       &show_parked},
      {"parked",
       "refetch",
       Effect::kChanges,
       kOperators,
       "the record was corrected at its source: read it again",
       {kMessage, kReason, kWait},
       &refetch_parked},
      {"parked",
       "remap",
       Effect::kChanges,
       kOperators,
       "a code table or route was mended: prepare it again",
       {kMessage, kReason, kWait},
       &remap_parked},
      {"parked",
       "repair",
       Effect::kChanges,
       kOperators,
       "set a routing header that a plugin's manifest calls repairable, and run it again",
       {kMessage,
        {"header", Type::kText, true, false, "name of the header"},
        {"value", Type::kText, true, false, "what it should be"},
        kReason,
        kWait},
       &repair_parked},
      {"parked",
       "discard",
       Effect::kChanges,
       kOperators,
       "give it up for good",
       {kMessage, kDelivery, kReason},
       &discard_parked},
      {"replay",
       "preview",
       Effect::kReads,
       kLookers,
       "what a replay would take up, and what might arrive twice",
       {kEndpoint, kRoute, kCode, kFrom, kUntil, kUnconfirmed},
       &preview_replay},
      {"replay",
       "start",
       Effect::kChanges,
       kOperators,
       "take up again what is parked, as a job",
       {kEndpoint,
        kRoute,
        kCode,
        kFrom,
        kUntil,
        kUnconfirmed,
        {"rate", Type::kNumber, true, false, "how many a second, 1 to 1000"},
        {"expect", Type::kNumber, true, false,
         "how many the preview said: refused when it is not so"},
        kReason},
       &start_replay},
      {"replay",
       "list",
       Effect::kReads,
       kLookers,
       "replays, newest first",
       {kLimit},
       &list_replays},
      {"replay",
       "show",
       Effect::kReads,
       kLookers,
       "one replay and what it took up",
       {kJob, kLimit},
       &show_replay},
      {"replay",
       "pause",
       Effect::kChanges,
       kOperators,
       "take up nothing more for now",
       {kJob, kReason},
       &pause_replay},
      {"replay",
       "resume",
       Effect::kChanges,
       kOperators,
       "go on with a paused replay",
       {kJob, kReason},
       &resume_replay},
      {"replay",
       "stop",
       Effect::kChanges,
       kOperators,
       "end it; what it did not take stays parked",
       {kJob, kReason},
       &stop_replay},
      {"review",
       "list",
       Effect::kReads,
       kLookers,
       "certificates that wait for a reviewer",
       {{"state", Type::kText, false, false, "waiting, released, returned, superseded or all"},
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
        {"digest", Type::kText, true, false, "the digest that `review show` gave: what you saw"},
        kReason},
       &release_review},
      {"review",
       "return",
       Effect::kChanges,
       kReviewers,
       "send it back to the registration system",
       {kReview,
        {"digest", Type::kText, true, false, "the digest that `review show` gave: what you saw"},
        kReason},
       &return_review},
  };
  return kAll;
}

const Operation* operation_at(std::string_view path) {
  for (const Operation& operation : operations()) {
    if (operation.path() == path) return &operation;
  }
  return nullptr;
}

}  // namespace certbridge::host
