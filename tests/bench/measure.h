// What the benchmark programs share: their options, the clocks and the one form of table.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace certbridge::bench {

struct Options {
  bool short_run = false;      // enough to see that every row is there; its figures say little
  int rounds = 3;              // every contestant runs once in each round
  std::string folder{"."};     // scratch data; the disk that is measured
  std::string journal{};       // large journal that is made there once and kept; empty: scratch
  std::uint64_t messages = 0;  // in the journal that is searched; 0: as many as the subject says
  bool slow_syncs = false;     // slow_sync.so is preloaded and delays every sync
  std::string suffix() const;  // "" or " (+2 ms per sync)", for titles and row names
};
// Reads --short, --rounds N, --messages N, --journal DIR and --folder DIR;
// says what is wrong and ends the program
// otherwise.
Options read_options(int count, char** arguments);

// Seconds of: the steady clock, this process on any core, this thread.
double steady_seconds();
double process_seconds();
double thread_seconds();
// Proportional set size of this process in bytes (/proc/self/smaps_rollup).
std::uint64_t proportional_set_size();

// A new folder inside `parent` that goes with its object.
class ScratchFolder {
 public:
  explicit ScratchFolder(const std::string& parent);
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// Rows in the order of their first value; a row's values are its rounds.
class Table {
 public:
  Table(std::string subject, std::string title);
  void add(const std::string& row, const std::string& unit, double value);
  // To standard output: "| row | min | median | max | unit |", one line for each row.
  void print() const;

 private:
  struct Row {
    std::string name{};
    std::string unit{};
    std::vector<double> values{};
  };
  std::string subject_;
  std::string title_;
  std::vector<Row> rows_{};
};

// Ends the program with a sentence; for what a benchmark cannot go on without.
[[noreturn]] void give_up(const std::string& why);

}  // namespace certbridge::bench
