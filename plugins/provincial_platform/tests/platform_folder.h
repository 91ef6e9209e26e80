// The platform's folders in memory, behind the words of the file adapter.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "certbridge/endpoint.h"
#include "plugin_test.h"

namespace certbridge::provincial_platform::testing {

class PlatformFolder final : public Sink, public Responder {
 public:
  // Of both interfaces, which share their base twice.
  Result<void> start() override { return {}; }
  void stop() override {}
  Result<void> check(const Call&) override { return {}; }
  Result<Receipt> send(const Message& message, const Call& call) override;
  Result<Confirmation> confirm(const Message& message, const Call& call) override;
  Result<Message> answer(const Message& question, const Call& call) override;

  // As what a sink sends to and hears from, with sample_key() to sign by.
  void lend_to(FakeContext& context);

  void fail_next() { failing_ = true; }  // the file is not put, the caller learns nothing
  void before_put(std::function<void()> watch) { watch_ = std::move(watch); }
  void take(const std::string& path) { files_.erase(path); }
  void respond(const std::string& number, const std::string& flag, const std::string& code,
               const std::string& words);
  void put_response(const std::string& number, const std::string& text);
  void put_file(const std::string& path, const std::string& text);
  std::vector<std::string> names() const;  // of messages that lie there
  std::vector<std::string> names_with(const std::string& part) const;
  const std::vector<std::string>& puts() const { return puts_; }  // bytes of each attempt

 private:
  mutable std::mutex mutex_{};
  std::map<std::string, std::string> files_{};
  std::map<std::string, int> written_{};  // how often; stands for the time of a file
  std::vector<std::string> puts_{};
  std::function<void()> watch_{};
  bool failing_ = false;
};

}  // namespace certbridge::provincial_platform::testing
