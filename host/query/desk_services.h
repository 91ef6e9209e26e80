// What the desk does besides queries: one row for each, under a path of its own.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "query/desk_parts.h"

namespace certbridge::host {

// Bodies are application/json in UTF-8; a GET has none.
struct DeskService {
  std::string method{};     // "GET" or "POST"
  std::string path{};       // one that ends in "/" stands for all that begin with it
  std::string name{};       // in metrics: "paper-accepted"
  std::size_t most_body{};  // bytes
  // On a thread of the desk. Identifies the caller itself, and gives the replier one answer.
  void (*serve)(QueryDesk::Parts& desk, const SignedRequest& request, Replier& replier) = nullptr;
};

const std::vector<DeskService>& desk_services();
// Null: nothing is there. `method` empty: whatever method it has.
const DeskService* find_service(std::string_view method, std::string_view path);

}  // namespace certbridge::host
