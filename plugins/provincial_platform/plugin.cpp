#include "certbridge/plugin.h"

#include "booking/booking_check.h"
#include "booking/bookings.h"
#include "booking/returned.h"
#include "daily_log/day_reader.h"
#include "daily_log/log_sender.h"
#include "daily_log/log_watch.h"
#include "daily_log/missing_bookings.h"
#include "submission/submitter.h"

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
