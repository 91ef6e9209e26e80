#include "certbridge/plugin.h"

#include "days.h"

namespace certbridge::calendar {

class CalendarPlugin final : public Plugin {
 public:
  Result<std::unique_ptr<Source>> make_source(std::string_view kind, Context& context) override {
    if (kind != "days") return Plugin::make_source(kind, context);
    return make_days(context);
  }
};

}  // namespace certbridge::calendar

CERTBRIDGE_PLUGIN(certbridge::calendar::CalendarPlugin, "calendar", "1.0.0")
