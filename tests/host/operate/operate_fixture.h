// A real engine and journal, and people who operate them.
#pragma once

#include <map>
#include <mutex>

#include "access/policy/operator_access.h"
#include "engine_fixture.h"
#include "operate/authority.h"
#include "operate/operation_table.h"
#include "operate/replay_runner.h"
#include "operate/wire.h"

namespace certbridge::host {

inline constexpr const char* kOperatorKey = "key-of-wang-0123456789-0123456789";
inline constexpr const char* kReviewerKey = "key-of-liu-00123456789-0123456789";
inline constexpr const char* kAuditorKey = "key-of-zhou-0123456789-0123456789";

// Admits whatever is wished for, with numbers from 7 on; refuses with `code` when it is set.
class KeptWishes final : public OperatorAccess {
 public:
  Result<std::uint64_t> admit(const OperatorWish& wish) override {
    const std::lock_guard lock(mutex);
    if (!code.empty()) return Error::permanent(code, "no");
    wishes.push_back(wish);
    return wishes.size() + 6;
  }
  std::mutex mutex{};
  std::string code{};
  std::vector<OperatorWish> wishes{};
};

class OperateTest : public EngineTest {
 protected:
  OperateTest();
  // The desk; people and endpoints are configured before it is asked for.
  OperationDesk& desk();
  // What is answered to whoever shows this key.
  OperationResponse ask(const std::string& key, const std::string& name,
                        const ParameterValues& values = {});
  // The answer of a request that must succeed.
  OperationAnswer done(const std::string& key, const std::string& name,
                       const ParameterValues& values = {});
  // The code of a request that must be refused with this status.
  std::string refused(int status, const std::string& key, const std::string& name,
                      const ParameterValues& values = {});
  void start_replays();

  // Before the desk is asked for: keys by the names of their secrets, and what it is lent.
  std::map<std::string, std::string> keys_of_people_{
      {"key-wang", kOperatorKey}, {"key-liu", kReviewerKey}, {"key-zhou", kAuditorKey}};
  PersonalKeyDestroyer* access_keys_ = nullptr;
  KeptWishes wishes_{};
  bool records_accesses_ = true;  // before the desk is asked for
  std::unique_ptr<OperationDesk> desk_{};
  std::unique_ptr<ReplayRunner> replays_{};
};

// Value, cell by row and column, and number of rows; empty and 0 where there is none.
std::string value_of(const OperationAnswer& answer, const std::string& name);
std::string cell_of(const OperationAnswer& answer, const std::string& table, std::size_t row,
                    const std::string& column);
std::size_t rows_of(const OperationAnswer& answer, const std::string& table);

}  // namespace certbridge::host
