#include "operate/operation_table.h"

#include <algorithm>
#include <string_view>

#include "operate/operation_lists.h"

namespace certbridge::host {
namespace {

// By noun; those of one noun stay in the order of their lists.
std::vector<Operation> all_operations() {
  std::vector<Operation> all;
  for (const auto& list : {
           &access_operations,
           &access_key_operations,
           &action_operations,
           &again_operations,
           &catalogue_operations,
           &daily_log_operations,
           &hold_operations,
           &library_use_operations,
           &message_operations,
           &objection_operations,
           &parked_operations,
           &reconcile_operations,
           &register_operations,
           &replay_operations,
           &review_operations,
           &run_anew_operations,
           &verdict_operations,
           &waiting_operations,
       }) {
    for (Operation& operation : list()) all.push_back(std::move(operation));
  }
  std::ranges::stable_sort(all, {},
                           [](const Operation& one) { return std::string_view(one.noun); });
  return all;
}

}  // namespace

const std::vector<Operation>& operations() {
  static const std::vector<Operation> kAll = all_operations();
  return kAll;
}

const Operation* operation_at(std::string_view path) {
  const auto found = std::ranges::find(operations(), path, &Operation::path);
  return found == operations().end() ? nullptr : &*found;
}

}  // namespace certbridge::host
