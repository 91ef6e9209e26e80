// G6: every byte and every frame of a sample log is changed, removed, repeated, exchanged, cut;
// each is found, with its place.
#include <gmock/gmock.h>

#include <algorithm>
#include <iostream>

#include "access_fixture.h"

namespace certbridge::host::access_test {
namespace {

struct Piece {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  FrameKind kind = FrameKind::kRecord;
};

class Mutation : public AccessFolder {
 protected:
  // Two starts, three segments, checkpoints in between.
  void SetUp() override {
    AccessFolder::SetUp();
    settings_.segment_bytes = 700;
    settings_.frames_per_checkpoint = 3;
    make_log(2);
    make_log(1);
    for (const std::string& name : SegmentFolder(settings_.folder).segments()) {
      // What lies behind the last frame are zeros: no part of the log.
      FrameReader reader(segment(name));
      Frame frame;
      std::vector<Piece> pieces;
      while (reader.next(frame) == FrameReading::kFrame) {
        pieces.push_back({frame.offset, frame.length, frame.kind});
      }
      whole_[name] = bytes_of(segment(name)).substr(0, reader.offset());
      pieces_[name] = pieces;
      write_bytes(segment(name), whole_[name]);
    }
    ASSERT_TRUE(verify().ok());
    ASSERT_GE(whole_.size(), 3u);
  }

  // What is found in the segment when it is this instead.
  AccessVerification with(const std::string& name, const std::string& bytes) {
    write_bytes(segment(name), bytes);
    const AccessVerification verified = verify();
    write_bytes(segment(name), whole_.at(name));
    return verified;
  }

