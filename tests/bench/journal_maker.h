// Journals of any size, made quickly: the rows that the store's own writing code writes, in large
// transactions that are not synced.
#pragma once

#include <cstdint>
#include <string>

namespace certbridge::bench {

// How message `number`, from 1 on, is called in such a journal. Odd ones are events, even ones the
// certificates that were made of the event before them.
std::string case_of(std::uint64_t number);
std::string certificate_number_of(std::uint64_t number);
std::string holder_of(std::uint64_t number);                      // one of each certificate
std::string holder_name_of(std::uint64_t number);                 // the same
inline constexpr const char* kManyHolder = "91411300MA4BANK001";  // of one certificate in twenty
inline constexpr std::uint64_t kOneInParked = 2000;               // certificates that are parked
inline constexpr std::int64_t kDays = 180;                        // over which they were stored

// Fills a journal, which is there and empty, with messages that ended long ago: their bodies of
// 2 kB are dropped. The last is stored just now. Ends the program when it cannot.
void make_messages(const std::string& folder, std::uint64_t count);

}  // namespace certbridge::bench
