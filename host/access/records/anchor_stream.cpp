#include "access/records/anchor_stream.h"

#include <algorithm>
#include <filesystem>

namespace certbridge::host {

AnchorStream::AnchorStream(std::vector<std::string> files) : files_(std::move(files)) {
  std::sort(files_.begin(), files_.end(), [](const std::string& left, const std::string& right) {
    return std::filesystem::path(left).filename() < std::filesystem::path(right).filename();
  });
}

std::optional<PlacedAnchor> AnchorStream::next() {
  for (; at_ < files_.size(); ++at_, reader_.reset()) {
    if (reader_ == nullptr) reader_ = std::make_unique<AnchorReader>(files_[at_]);
    PlacedAnchor anchor;
    const AnchorReading reading = reader_->next(anchor.frame);
    if (reading == AnchorReading::kEnd) continue;
    anchor.file = files_[at_];
    anchor.line = reader_->line();
    anchor.damaged = reading == AnchorReading::kDamaged || anchor.frame.number <= last_;
    if (!anchor.damaged) last_ = anchor.frame.number;
    return anchor;
  }
  return {};
}

}  // namespace certbridge::host
