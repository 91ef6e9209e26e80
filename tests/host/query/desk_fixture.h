// A desk with everything around it played by the test.
#pragma once

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "certbridge/testing/fakes.h"
#include "query/query_desk.h"
#include "stub_responder.h"

namespace certbridge::host {

inline constexpr const char* kTitleType = "11100000MB03271699001";
inline constexpr const char* kCardType = "11100000000013127D001";
inline constexpr const char* kZhangSan = "110101199003071233";
inline constexpr const char* kUnit = "12411300MB1234567G";

// Whoever names a system is that system, with a clerk behind it.
class BelievingCallers final : public Callers {
 public:
  Result<Caller> identify(const SignedRequest& request) override {
    if (throws) throw std::runtime_error("thrown by a test");
    if (request.system.empty()) return Error::permanent("caller.unknown", "nobody knows you");
    Caller caller;
    caller.system = request.system;
    caller.unit = kUnit;
    caller.person = person;
    return caller;
  }
  AssertedPerson person{"staff", "clerk-7", "ukey", {"clerk"}, kUnit, {}};
  std::atomic<bool> throws{false};
};

// Keeps records in memory; refuses them with `trouble` when it is set.
class ListRecorder final : public AccessRecorder, public EarlierRecords {
 public:
  Result<AccessPlace> append(const AccessRecord& record) override;
  Result<ReadAccess> record(std::uint64_t number) override;
  Result<AccessAnswer> find(const AccessQuestion& question) override;
  std::vector<AccessRecord> records() const;
  void refuse_with(const std::string& code);

 private:
  mutable std::mutex mutex_{};
  std::vector<AccessRecord> records_{};
  std::string trouble_{};
};

// Keeps what was used in memory, as long as it is not full.
class UseList final : public UseKeeper {
 public:
  Result<void> keep(const KeptUse& use) override;
  std::vector<KeptUse> uses() const;
  std::atomic<bool> full{false};

 private:
  mutable std::mutex mutex_{};
  std::vector<KeptUse> uses_{};
};

class CountedUses final : public GroundUses {
 public:
  Result<Counted> count(const std::string&, const std::string&, const std::string&) override {
    if (!known) return Error::retryable("access.index", "not now");
    return Counted{uses, nullptr};
  }
  std::atomic<std::uint64_t> uses{0};
  std::atomic<bool> known{true};
};

class DeskTest : public ::testing::Test {
 protected:
  DeskTest();
  ~DeskTest() override;

  // With the configuration as it is now.
  void open_desk();
  // From now on copies are made of files whose original may not leave.
  void make_copies();
  // Answers of a query of the system "window".
  QueryResponse ask(QueryKind kind, const std::string& body, const std::string& system = "window");
  QueryResponse accept_paper(const std::string& body, const std::string& system = "window");
  // Of one of desk_services().
  QueryResponse serve(const std::string& method, const std::string& path, const std::string& body,
                      const std::string& system = "window");
  // Of an open case with the holder among its parties.
  static std::string body_of(const std::string& more);
  static std::string by_holder(const std::string& code = kZhangSan);
  static boost::json::object json_of(const QueryResponse& response);
  static std::string code_of(const QueryResponse& response);
  std::vector<AccessRecord> records() const { return recorder_.records(); }

  // What the case responder and the two sources answer from now on.
  CaseFacts facts_{};
  std::atomic<bool> case_fails_{false};
  FindAnswer first_{};
  FindAnswer second_{};
  std::atomic<bool> first_fails_{false};
  std::atomic<bool> second_fails_{false};
  VerifyAnswer verdict_{};
  std::optional<Error> copy_fails_{};

  static FoundCertificate title(const std::string& number, const std::string& holder);

  testing::FakeClock clock_{};
  MetricsRegistry metrics_{};
  testing::RecordingLogger logger_{};
  BelievingCallers callers_{};
  ListRecorder recorder_{};
  Objections objections_{recorder_, recorder_, clock_};
  CountedUses uses_{};
  UseList kept_{};
  std::shared_ptr<const AccessPolicy> policy_{};
  std::unique_ptr<AccessPatterns> patterns_{};
  QueriesConfig configuration_{};
  std::atomic<std::uint64_t> deliveries_{0};
  StubResponder cases_;
  StubResponder first_source_;
  StubResponder second_source_;
  StubResponder copier_;  // named "copies", which no route names unless a test says so
  std::unique_ptr<QueryDesk> desk_{};

 private:
  Result<Message> answer_of(const Message& question, const FindAnswer& found, bool fails) const;
};

}  // namespace certbridge::host
