#include <condition_variable>
#include <mutex>
#include <thread>

#include "certbridge/plugin.h"

namespace {
using namespace certbridge;

class Feeder final : public Source {
 public:
  ~Feeder() override { join(); }
  void stop() override { join(); }
  Result<void> listen(Receiver& receiver) override {
    thread_ = std::thread([&receiver] {
      Message message;
      message.type = "zoo.food";
      message.source_key = "1";
      receiver.accept({message});
    });
    return {};
  }

 private:
  void join() {
    if (thread_.joinable()) thread_.join();
  }
  std::thread thread_{};
};

class Hanging final : public Processor {
 public:
  Hanging(Logger& logger, bool listens) : logger_(logger), listens_(listens) {}
  Result<std::vector<Message>> process(const Message&, const Call& call) override {
    logger_.log(LogLevel::kInfo, "hangs.entered", {});
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    never.wait(lock, listens_ ? call.stop : std::stop_token(), [] { return false; });
    return Error::retryable("hangs.stopped", "told to stop");
  }

 private:
  Logger& logger_;
  bool listens_;
};

class HangingPlugin final : public Plugin {
 public:
  Result<std::unique_ptr<Source>> make_source(std::string_view, Context&) override {
    return std::unique_ptr<Source>(new Feeder());
  }
  Result<std::unique_ptr<Processor>> make_processor(std::string_view kind,
                                                    Context& context) override {
    return std::unique_ptr<Processor>(new Hanging(context.logger(), kind == "waiter"));
  }
};
}  // namespace
CERTBRIDGE_PLUGIN(HangingPlugin, "hangs", "1.0.0")
