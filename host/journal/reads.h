// What is read from the journal: each call on one connection in one short snapshot. Throws Failure.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "journal/change.h"
#include "journal/store.h"

namespace certbridge::host {

// What turns rows into values.
struct Reading {
  Connection& connection;
  const Keyring& keys;
  ContentStore& contents;
};

std::vector<StoredMessage> read_due_messages(Reading& reading, Timestamp now, std::size_t limit,
                                             const std::vector<std::string>& exclude, Lane down_to);
// due_deliveries.cpp
struct DueQuestion {
  std::string endpoint{};
  Timestamp now{};
  std::size_t limit = 0;
  std::set<std::int64_t> exclude{};
  std::vector<Hold> holds{};
  Lane down_to = Lane::kBulk;
};
std::vector<StoredDelivery> read_due_deliveries(Reading& reading, const DueQuestion& question);
// waiting.cpp
// What holds a waiting delivery back, for people; empty when nothing does any more.
std::string held_back_by(Connection& connection, const std::string& endpoint,
                         std::int64_t order_number, const std::string& keys,
                         const std::vector<std::string>& after);
std::vector<WaitingItem> read_waiting(Connection& connection, const std::string& endpoint,
                                      std::size_t limit);
std::vector<WaitingAlarm> read_waiting_alarms(Connection& connection, Timestamp accepted_until,
                                              std::size_t count_at_most);
// holds.cpp: those in force.
std::vector<Hold> read_holds(Connection& connection, const Keyring& keys);
// pauses.cpp
std::vector<Pause> read_pauses(Connection& connection);
// type_lanes.cpp
std::vector<TypeLane> read_lanes(Connection& connection);
ProbeState read_probe_state(Connection& connection, std::int64_t delivery, Timestamp now);
// pauses.cpp
std::vector<SendCount> read_send_counts(Connection& connection, const std::string& endpoint);
std::optional<Timestamp> read_next_due(Reading& reading, Timestamp after);
std::vector<VerdictAlarms> read_verdict_alarms(Reading& reading, Timestamp now);
StoredMessage read_message(Reading& reading, const std::string& id);
std::vector<StoredMessage> read_messages(Reading& reading, const MessageQuery& query);
std::vector<StoredMessage> read_children(Reading& reading, const std::string& id);
std::vector<StoredMessage> read_messages_with_key(Reading& reading, const OrderKey& key,
                                                  std::size_t limit);
std::vector<StoredDelivery> read_deliveries(Reading& reading, const std::string& message_id);
std::vector<TraceEntry> read_trace(Reading& reading, const std::string& message_id);
std::optional<StepResult> read_step_result(Reading& reading, const std::string& step_key);
std::optional<RegisteredCertificate> read_certificate(Reading& reading, const OrderKey& key);
std::optional<std::string> read_memory(Reading& reading, const std::string& endpoint,
                                       const OrderKey& key, const std::string& name);
std::pair<std::optional<std::uint64_t>, std::uint64_t> read_counter(Reading& reading,
                                                                    const std::string& endpoint,
                                                                    const std::string& counter,
                                                                    const std::string& step_key);
std::vector<DeliveryFact> read_facts(Reading& reading, const FactsQuery& query, std::size_t limit);
std::uint64_t count_read_facts(Reading& reading, const FactsQuery& query);

// rows.cpp: columns of a message joined with its contents, and how they are read.
extern const char* const kMessageColumns;
extern const char* const kMessageLetters;
StoredMessage to_message(Reading& reading, Statement& row);
Message to_plain_message(Reading& reading, const PreparedMessage& prepared);
extern const char* const kDeliveryColumns;
extern const char* const kDeliveryLetters;
StoredDelivery to_delivery(Reading& reading, Statement& row);

// Connections for readers: as many as read at once, up to a limit; a further reader waits.
class Readers {
 public:
  Readers(std::string file, std::size_t limit);
  class Lease {
   public:
    explicit Lease(Readers& readers);
    ~Lease();
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    Connection& connection() { return *connection_; }

   private:
    Readers& readers_;
    std::unique_ptr<Connection> connection_;
  };

 private:
  std::string file_;
  std::mutex mutex_{};
  std::condition_variable returned_{};
  std::vector<std::unique_ptr<Connection>> idle_{};  // under mutex_, as is the next
  std::size_t left_;
};

}  // namespace certbridge::host
