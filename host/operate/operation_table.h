// All operations. What stands here exists on the command line and as HTTP API, and nothing else
// does.
#pragma once

#include "operate/operation.h"

namespace certbridge::host {

const std::vector<Operation>& operations();
// Null when there is none.
const Operation* operation_at(std::string_view path);

// The operations themselves; each file holds those of one noun.
Result<OperationAnswer> admit_operator(const OperationCall& call);
Result<OperationAnswer> request_key_destruction(const OperationCall& call);
Result<OperationAnswer> confirm_key_destruction(const OperationCall& call);
Result<OperationAnswer> list_actions(const OperationCall& call);
Result<OperationAnswer> hold_deliveries(const OperationCall& call);
Result<OperationAnswer> release_hold(const OperationCall& call);
Result<OperationAnswer> list_holds(const OperationCall& call);
Result<OperationAnswer> list_daily_logs(const OperationCall& call);
Result<OperationAnswer> list_missing_arrivals(const OperationCall& call);
Result<OperationAnswer> reconcile_books(const OperationCall& call);
Result<OperationAnswer> deliver_again(const OperationCall& call);
Result<OperationAnswer> find_messages(const OperationCall& call);
Result<OperationAnswer> list_library_uses(const OperationCall& call);
Result<OperationAnswer> list_waiting(const OperationCall& call);
Result<OperationAnswer> list_parked(const OperationCall& call);
Result<OperationAnswer> show_parked(const OperationCall& call);
Result<OperationAnswer> refetch_parked(const OperationCall& call);
Result<OperationAnswer> remap_parked(const OperationCall& call);
Result<OperationAnswer> repair_parked(const OperationCall& call);
Result<OperationAnswer> discard_parked(const OperationCall& call);
Result<OperationAnswer> preview_replay(const OperationCall& call);
Result<OperationAnswer> start_replay(const OperationCall& call);
Result<OperationAnswer> list_replays(const OperationCall& call);
Result<OperationAnswer> show_replay(const OperationCall& call);
Result<OperationAnswer> pause_replay(const OperationCall& call);
Result<OperationAnswer> resume_replay(const OperationCall& call);
Result<OperationAnswer> stop_replay(const OperationCall& call);
Result<OperationAnswer> list_reviews(const OperationCall& call);
Result<OperationAnswer> show_review(const OperationCall& call);
Result<OperationAnswer> release_review(const OperationCall& call);
Result<OperationAnswer> return_review(const OperationCall& call);
Result<OperationAnswer> list_verdicts(const OperationCall& call);
Result<OperationAnswer> discard_verdict(const OperationCall& call);
Result<OperationAnswer> list_objections(const OperationCall& call);
Result<OperationAnswer> show_objection(const OperationCall& call);
Result<OperationAnswer> take_objection(const OperationCall& call);
Result<OperationAnswer> confirm_objection(const OperationCall& call);
Result<OperationAnswer> correct_objection(const OperationCall& call);
Result<OperationAnswer> withdraw_objection(const OperationCall& call);
Result<OperationAnswer> list_complaints(const OperationCall& call);
Result<OperationAnswer> show_complaint(const OperationCall& call);
Result<OperationAnswer> take_complaint(const OperationCall& call);
Result<OperationAnswer> uphold_complaint(const OperationCall& call);
Result<OperationAnswer> reject_complaint(const OperationCall& call);
Result<OperationAnswer> withdraw_complaint(const OperationCall& call);

Result<OperationAnswer> list_types(const OperationCall& call);
Result<OperationAnswer> show_type(const OperationCall& call);
Result<OperationAnswer> list_type_lanes(const OperationCall& call);
Result<OperationAnswer> list_face_differences(const OperationCall& call);
Result<OperationAnswer> list_changes(const OperationCall& call);
Result<OperationAnswer> list_ending_certificates(const OperationCall& call);
Result<OperationAnswer> believe_day(const OperationCall& call);

}  // namespace certbridge::host
