// Appending, reading again, starting again.
#include <gmock/gmock.h>

#include <set>
#include <thread>

#include "access/records/personal_keys.h"
#include "access/records/record_body.h"
#include "access_fixture.h"

namespace certbridge::host::access_test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kSegment = "2026-11-0001";

void expect_same(const AccessRecord& read, const AccessRecord& written) {
  EXPECT_EQ(read.kind, written.kind);
  EXPECT_EQ(read.trace_id, written.trace_id);
  EXPECT_EQ(read.system, written.system);
  EXPECT_EQ(read.person, written.person);
  EXPECT_EQ(read.role, written.role);
  EXPECT_EQ(read.level, written.level);
  EXPECT_EQ(read.unit, written.unit);
  EXPECT_EQ(read.ground_kind, written.ground_kind);
  EXPECT_EQ(read.ground, written.ground);
  EXPECT_EQ(read.purpose, written.purpose);
  EXPECT_EQ(read.certificate_type, written.certificate_type);
  EXPECT_EQ(read.issuer, written.issuer);
  EXPECT_EQ(read.holder, written.holder);
  EXPECT_EQ(read.certificate_number, written.certificate_number);
  EXPECT_EQ(read.certificate, written.certificate);
  EXPECT_EQ(read.decision, written.decision);
  EXPECT_EQ(read.code, written.code);
  EXPECT_EQ(read.policy, written.policy);
  EXPECT_EQ(read.inputs, written.inputs);
  EXPECT_EQ(read.sources, written.sources);
  EXPECT_EQ(read.disclosed, written.disclosed);
  EXPECT_EQ(read.disclosed_digest, written.disclosed_digest);
  EXPECT_EQ(read.result, written.result);
  EXPECT_EQ(read.refers_to, written.refers_to);
  EXPECT_EQ(read.asked, written.asked);
  EXPECT_EQ(read.decided, written.decided);
}

class AccessLogTest : public AccessFolder {};

TEST_F(AccessLogTest, WhatIsAppendedIsReadAgain) {
  for (const Suite suite : {Suite::kAes256Gcm, Suite::kSm4CtrHmacSm3}) {
    settings_.suite = suite;
    make_log(5);
  }
  const auto records = read();
  ASSERT_EQ(records.size(), 10u);
  for (int i = 0; i < 10; ++i)
    expect_same(records[static_cast<std::size_t>(i)].record, record_of(i % 5));
  const AccessVerification verified = verify();
  EXPECT_TRUE(verified.ok());
  EXPECT_EQ(verified.records, 10u);
  EXPECT_EQ(verified.unsigned_frames, 0u);
  EXPECT_EQ(verified.signed_number, verified.last_number);
  EXPECT_EQ(verified.anchored_number, verified.last_number);
}

TEST_F(AccessLogTest, ThePlaceIsThatOfTheRecord) {
  const auto log = open();
  AccessPlace place;
  for (int i = 0; i < 3; ++i) place = log->append(record_of(i)).value();
  EXPECT_EQ(place.segment, kSegment);
  const auto reader = AccessReader::open(settings_.folder, settings_.node, settings_.master_key);
  const auto read = reader.value()->record(place.number);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read.value().place.hash, place.hash);
  EXPECT_EQ(read.value().record.person, "clerk 2");
  EXPECT_EQ(reader.value()->record(place.number + 99).error().code, "access.no_such_record");
}

TEST_F(AccessLogTest, ManyThreadsShareASync) {
  const auto log = open();
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 8; ++thread) {
    threads.emplace_back([&log, thread] {
      for (int i = 0; i < 40; ++i) EXPECT_TRUE(log->append(record_of(thread * 100 + i)).ok());
    });
  }
  for (std::thread& thread : threads) thread.join();
  const AccessFigures figures = log->figures();
  EXPECT_EQ(figures.records, 320u);
  EXPECT_LT(figures.commits, 321u);
  log->close();
  EXPECT_TRUE(verify().ok());
  EXPECT_EQ(read().size(), 320u);
  EXPECT_EQ(log->append(record_of(1)).error().code, "access.closed");
}

