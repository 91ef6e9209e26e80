// From a record of powercut_preload to disk images as after a cut at any point.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace certbridge::host::crash {

struct DiskEvent {
  char kind = 0;  // c create, w write, t truncate, s sync, r rename, u unlink, m mkdir, a answer
  std::uint64_t number = 0;
  std::string first{};
  std::string second{};
};
std::vector<DiskEvent> read_record(const std::string& file);

// What the program was doing when an event happened.
enum class Phase : std::uint8_t {
  kOther = 0,
  kContent = 1,     // a body or an attachment becomes a file
  kCheckpoint = 2,  // the log is copied into the database file
  kNewLog = 3,      // the log has started anew: what it held before is being overwritten
};
// One for each event.
std::vector<Phase> phases_of(const std::vector<DiskEvent>& events);

// Writes into `folder` what a disk may hold when the power fails before event `cut`: everything
// that was synced, and of the rest whatever chance leaves. A file's writes are kept, lost or torn
// at 512 bytes, each for itself; a name is kept or lost unless its folder was synced.
void build_image(const std::vector<DiskEvent>& events, std::size_t cut, std::mt19937& random,
                 const std::string& folder);

// The lines that had been answered before event `cut`.
std::vector<std::string> answers_before(const std::vector<DiskEvent>& events, std::size_t cut);

// What is wrong with what a power cut before event `cut` has left, as `check` says it of the folder
// and of the lines that had been answered; each sentence with seed and cut.
using CheckImage = std::function<std::vector<std::string>(
    const std::string& folder, const std::vector<std::string>& answered)>;
std::vector<std::string> wrong_after_cut(const std::vector<DiskEvent>& events, std::size_t cut,
                                         unsigned seed, std::mt19937& random,
                                         const std::string& folder, const CheckImage& check);

// Expects that one of 200 seeds finds something wrong, and says which.
void expect_caught(const std::string& fault,
                   const std::function<std::vector<std::string>(unsigned seed)>& try_image);

// A number of the environment.
unsigned from_environment(const char* name, unsigned otherwise);

}  // namespace certbridge::host::crash
