// What is seen of one day at a time: paper that need not have been taken, and persons who fail
// again and again.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "access/records/access_reader.h"
#include "reports/blind.h"
#include "reports/inspection.h"

namespace certbridge::host {

// One thread. Keeps the day under way only.
class DayInspection {
 public:
  DayInspection(const Blind& blind, std::uint32_t failed_queries, std::size_t most_named,
                std::size_t most_of_a_day);

  // Records in their order, each of one access: not the further ones of the same answer.
  void add(const ReadAccess& access);
  // Those of what an answer found besides its first certificate count as seen.
  void add_seen(const ReadAccess& access);
  std::vector<InspectionSection> sections();

 private:
  struct Paper {
    std::uint64_t number = 0;
    Timestamp written{};
    std::string unit{};
    std::string person{};
    std::uint64_t holder = 0;
    std::vector<std::string> types{};
    std::string then{};  // whether it could be had when paper was taken
  };
  struct Failed {
    std::string unit{};
    std::uint64_t denied = 0;
    std::uint64_t nothing_found = 0;
    std::uint64_t first = 0;  // record
    std::uint64_t last = 0;
  };
  struct Seen {
    std::uint64_t number = 0;  // record
    auto operator<=>(const Seen&) const = default;
  };
  void turn_to(std::chrono::local_days day);
  void close_day();
  void add_paper(const ReadAccess& access);
  void add_failed(const ReadAccess& access);

  const Blind& blind_;
  std::uint32_t failed_queries_;
  std::size_t most_of_a_day_;
  std::chrono::local_days day_{};
  std::map<std::pair<std::uint64_t, std::string>, Seen> seen_{};  // by holder and type
  std::vector<Paper> paper_{};
  std::map<std::string, Failed> failed_{};  // by person
  bool overflowed_ = false;
  NamedFindings paper_found_;
  NamedFindings failed_found_;
};

}  // namespace certbridge::host
