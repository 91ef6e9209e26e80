#include <condition_variable>
#include <mutex>
#include <thread>

#include "certbridge/plugin.h"

namespace {
using namespace certbridge;

[[noreturn]] void hang() {
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock lock(mutex);
  while (true) never.wait(lock);
}

class Feeder final : public Source {
 public:
  Feeder(std::int64_t count, bool clings) : count_(count), clings_(clings) {}
  ~Feeder() override { join(); }
  void stop() override {
    if (clings_) hang();
    join();
  }
  Result<void> listen(Receiver& receiver) override {
    thread_ = std::thread([&receiver, count = count_] {
      for (std::int64_t i = 1; i <= count; ++i) {
        Message message;
        message.type = "zoo.food";
        message.source_key = std::to_string(i);
        message.headers["event-type"] = i % 2 == 1 ? "odd" : "even";
        receiver.accept({message});
      }
    });
    return {};
  }

 private:
  void join() {
    if (thread_.joinable()) thread_.join();
  }
  std::int64_t count_;
  bool clings_;
  std::thread thread_{};
};

// Its counterpart has acted by the time it hangs.
class Drowning final : public Sink {
 public:
  Drowning(Logger& logger, bool hangs) : logger_(logger), hangs_(hangs) {}
  Result<Receipt> send(const Message&, const Call&) override {
    logger_.log(LogLevel::kInfo, hangs_ ? "hangs.entered" : "hangs.sent", {});
    if (hangs_) hang();
    return Receipt{};
  }
  Result<Confirmation> confirm(const Message&, const Call&) override {
    logger_.log(LogLevel::kInfo, "hangs.confirmed", {});
    Confirmation present;
    present.state = Confirmation::State::kPresent;
    present.receipt = Receipt{};
    return present;
  }

 private:
  Logger& logger_;
  bool hangs_;
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
  Result<std::unique_ptr<Source>> make_source(std::string_view kind, Context& context) override {
    return std::unique_ptr<Source>(
        new Feeder(context.config().integer("count").value(), kind == "clinger"));
  }
  Result<std::unique_ptr<Sink>> make_sink(std::string_view kind, Context& context) override {
    return std::unique_ptr<Sink>(new Drowning(context.logger(), kind == "drowner"));
  }
  Result<std::unique_ptr<Processor>> make_processor(std::string_view kind,
                                                    Context& context) override {
    return std::unique_ptr<Processor>(new Hanging(context.logger(), kind == "waiter"));
  }
};
}  // namespace
CERTBRIDGE_PLUGIN(HangingPlugin, "hangs", "1.0.0")
