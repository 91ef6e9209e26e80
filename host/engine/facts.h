// Facts of the contract, read from the journal.
#pragma once

#include "certbridge/context.h"
#include "journal/store.h"

namespace certbridge::host {

class StoreFacts final : public Facts {
 public:
  explicit StoreFacts(Store& store) : store_(store) {}
  Result<std::uint64_t> count(const FactsQuery& query) const override {
    return store_.count_facts(query);
  }
  Result<std::vector<DeliveryFact>> list(const FactsQuery& query,
                                         std::size_t limit) const override {
    return store_.list_facts(query, limit);
  }

 private:
  Store& store_;
};

}  // namespace certbridge::host
