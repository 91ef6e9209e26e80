// The three outer classes of the adapter.
#pragma once

#include <memory>

#include "certbridge/context.h"
#include "outbox_poller.h"

namespace certbridge::sql {

Result<std::unique_ptr<Source>> make_outbox(Context& context, StepObserver observer);
Result<std::unique_ptr<Sink>> make_statements(Context& context);
Result<std::unique_ptr<Responder>> make_queries(Context& context);

}  // namespace certbridge::sql
