// What each file of operations brings to the table. Their order is the order on the command line.
#pragma once

#include "operate/operation.h"

namespace certbridge::host {

std::vector<Operation> access_operations();
std::vector<Operation> access_key_operations();
std::vector<Operation> action_operations();
std::vector<Operation> again_operations();
std::vector<Operation> catalogue_operations();
std::vector<Operation> daily_log_operations();
std::vector<Operation> hold_operations();
std::vector<Operation> library_use_operations();
std::vector<Operation> message_operations();
std::vector<Operation> objection_operations();
std::vector<Operation> parked_operations();
std::vector<Operation> reconcile_operations();
std::vector<Operation> register_operations();
std::vector<Operation> replay_operations();
std::vector<Operation> review_operations();
std::vector<Operation> run_anew_operations();
std::vector<Operation> verdict_operations();
std::vector<Operation> waiting_operations();

// Who may look, and who may do what.
inline const std::vector<Role> kLookers{Role::kOperator, Role::kReviewer, Role::kInspector,
                                        Role::kAuditAdministrator};
inline const std::vector<Role> kOperators{Role::kOperator};
inline const std::vector<Role> kReviewers{Role::kReviewer};

// Parameters that mean the same wherever they stand.
inline constexpr Parameter kReason{"reason", ParameterType::kText, true, false,
                                   "why; kept with your name"};
inline constexpr Parameter kLimit{"limit", ParameterType::kNumber, false, false, "at most so many"};
inline constexpr Parameter kMessage{"message", ParameterType::kText, true, true,
                                    "the message's id"};
inline constexpr Parameter kEndpoint{"endpoint", ParameterType::kText, false, false,
                                     "only to this endpoint"};
inline constexpr Parameter kRoute{"route", ParameterType::kText, false, false,
                                  "only of this route"};
inline constexpr Parameter kCode{"code", ParameterType::kText, false, false,
                                 "only with this reason code"};
inline constexpr Parameter kFrom{"from", ParameterType::kTime, false, false,
                                 "only parked at or after"};
inline constexpr Parameter kUntil{"until", ParameterType::kTime, false, false,
                                  "only parked before"};

}  // namespace certbridge::host
