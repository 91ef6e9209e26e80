// Uses of provisional case numbers: a number that did not become a case in time is flagged.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "query/parts.h"

namespace certbridge::host {

// Codes of the flags, whose `refers_to` is the use.
inline constexpr const char* kNoCase = "provisional.no_case";   // it is no case, or still none
inline constexpr const char* kUnknown = "provisional.unknown";  // nobody could say, for a day

// Stands before the recorder and sees each use that is recorded; what earlier processes recorded is
// handed to remember(). A use whose number became a case is recorded as well, by a reference under
// which it is found by the number of the case. Any thread may call; look() is for one.
class ProvisionalWatch final : public AccessRecorder {
 public:
  // How a case stands whose provisional number this is. May wait as long as one question may.
  using AskCase = std::function<Result<CaseFacts>(const std::string& provisional_number)>;

  // Lends all of them.
  ProvisionalWatch(AccessRecorder& recorder, EarlierRecords& earlier, const AccessPolicy& policy,
                   AskCase ask, const Clock& clock);

  Result<AccessPlace> append(const AccessRecord& record) override;
  // A use that is to be watched, or a flag that was given.
  void remember(const AccessRecord& record, std::uint64_t number);
  // Asks about every number whose time is up, each once, and flags what did not become a case: each
  // use once. Who cannot be asked is asked again five minutes later; after a day the use is flagged
  // with kUnknown. Stops early when asked to.
  void look(const std::stop_token& stop);
  std::size_t outstanding() const;

 private:
  struct Use {
    std::string number{};  // of the case: provisional
    Timestamp due{};       // when it has to be a case
    Timestamp next{};      // when to ask
  };
  std::optional<Use> use_in(const AccessRecord& record) const;
  std::map<std::string, std::set<std::uint64_t>> due_now() const;
  void judge(const std::string& number, const std::set<std::uint64_t>& uses);
  void ask_later(std::uint64_t use);
  void flag(std::uint64_t use, const char* code);
  void refer(std::uint64_t use, const std::string& case_no);
  void forget(std::uint64_t use);

  AccessRecorder& recorder_;
  EarlierRecords& earlier_;
  const AccessPolicy& policy_;
  AskCase ask_;
  const Clock& clock_;
  mutable std::mutex mutex_{};
  std::map<std::uint64_t, Use> uses_{};  // by number of the record; under mutex_, as the next one
  std::set<std::uint64_t> flagged_{};    // that were flagged before their use was seen
};

// How long before now a use may lie that is still watched.
inline constexpr std::chrono::hours kProvisionalReach{49};

}  // namespace certbridge::host
