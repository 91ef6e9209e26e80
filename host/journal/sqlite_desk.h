// The desk over the journal's SQLite file; a part of the store.
#pragma once

#include <functional>

#include "journal/failure.h"
#include "journal/reads.h"
#include "journal/writer.h"

namespace certbridge::host {

class SqliteDesk final : public Desk {
 public:
  using Write = std::function<Result<void>(Writer::Work)>;

  // All references outlive it.
  SqliteDesk(Readers& readers, const Keyring& keys, Write write)
      : readers_(readers), keys_(keys), write_(std::move(write)) {}

  Result<std::vector<Action>> actions(const ActionQuery& query) override;
  Result<std::vector<ParkedItem>> parked(const ParkedQuery& query) override;
  Result<std::vector<ParkedCount>> count_parked(const ParkedQuery& query) override;
  Result<std::int64_t> start_replay(const ReplayStart& start, Action action) override;
  Result<std::vector<ReplayJob>> replay_jobs(std::size_t limit) override;
  Result<std::vector<ReplayJob>> running_replays() override;
  Result<ReplayJob> replay_job(std::int64_t id) override;
  Result<std::vector<ReplayItem>> replay_items(std::int64_t job, ReplayItemState state,
                                               std::size_t limit) override;
  Result<std::vector<Review>> reviews(std::optional<ReviewState> state, std::size_t limit) override;
  Result<Review> review(std::int64_t id) override;
  Result<std::optional<Review>> review_of(const std::string& subject, const std::string& step,
                                          const Sm3Digest& digest) override;
  Result<std::vector<LinkedSet>> linked_sets(const LinkedQuery& query) override;
  Result<LinkedCount> half_done(Timestamp opened_before) override;
  Result<std::vector<RegisteredCertificate>> terms(const TermQuery& query) override;
  Result<TermsNote> terms_note() override;
  Result<std::vector<ParkedVerdict>> parked_verdicts(std::int64_t after,
                                                     std::size_t limit) override;
  Result<std::vector<WaitingItem>> waiting(const std::string& endpoint, std::size_t limit) override;

 private:
  // One question, from one committed snapshot.
  template <class Read>
  auto read(const Read& what) -> Result<decltype(what(std::declval<Connection&>()))> {
    try {
      Readers::Lease lease(readers_);
      return what(lease.connection());
    } catch (const Failure& failure) {
      return failure.error();
    }
  }

  Readers& readers_;
  const Keyring& keys_;
  Write write_;
};

}  // namespace certbridge::host