// More are made by one of those who come, and nobody gets another's.
TEST_F(AccessLogTest, EachSubjectHasAKeyOfItsOwnWhileMoreAreMade) {
  make_log(1);
  Key master{};
  master.fill('m');
  PersonalKeys keys(SegmentFolder(settings_.folder), settings_.node, master, settings_.suite);
  std::vector<std::vector<PersonalKey>> given(8);
  std::vector<std::thread> threads;
  for (std::size_t thread = 0; thread < given.size(); ++thread) {
    threads.emplace_back([&keys, &into = given[thread], thread] {
      for (int i = 0; i < 100; ++i) {
        const std::string subject = std::to_string(thread) + "/" + std::to_string(i);
        into.push_back(keys.key_for("2026-11", subject));
        EXPECT_EQ(keys.key_for("2026-11", subject).place, into.back().place);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<KeyPlace> places;
  for (const auto& of_one : given) {
    for (const PersonalKey& one : of_one) {
      places.insert(one.place);
      EXPECT_EQ(keys.key_at(one.place), one.key) << "it is on the disk";
    }
  }
  EXPECT_EQ(places.size(), 800u);
}

// Within the time that is promised, and without anybody appending.
TEST_F(AccessLogTest, SignsAndAnchorsWhenIdle) {
  settings_.checkpoint_after = std::chrono::milliseconds(50);
  const auto log = open();
  const auto place = log->append(record_of(1)).value();
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (log->figures().anchored_number < place.number &&
         std::chrono::steady_clock::now() < until) {
    std::this_thread::yield();
  }
  EXPECT_GE(log->figures().signed_number, place.number);
  EXPECT_GE(log->figures().anchored_number, place.number);
}

TEST_F(AccessLogTest, SignsWhenThereAreMany) {
  settings_.checkpoint_after = std::chrono::hours(1);
  settings_.frames_per_checkpoint = 10;
  const auto log = open();
  for (int i = 0; i < 35; ++i) ASSERT_TRUE(log->append(record_of(i)).ok());
  const AccessVerification verified = verify_without_anchors();
  EXPECT_TRUE(verified.ok());
  EXPECT_GE(verified.checkpoints, 3u);
  EXPECT_LE(verified.unsigned_frames, 10u);
}

TEST_F(AccessLogTest, GoesOnInTheNextMonthAndNeverBack) {
  auto log = open();
  ASSERT_TRUE(log->append(record_of(1)).ok());
  clock_.time += std::chrono::days(5);
  EXPECT_EQ(log->append(record_of(2)).value().segment, "2026-12-0001");
  clock_.time -= std::chrono::days(5);
  EXPECT_EQ(log->append(record_of(3)).value().segment, "2026-12-0001");
  log.reset();
  log = open();
  EXPECT_EQ(log->append(record_of(4)).value().segment, "2026-12-0001");
  log.reset();
  const AccessVerification verified = verify();
  EXPECT_TRUE(verified.ok());
  EXPECT_EQ(verified.segments, 2u);
  EXPECT_EQ(read().size(), 4u);
}

TEST_F(AccessLogTest, LargeSegmentsAreFollowedByOthersOfTheMonth) {
  settings_.segment_bytes = 4000;
  make_log(20);
  const AccessVerification verified = verify();
  EXPECT_TRUE(verified.ok());
  EXPECT_GE(verified.segments, 3u);
  EXPECT_EQ(read().size(), 20u);
}

TEST_F(AccessLogTest, IsWrittenByOneProcessOnly) {
  const auto log = open();
  const auto second = AccessLog::open(settings_);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, "access.in_use");
}

TEST_F(AccessLogTest, RefusesWhatIsTooLong) {
  const auto log = open();
  AccessRecord record = record_of(1);
  record.inputs = std::string(65 * 1024, 'x');
  EXPECT_EQ(log->append(record).error().code, "access.too_large");
  record = record_of(1);
  record.purpose = std::string(1025, 'x');
  EXPECT_EQ(log->append(record).error().code, "access.too_large");
  record = record_of(1);
  record.disclosed.resize(257);
  EXPECT_EQ(log->append(record).error().code, "access.too_large");
  record = record_of(1);
  record.disclosed_digest = "short";
  EXPECT_EQ(log->append(record).error().code, "access.too_large");
}

TEST_F(AccessLogTest, RefusesAKeyThatIsNone) {
  settings_.signing_key = std::string(32, '\xff');  // beyond the curve's order
  EXPECT_EQ(AccessLog::open(settings_).error().code, "access.key");
  settings_.signing_key = std::string(32, '\0');
  EXPECT_EQ(AccessLog::open(settings_).error().code, "access.key");
  settings_.signing_key = "short";
  EXPECT_EQ(AccessLog::open(settings_).error().code, "access.key");
}

// No name, number or person stands in any file but encrypted.
TEST_F(AccessLogTest, NothingPersonalIsReadable) {
  make_log(3);
  std::string all;
  for (const auto& entry : files::recursive_directory_iterator(folder_)) {
    if (entry.is_regular_file()) all += bytes_of(entry.path().string());
  }
  EXPECT_THAT(all, HasSubstr("window-system"));
  for (const char* personal :
       {"clerk 1", "case-1", "holder-1", "number-1", "certificate-1", "inputs of"}) {
    EXPECT_THAT(all, ::testing::Not(HasSubstr(personal))) << personal;
  }
}

TEST_F(AccessLogTest, AHoldersKeyCanBeDestroyedAndTheChainIsWhole) {
  make_log(6);
  SegmentFolder folder(settings_.folder);
  Key master{};
  master.fill('m');
  PersonalKeys keys(folder, settings_.node, master, settings_.suite);
  Frame frame;
  FrameReader reader(segment(kSegment));
  bool destroyed = false;
  while (!destroyed && reader.next(frame) == FrameReading::kFrame) {
    if (frame.kind != FrameKind::kRecord) continue;
    keys.destroy(decode_record_body(frame.body).value().about.key);
    destroyed = true;
  }
  const auto records = read();
  ASSERT_EQ(records.size(), 6u);
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(records[i].about_is_gone, i % 3 == 0) << i;  // every third has the same holder
    EXPECT_EQ(records[i].record.holder.empty(), i % 3 == 0);
    EXPECT_EQ(records[i].record.inputs.empty(), i % 3 == 0);
    EXPECT_EQ(records[i].record.person, "clerk " + std::to_string(i));
    EXPECT_EQ(records[i].record.disclosed.size(), 2u);
  }
  EXPECT_TRUE(verify().ok());
}

TEST_F(AccessLogTest, AnotherMasterKeyReadsNothing) {
  make_log(1);
  const auto reader = AccessReader::open(settings_.folder, settings_.node, std::string(32, 'x'));
  const auto read = reader.value()->each(1, [](const ReadAccess&) { return true; });
  EXPECT_EQ(read.error().code, "access.wrong_key");
}

// A crash leaves part of a group: it is cut, said in the chain, and nothing else is lost.
TEST_F(AccessLogTest, ATornTailIsCutAndNoted) {
  make_log(3);
  std::uint64_t end = 0;
  {
    FrameReader reader(segment(kSegment));
    Frame frame;
    while (reader.next(frame) == FrameReading::kFrame) end = reader.offset();
  }
  std::string bytes = bytes_of(segment(kSegment));
  bytes.replace(end, 20, std::string("\x90\x01\0\0\2\1\0\0half a frame", 20));
  write_bytes(segment(kSegment), bytes);
  EXPECT_FALSE(verify().ok());
  make_log(1);
  const AccessVerification verified = verify();
  EXPECT_TRUE(verified.ok());
  EXPECT_EQ(read().size(), 4u);
  ASSERT_EQ(verified.remarks.size(), 1u);
  EXPECT_THAT(verified.remarks[0], HasSubstr("cut off 20 bytes"));
  EXPECT_EQ(bytes_of(settings_.folder + "/" + kSegment + ".torn-" + std::to_string(end)).size(),
            20u);
}

// What is no crash stops the log and is not touched.
TEST_F(AccessLogTest, DamageWithinTheChainIsNotCutOff) {
  make_log(6);
  std::string bytes = bytes_of(segment(kSegment));
  bytes[bytes.size() / 8] ^= 1;
  write_bytes(segment(kSegment), bytes);
  const auto log = AccessLog::open(settings_);
  ASSERT_FALSE(log.ok());
  EXPECT_EQ(log.error().code, "access.damaged");
  EXPECT_EQ(bytes_of(segment(kSegment)), bytes);
}

TEST_F(AccessLogTest, AnEndThatAnAnchorKnowsMustBeThere) {
  make_log(6);
  Frame frame;
  std::uint64_t cut = 0;
  {
    FrameReader reader(segment(kSegment));
    for (int i = 0; i < 4; ++i) reader.next(frame);
    cut = reader.offset();
  }
  files::resize_file(segment(kSegment), cut);
  const auto log = AccessLog::open(settings_);
  ASSERT_FALSE(log.ok());
  EXPECT_EQ(log.error().code, "access.damaged");
  EXPECT_THAT(log.error().message, HasSubstr("the second place knows of frame"));
  files::remove(segment(kSegment));
  EXPECT_EQ(AccessLog::open(settings_).error().code, "access.damaged");
}

TEST_F(AccessLogTest, RecordsGoOnWhileTheSecondPlaceIsAway) {
  files::remove_all(folder_ + "/second");
  auto log = open();
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(log->append(record_of(i)).ok());
  log->close();
  EXPECT_EQ(log->figures().anchor_trouble, "access.anchor");
  EXPECT_THAT(log->figures().anchor_reason,
              HasSubstr("the folder that `anchor` names is not there"));
  EXPECT_TRUE(verify_without_anchors().ok());
  EXPECT_FALSE(files::exists(folder_ + "/second"));  // nothing is written in its place
  files::create_directory(folder_ + "/second");
  log.reset();
  make_log(1);
  const AccessVerification verified = verify();
  EXPECT_TRUE(verified.ok());
  EXPECT_EQ(verified.anchored_number, verified.last_number);
}

TEST_F(AccessLogTest, AnAnchorThatWasCutOffIsPassedOver) {
  make_log(2);
  const std::string file = anchors().at(0);
  const std::string lines = bytes_of(file);
  make_log(1);
  const std::string more = bytes_of(file).substr(lines.size());
  write_bytes(file, lines + more.substr(0, 40) + "\n" + more);
  EXPECT_TRUE(verify().ok());
  write_bytes(file, lines + "5 nonsense\n" + more);
  const AccessVerification verified = verify();
  EXPECT_FALSE(verified.ok());
  EXPECT_THAT(verified.findings.at(0).what, HasSubstr("is no anchor"));
}

}  // namespace
}  // namespace certbridge::host::access_test
