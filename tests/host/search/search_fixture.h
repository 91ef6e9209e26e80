// A real journal with messages as a registration office has them, and its search index.
#pragma once

#include <gmock/gmock.h>

#include "search/search.h"
#include "search/search_filler.h"
#include "store_contract.h"

namespace certbridge::host::testing {

inline constexpr std::chrono::hours kMonth{24 * 31};
inline constexpr const char* kCitizen = "11010519491231002X";

class SearchTest : public ::testing::Test {
 protected:
  void SetUp() override { open(); }
  void open();  // again: closes the open one first

  // An event of case "C-<key>"; its id.
  std::string add_event(const std::string& key);
  // An event and the certificate that its steps made; the id of the certificate.
  std::string add_certificate(const std::string& key, const std::string& number,
                              const std::string& holder_id, const std::string& holder_name);
  void set_state(const std::string& id, MessageState state);

  SearchFiller& filler();
  FillerReport fill();
  std::string month_file(const std::string& month) const;
  std::vector<std::string> months() const { return SearchFolder(folder_.path()).months(); }

  SearchAnswer ask(const SearchQuestion& question);
  std::vector<std::string> ids(const SearchQuestion& question);
  std::vector<std::string> ids(SearchTerm::Kind kind, const std::string& value);

  StandingClock clock_{};
  ScratchFolder folder_{};
  std::unique_ptr<Store> store_{};
  std::unique_ptr<SearchFiller> filler_{};
};

SearchQuestion by(SearchTerm::Kind kind, const std::string& value);

}  // namespace certbridge::host::testing
