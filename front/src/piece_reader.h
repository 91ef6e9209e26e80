// The thread that reads pieces of answers, so that the front's loop never waits for a disk.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace certbridge::http {

// Owns the thread "front-read" once something was posted. Tasks must not throw.
class PieceReader {
 public:
  PieceReader() = default;
  ~PieceReader() { stop(); }
  PieceReader(const PieceReader&) = delete;
  PieceReader& operator=(const PieceReader&) = delete;

  // One thread posts. False once it is stopped.
  bool post(std::function<void()> task);
  // Drops what waits and joins the thread.
  void stop();

 private:
  void work();

  std::mutex mutex_{};
  std::condition_variable arrived_{};
  std::deque<std::function<void()>> tasks_{};
  bool stopping_ = false;
  std::thread thread_{};
};

}  // namespace certbridge::http
