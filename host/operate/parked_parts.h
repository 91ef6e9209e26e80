// What the operations on parked work share.
#pragma once

#include "operate/operation.h"

namespace certbridge::host {

ParkedQuery parked_query(const OperationCall& call);
bool is_set_aside(DeliveryState state);  // parked, repair
Error not_parked(const std::string& message, const std::string& delivery);

// Headers that the manifests of the source, and of the processors that its messages may meet, call
// repairable.
std::vector<std::string> repairable_headers(const Configuration& configuration,
                                            const std::string& source);
// Its source could not take it as it was, so that its steps never ran ("file.charset").
bool is_refused_by_source(const StoredMessage& stored);
// Whether the steps of this message may run again from the first one. What its source refused may
// only where a person answers for it: nothing would look at it once more.
Result<void> may_run_anew(const StoredMessage& stored, bool unchecked = false);
// The message that this one was made of, where that may run again because a counterpart refused
// this one; nothing otherwise.
Result<std::optional<StoredMessage>> made_of(const OperationCall& call, const std::string& id);
// The change that does it; the actions and traces around it are the caller's.
MessageChange running_anew(const StoredMessage& stored);
// The change that takes a delivery up again. Where something may have left before, the counterpart
// is asked first what it has, unless a person answers for it.
DeliveryChange taking_up(const StoredDelivery& delivery, bool unconfirmed, Timestamp now);

}  // namespace certbridge::host
