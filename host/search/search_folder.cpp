#include "search/search_folder.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>

namespace certbridge::host {
namespace {

namespace files = std::filesystem;

constexpr const char* kFile = ".db";
constexpr const char* kMark = ".damaged";

bool is_month(const std::string& text) {
  constexpr std::string_view kShape = "dddd-dd";
  if (text.size() != kShape.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (kShape[i] == 'd' ? !digit : text[i] != '-') return false;
  }
  const int month = std::stoi(text.substr(5));
  return month >= 1 && month <= 12;
}

std::chrono::year_month month_named(const std::string& month) {
  return std::chrono::year(std::stoi(month.substr(0, 4))) /
         std::chrono::month(static_cast<unsigned>(std::stoi(month.substr(5))));
}

}  // namespace

Error search_error(const Error& error) {
  if (error.code == "journal.damaged") {
    return Error::retryable("search.damaged",
                            "a file of the search index is damaged; the running host makes it anew "
                            "from the journal, and so does `certbridge journal index`");
  }
  if (error.code == "journal.full") {
    return Error::retryable("search.full",
                            "the disk is full: the search index is not filled any further; make "
                            "room, the journal has everything");
  }
  if (error.code == "journal.busy") {
    return Error::retryable("search.busy", "a file of the search index is held by another program");
  }
  if (error.code == "journal.failed") {
    return Error::retryable("search.failed",
                            "the search index could not be read or written: " + error.message);
  }
  return error;
}

std::vector<std::string> SearchFolder::with_ending(const std::string& ending) const {
  std::vector<std::string> months;
  std::error_code problem;
  for (const auto& entry : files::directory_iterator(path_, problem)) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(ending)) continue;
    const std::string month = name.substr(0, name.size() - ending.size());
    if (is_month(month)) months.push_back(month);
  }
  std::sort(months.begin(), months.end());
  return months;
}

std::vector<std::string> SearchFolder::months() const { return with_ending(kFile); }
std::vector<std::string> SearchFolder::distrusted() const { return with_ending(kMark); }

void SearchFolder::distrust(const std::string& month) const {
  std::ofstream(path_ + "/" + month + kMark).flush();
}

// Marked from first to last: a process that ends in between removes again.
void SearchFolder::remove(const std::string& month) const {
  distrust(month);
  std::error_code ignored;
  for (const char* ending : {".db-wal", ".db-shm", kFile, kMark}) {
    files::remove(path_ + "/" + month + ending, ignored);
  }
}

std::string month_before(const std::string& month) {
  const std::chrono::year_month before = month_named(month) - std::chrono::months(1);
  char text[16];
  std::snprintf(text, sizeof text, "%04d-%02u", static_cast<int>(before.year()),
                static_cast<unsigned>(before.month()));
  return text;
}

Timestamp end_of_month(const std::string& month) {
  const std::chrono::year_month next = month_named(month) + std::chrono::months(1);
  return std::chrono::sys_days(next / std::chrono::day(1));
}

}  // namespace certbridge::host
