// The platform's folders on disk, behind the words of the file adapter.
#pragma once

#include <filesystem>

#include "certbridge/endpoint.h"

namespace certbridge::provincial_platform::testing {

class DiskFolder final : public Sink, public Responder {
 public:
  explicit DiskFolder(std::filesystem::path folder) : folder_(std::move(folder)) {}
  Result<void> start() override { return {}; }
  void stop() override {}
  Result<void> check(const Call&) override { return {}; }
  Result<Receipt> send(const Message& message, const Call& call) override;
  Result<Confirmation> confirm(const Message& message, const Call& call) override;
  Result<Message> answer(const Message& question, const Call& call) override;

 private:
  std::filesystem::path path_of(const Message& message) const;
  std::filesystem::path folder_;
};

}  // namespace certbridge::provincial_platform::testing
