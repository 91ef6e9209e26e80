// A revocation lends its lane: it cannot go before the earlier events of its own keys, so they go
// as early as it does. Breadth first over their keys, so that what is nearest is raised first when
// the bound is reached. What is raised stays raised, and has lent its lane already.
#include <deque>
#include <map>

#include "journal/change.h"
#include "journal/queries.h"
#include "journal/seeded_fault.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kMostRaised = 1000;

class Lender {
 public:
  explicit Lender(Change& change) : change_(change) {}

  void lend(const std::string& keys, std::int64_t order_number) {
    standing_.push_back({keys, order_number});
    while (!standing_.empty() && raised_ < kMostRaised) {
      const Standing one = std::move(standing_.front());
      standing_.pop_front();
      for (const std::string& digest : split_keys(one.keys)) {
        raise_before(digest, one.order_number);
      }
    }
    if (raised_ > 0) change_.made_work = true;
  }

 private:
  struct Standing {
    std::string keys{};
    std::int64_t order_number = 0;
  };

  // Of each key only what was not looked at yet.
  void raise_before(const std::string& digest, std::int64_t order_number) {
    std::int64_t& looked_at = looked_at_[digest];
    if (order_number <= looked_at) return;
    const std::int64_t from = looked_at;
    looked_at = order_number;
    for (const int tried : {0, 1}) {
      raise(change_.connection().select("i", kEarlierMessagesQuery, Blob{digest}, tried, from,
                                        order_number, left()),
            "update messages set lane = 1 where number = ?",
            "select keys, order_number from messages where number = ?");
    }
    std::string endpoint = next_endpoint(change_, digest, "");
    for (; !endpoint.empty(); endpoint = next_endpoint(change_, digest, endpoint)) {
      raise(change_.connection().select("i", kEarlierDeliveriesQuery, Blob{digest}, endpoint, from,
                                        order_number, left()),
            "update deliveries set lane = 1 where id = ?",
            "select keys, order_number from deliveries where id = ?");
    }
  }

  std::int64_t left() const { return static_cast<std::int64_t>(kMostRaised - raised_); }

  void raise(Statement& rows, const char* change, const char* standing) {
    std::vector<std::int64_t> found;
    while (rows.next()) found.push_back(rows.integer(0));
    for (const std::int64_t id : found) {
      change_.connection().run(change, id);
      Statement& row = change_.connection().select("bi", standing, id);
      if (row.next()) standing_.push_back({row.blob(0), row.integer(1)});
      row.reset();
    }
    raised_ += found.size();
  }

  Change& change_;
  std::deque<Standing> standing_{};
  std::map<std::string, std::int64_t> looked_at_{};  // key: everything before this order number
  std::size_t raised_ = 0;
};

}  // namespace

void lend_lane(Change& change, const std::string& keys, std::int64_t order_number) {
  if (seeded_fault("lane_not_lent")) return;
  Lender(change).lend(keys, order_number);
}

}  // namespace certbridge::host
