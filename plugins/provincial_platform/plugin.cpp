#include "certbridge/plugin.h"

#include "booking_check.h"
#include "bookings.h"
#include "day_reader.h"
#include "log_sender.h"
#include "log_watch.h"
#include "missing_bookings.h"
#include "returned.h"
#include "submitter.h"

namespace certbridge::provincial_platform {

class ProvincialPlatformPlugin final : public Plugin {
 public:
  Result<std::unique_ptr<Sink>> make_sink(std::string_view kind, Context& context) override {
    if (kind == "submitter") return make_submitter(context);
    if (kind == "daily-log") return make_log_sender(context);
    if (kind == "log-watch") return make_log_watch(context);
    if (kind == "returned-bookings") return make_returned_bookings(context);
    return Plugin::make_sink(kind, context);
  }
  Result<std::unique_ptr<Processor>> make_processor(std::string_view kind,
                                                    Context& context) override {
    if (kind == "bookings") return make_bookings(context);
    if (kind == "missing-bookings") return make_missing_bookings(context);
    if (kind == "booked-day") return make_day_reader(context);
    return Plugin::make_processor(kind, context);
  }
  Result<std::unique_ptr<Responder>> make_responder(std::string_view kind,
                                                    Context& context) override {
    if (kind == "booking-check") return make_booking_check(context);
    return Plugin::make_responder(kind, context);
  }
};

}  // namespace certbridge::provincial_platform

CERTBRIDGE_PLUGIN(certbridge::provincial_platform::ProvincialPlatformPlugin, "provincial_platform",
                  "1.0.0")
