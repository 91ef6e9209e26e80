// What a search reads of the journal's SQLite file; a part of the store.
#pragma once

#include "journal/reads.h"
#include "journal/search_source.h"

namespace certbridge::host {

class SqliteSearchSource final : public SearchSource {
 public:
  // All references outlive it.
  SqliteSearchSource(Readers& readers, const Keyring& keys, ContentStore& contents)
      : readers_(readers), keys_(keys), contents_(contents) {}

  std::string digest(const SearchTerm& term) const override;
  std::string identity() const override;
  Result<std::int64_t> newest() override;
  Result<std::vector<SearchEntry>> entries(const NumberRange& range, std::size_t limit) override;
  Result<std::vector<std::int64_t>> numbers(const SearchFilter& filter, const NumberRange& range,
                                            std::size_t limit) override;
  Result<std::vector<FoundMessage>> fitting(const std::vector<std::int64_t>& numbers,
                                            const SearchFilter& filter, std::size_t limit) override;

 private:
  // Defined in sqlite_search_source.cpp, its only user.
  template <class Read>
  auto read(const Read& what) -> Result<decltype(what(std::declval<Reading&>()))>;

  Readers& readers_;
  const Keyring& keys_;
  ContentStore& contents_;
};

}  // namespace certbridge::host
