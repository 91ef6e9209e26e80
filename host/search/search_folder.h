// The folder of the search files: which there are, and which of them are not to be believed.
#pragma once

#include <string>
#include <vector>

#include "certbridge/message.h"
#include "certbridge/result.h"

namespace certbridge::host {

// The error of a search file in words of the search: "search.damaged" (retryable: it is made anew),
// "search.full", "search.busy", "search.failed".
Error search_error(const Error& error);

class SearchFolder {
 public:
  explicit SearchFolder(const std::string& data_folder) : path_(data_folder + "/search") {}

  const std::string& path() const { return path_; }
  std::string file_of(const std::string& month) const { return path_ + "/" + month + ".db"; }
  std::string lock_file() const { return path_ + "/lock"; }
  // Of the files that are there, oldest first: "2026-11".
  std::vector<std::string> months() const;

  // Leaves a mark, for whoever fills the index, that the file of a month is to be made anew.
  // Failing to leave it fails nothing else.
  void distrust(const std::string& month) const;
  std::vector<std::string> distrusted() const;
  // The file goes, and with it its log and its mark.
  void remove(const std::string& month) const;

 private:
  std::vector<std::string> with_ending(const std::string& ending) const;
  std::string path_;
};

// "2026-10" before "2026-11".
std::string month_before(const std::string& month);
// The first moment of the month behind it.
Timestamp end_of_month(const std::string& month);

}  // namespace certbridge::host
