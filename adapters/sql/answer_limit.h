// How long a server's answer is waited for. libpq itself waits for ever on a connection that stays
// open and silent, and cannot be told otherwise: the socket is shut down under it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <list>
#include <mutex>
#include <stop_token>
#include <thread>

namespace certbridge::sql {

// One thread for all calls of the process. Any thread may call.
class AnswerLimit {
 public:
  using Moment = std::chrono::steady_clock::time_point;

 private:
  struct Entry {
    int socket = -1;
    Moment deadline{};
    bool past = false;
  };

 public:
  static AnswerLimit& instance();

  // While it lives, the socket is shut down at `deadline`. The socket stays its owner's, who must
  // not close it before.
  class Watched {
   public:
    Watched(int socket, Moment deadline);
    ~Watched();
    Watched(const Watched&) = delete;
    Watched& operator=(const Watched&) = delete;
    bool is_past() const;  // it was shut down

   private:
    std::list<Entry>::iterator entry_;
  };

 private:
  AnswerLimit();
  void run(const std::stop_token& stop);
  // Shuts down what is past; when the next one will be.
  Moment look(Moment now);

  std::mutex mutex_{};  // guards what follows
  std::condition_variable_any earlier_{};
  Moment next_ = Moment::max();  // when the thread wakes by itself
  bool is_earlier_ = false;
  std::list<Entry> entries_{};
  std::jthread thread_;  // last: it uses the others
};

}  // namespace certbridge::sql
