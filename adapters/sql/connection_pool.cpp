#include <algorithm>

#include "connection.h"

namespace certbridge::sql {
namespace {

bool begins_name(char c) { return (c >= 'a' && c <= 'z') || c == '_'; }
bool goes_on(char c) { return begins_name(c) || (c >= '0' && c <= '9'); }

}  // namespace

std::vector<std::string> parameter_names(const std::string& sql) {
  std::vector<std::string> names;
  bool in_text = false;
  for (std::size_t i = 0; i < sql.size(); ++i) {
    if (sql[i] == '\'') in_text = !in_text;
    if (in_text || sql[i] != ':' || i + 1 >= sql.size() || !begins_name(sql[i + 1])) continue;
    if (i > 0 && sql[i - 1] == ':') continue;  // a cast
    std::size_t end = i + 1;
    while (end < sql.size() && goes_on(sql[end])) ++end;
    std::string name = sql.substr(i + 1, end - i - 1);
    if (std::find(names.begin(), names.end(), name) == names.end())
      names.push_back(std::move(name));
    i = end - 1;
  }
  return names;
}

Result<ConnectionPool::Lease> ConnectionPool::take(std::chrono::steady_clock::time_point deadline) {
  {
    std::unique_lock lock(mutex_);
    if (!freed_.wait_until(lock, deadline, [this] { return free_places_ > 0; })) {
      return Error::retryable("sql.pool_busy", "no connection was free in time");
    }
    --free_places_;
    if (!idle_.empty()) {
      Lease lease(*this, std::move(idle_.back()));
      idle_.pop_back();
      return lease;
    }
  }
  auto opened = open_connection(settings_);
  if (opened) return Lease(*this, std::move(opened).value());
  give_back(nullptr);
  return opened.error();
}

void ConnectionPool::give_back(std::unique_ptr<Connection> connection) {
  std::vector<std::unique_ptr<Connection>> doubtful;  // closed outside the lock
  {
    const std::lock_guard lock(mutex_);
    ++free_places_;
    if (connection && connection->usable()) {
      idle_.push_back(std::move(connection));
    } else {
      // What one lost, the others that wait here most likely lost too.
      doubtful.swap(idle_);
    }
  }
  freed_.notify_one();
}

}  // namespace certbridge::sql
