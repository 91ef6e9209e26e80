// The source of kind "days".
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "agenda.h"
#include "certbridge/context.h"

namespace certbridge::calendar {

struct DaysSettings {
  AgendaSettings agenda{};
  std::string type{};
  std::string order_key{};
  std::chrono::milliseconds poll{10'000};
  std::vector<Repeat> repeats{};
};

// How far it has come is in the host's memory; what was handed over after that and before a stop
// comes again, and the host's ledger knows it by area, day and turn. Owns the thread "calendar".
class Days final : public Source {
 public:
  // `context` outlives it.
  Days(DaysSettings settings, Context& context);
  ~Days() override;
  Result<void> listen(Receiver& receiver) override;
  void stop() override;

  // One look: how many turns were handed over. For the thread, and for tests.
  Result<std::size_t> look_once(Receiver& receiver);

 private:
  void run(Receiver& receiver);
  Result<void> open();
  Message message_of(const std::string& area, Day day, const std::string& turn) const;
  void take_answer(const Turn& turn, const Acceptance& answer);
  void hand_over_repeats(Receiver& receiver);
  void note_refused(const Message& message, const Acceptance& answer);
  Result<void> remember();

  DaysSettings settings_;
  Context& context_;
  std::optional<Agenda> agenda_{};           // once the memory was read
  std::map<std::string, Day> remembered_{};  // by area
  std::chrono::milliseconds busy_for_{0};
  std::mutex mutex_{};
  std::condition_variable stopped_{};
  bool stopping_ = false;  // under mutex_
  std::thread thread_{};
};

// "calendar.option" and the codes of the configuration.
Result<std::unique_ptr<Source>> make_days(Context& context);

}  // namespace certbridge::calendar
