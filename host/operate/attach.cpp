#include "operate/attach.h"

#include "operate/face_schedule.h"
#include "operate/operate_front.h"
#include "operate/reconcile_schedule.h"
#include "operate/replay_runner.h"
#include "reconcile/reconciler.h"
#include "search/search_follower.h"

namespace certbridge::host {
namespace {

constexpr std::chrono::seconds kSearchPeriod{1};

class Operations final : public Companion {
 public:
  Operations(const EngineServices& services, People people, const AccessOfHost& access)
      : reconciler_(services.configuration, services.store, services.endpoints, services.clock,
                    stop_.get_token()),
        faces_(services),
        desk_({services.configuration, services.store, services.clock, stop_.get_token(),
               &reconciler_, access.operators, access.keys, access.objections, &faces_},
              std::move(people), services.metrics, services.logger),
        replay_(services.store, services.clock, services.logger),
        schedule_(services, reconciler_),
        search_(
            {services.configuration.data_folder, services.configuration.journal.search_retention},
            services.store.search_source(), services.clock, services.logger, kSearchPeriod) {}
  ~Operations() override {
    stop_.request_stop();  // whoever waits for an outcome gives his thread back
    if (front_) front_->stop();
  }

  Result<void> open(const OperateConfig& configuration, Logger& logger) {
    auto front = open_operate_front(configuration, desk_);
    if (!front) return front.error();
    front_ = std::move(front).value();
    logger.log(LogLevel::kInfo, "operate.listening",
               {{"socket", configuration.socket}, {"port", std::to_string(front_->port())}});
    return {};
  }

 private:
  std::stop_source stop_{};
  Reconciler reconciler_;
  FaceSchedule faces_;
  OperationDesk desk_;
  ReplayRunner replay_;
  ReconcileSchedule schedule_;
  SearchFollower search_;
  std::unique_ptr<OperateFront> front_{};
};

}  // namespace

Result<std::unique_ptr<Companion>> attach_operations(
    const EngineServices& services,
    const std::function<Result<std::string>(const std::string& name)>& secret,
    const AccessOfHost& access) {
  auto people = People::from(services.configuration.operate, secret);
  if (!people) return people.error();
  auto operations = std::make_unique<Operations>(services, std::move(people).value(), access);
  if (auto opened = operations->open(services.configuration.operate, services.logger); !opened) {
    return opened.error();
  }
  return std::unique_ptr<Companion>(std::move(operations));
}

}  // namespace certbridge::host
