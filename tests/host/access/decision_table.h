// The rows of decisions.txt.
#pragma once

#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "access/policy/access_policy.h"
#include "situations.h"

namespace certbridge::host::access_test {

struct DecisionRow {
  int line = 0;
  std::string base{};
  std::string changes{};
  std::string code{};
  std::string permission{};
};

inline std::vector<DecisionRow> decision_rows() {
  std::istringstream stream(text_of_file("tests/host/access/decisions.txt"));
  std::vector<DecisionRow> rows;
  int line = 0;
  for (std::string text; std::getline(stream, text);) {
    ++line;
    if (text.empty() || text.front() == '#') continue;
    auto columns = split_at(text, '|');
    columns.resize(4);
    rows.push_back({line, columns[0], columns[1] == "-" ? "" : columns[1], columns[2], columns[3]});
  }
  return rows;
}

inline Situation situation_of(const DecisionRow& row) {
  return changed(situation(row.base), row.changes);
}

// A policy below the root of the sources; throws what is wrong with it.
inline std::shared_ptr<const AccessPolicy> policy_of(const std::string& path) {
  auto policy = AccessPolicy::parse(text_of_file(path), path);
  if (!policy) throw std::runtime_error(policy.error().message);
  return std::move(policy).value();
}

}  // namespace certbridge::host::access_test