  std::map<std::string, std::string> whole_{};
  std::map<std::string, std::vector<Piece>> pieces_{};
};

TEST_F(Mutation, EveryByte) {
  for (const auto& [name, bytes] : whole_) {
    for (const Piece& piece : pieces_[name]) {
      for (std::uint64_t at = piece.offset; at < piece.offset + piece.length; ++at) {
        std::string changed = bytes;
        changed[at] = static_cast<char>(changed[at] ^ (1 << (at % 8)));
        const AccessVerification verified = with(name, changed);
        ASSERT_FALSE(verified.ok()) << name << " at " << at;
        ASSERT_EQ(verified.findings[0].file, name) << at;
        ASSERT_EQ(verified.findings[0].at, piece.offset) << name << " at " << at;
      }
    }
  }
}

TEST_F(Mutation, EveryFrameRemoved) {
  for (const auto& [name, bytes] : whole_) {
    for (const Piece& piece : pieces_[name]) {
      std::string changed = bytes;
      changed.erase(piece.offset, piece.length);
      EXPECT_FALSE(with(name, changed).ok()) << name << " at " << piece.offset;
    }
  }
}

TEST_F(Mutation, EveryFrameRepeated) {
  for (const auto& [name, bytes] : whole_) {
    for (const Piece& piece : pieces_[name]) {
      std::string changed = bytes;
      changed.insert(piece.offset, bytes, piece.offset, piece.length);
      const AccessVerification verified = with(name, changed);
      ASSERT_FALSE(verified.ok()) << name << " at " << piece.offset;
      EXPECT_EQ(verified.findings[0].at, piece.offset + piece.length);
    }
  }
}

TEST_F(Mutation, EveryTwoNeighboursExchanged) {
  for (const auto& [name, bytes] : whole_) {
    for (std::size_t i = 1; i < pieces_[name].size(); ++i) {
      const Piece& first = pieces_[name][i - 1];
      const Piece& second = pieces_[name][i];
      const std::string changed =
          bytes.substr(0, first.offset) + bytes.substr(second.offset, second.length) +
          bytes.substr(first.offset, first.length) + bytes.substr(second.offset + second.length);
      const AccessVerification verified = with(name, changed);
      ASSERT_FALSE(verified.ok()) << name << " at " << first.offset;
      EXPECT_EQ(verified.findings[0].at, first.offset);
    }
  }
}

// Between any two frames: also exactly behind a checkpoint, where only the anchors know better.
TEST_F(Mutation, CutAnywhere) {
  unsigned at_checkpoint = 0;
  for (const auto& [name, bytes] : whole_) {
    for (std::size_t size = 0; size < bytes.size(); size += 7) {
      EXPECT_FALSE(with(name, bytes.substr(0, size)).ok()) << name << " cut at " << size;
    }
    for (const Piece& piece : pieces_[name]) {
      EXPECT_FALSE(with(name, bytes.substr(0, piece.offset)).ok()) << name << piece.offset;
      at_checkpoint += piece.kind == FrameKind::kCheckpoint ? 1 : 0;
    }
  }
  EXPECT_GT(at_checkpoint, 3u);
}

TEST_F(Mutation, EverySegmentRemoved) {
  for (const auto& [name, bytes] : whole_) {
    files::remove(segment(name));
    EXPECT_FALSE(verify().ok()) << name;
    write_bytes(segment(name), bytes);
  }
}

TEST_F(Mutation, SegmentsExchanged) {
  const auto first = whole_.begin(), second = std::next(first);
  write_bytes(segment(first->first), second->second);
  write_bytes(segment(second->first), first->second);
  EXPECT_FALSE(verify().ok());
}

// Somebody who cannot sign changes a record and makes every digest behind it anew.
TEST_F(Mutation, AChainMadeAnewIsFoundAtTheNextCheckpoint) {
  const std::string name = whole_.begin()->first;
  FrameReader reader(segment(name));
  Frame frame;
  ChainEnd end;
  std::string made;
  bool changed = false;
  std::uint64_t altered = 0;
  while (reader.next(frame) == FrameReading::kFrame) {
    if (frame.kind == FrameKind::kRecord && !changed) {
      frame.body[4] = static_cast<char>(frame.body[4] ^ 1);  // a time
      changed = true;
      altered = frame.number;
    }
    made += make_frame(end, frame.kind, frame.time, frame.body);
  }
  const AccessVerification verified = with(name, made);
  ASSERT_FALSE(verified.ok());
  EXPECT_THAT(verified.findings[0].what, ::testing::HasSubstr("has no valid signature"));
  EXPECT_LT(verified.signed_number, altered);
}

// Somebody changes one frame and makes its own digest anew, and nothing else.
TEST_F(Mutation, EveryFrameWithItsDigestMadeAnew) {
  for (const auto& [name, bytes] : whole_) {
    for (const Piece& piece : pieces_[name]) {
      std::string changed = bytes;
      // Of a record its trace id, of a start the digest of what was cut off: nothing else shows it.
      changed[piece.offset + 78] = static_cast<char>(changed[piece.offset + 78] ^ 1);
      Sm3 sm3;
      sm3.add(std::string_view(changed).substr(piece.offset, piece.length - 32));
      const Sm3Digest digest = sm3.finish();
      std::copy(digest.begin(), digest.end(),
                changed.begin() + static_cast<std::ptrdiff_t>(piece.offset + piece.length - 32));
      EXPECT_FALSE(with(name, changed).ok()) << name << " at " << piece.offset;
    }
  }
}

TEST_F(Mutation, ALogOfAnotherKeyIsFound) {
  const auto other = SignatureKey::from_bytes(std::string(31, '\x11') + "o").value();
  const auto verified = verify_access_log(settings_.folder, {other.public_key()}, {});
  ASSERT_FALSE(verified.value().ok());
  EXPECT_THAT(verified.value().findings[0].what, ::testing::HasSubstr("a key that was not given"));
}

// The whole log begun anew by somebody who has the signing key: the anchors contradict.
TEST_F(Mutation, ALogMadeAnewContradictsTheAnchors) {
  const std::vector<std::string> kept = anchors();
  const std::string lines = bytes_of(kept.at(0));
  files::remove_all(settings_.folder);
  files::remove_all(settings_.anchor_folder);
  make_log(30);
  EXPECT_TRUE(verify().ok());
  write_bytes(kept.at(0), lines);
  EXPECT_FALSE(verify().ok());
}

TEST_F(Mutation, BytesOfTheAnchors) {
  const std::string file = anchors().at(0);
  const std::string lines = bytes_of(file);
  for (std::size_t at = 0; at + 1 < lines.size(); at += 5) {
    std::string changed = lines;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    write_bytes(file, changed);
    EXPECT_FALSE(verify().ok()) << at;
  }
  write_bytes(file, lines);
}

// Records that are not signed yet are shown as such.
TEST_F(Mutation, WhatIsBehindTheLastCheckpointIsShown) {
  const std::string name = whole_.rbegin()->first;
  const auto& pieces = pieces_[name];
  ASSERT_EQ(pieces.back().kind, FrameKind::kCheckpoint);
  write_bytes(segment(name), whole_[name].substr(0, pieces.back().offset));
  const AccessVerification verified = verify_without_anchors();
  EXPECT_TRUE(verified.ok());
  EXPECT_GT(verified.unsigned_frames, 0u);
}

}  // namespace
}  // namespace certbridge::host::access_test
