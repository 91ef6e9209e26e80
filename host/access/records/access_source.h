// What the search index reads of the log, in place of the journal.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "access/records/access_reader.h"
#include "access/records/frame.h"
#include "access/records/frame_places.h"
#include "access/records/personal_parts.h"
#include "journal/search_source.h"

namespace certbridge::host {

// Digests that a record is found by; none of what is empty or gone.
std::vector<std::string> access_digests(const Key& index_key, const AccessRecord& record);

// One thread; its numbers are those of frames.
class AccessSource final : public SearchSource {
 public:
  AccessSource(const SegmentFolder& folder, const std::string& node, const Key& master,
               const std::string& index_folder);
  ~AccessSource() override;
  AccessSource(const AccessSource&) = delete;
  AccessSource& operator=(const AccessSource&) = delete;

  std::string digest(const SearchTerm& term) const override;  // nothing has terms of that form
  std::string identity() const override;
  Result<std::int64_t> newest() override;
  Result<std::vector<SearchEntry>> entries(const NumberRange& range, std::size_t limit) override;
  // The log has no states and no messages: nothing.
  Result<std::vector<std::int64_t>> numbers(const SearchFilter& filter, const NumberRange& range,
                                            std::size_t limit) override;
  Result<std::vector<FoundMessage>> fitting(const std::vector<std::int64_t>& numbers,
                                            const SearchFilter& filter, std::size_t limit) override;

  const Key& index_key() const { return index_key_; }
  // None when that frame is no record, or not entered. Throws Failure.
  std::optional<ReadAccess> record(std::uint64_t number);

 private:
  std::optional<Frame> frame_at(const FramePlace& place, std::uint64_t number) const;

  SegmentFolder folder_;
  std::string node_;
  Key index_key_;
  PersonalKeys keys_;
  FramePlaces places_;
};

}  // namespace certbridge::host
