// A folder that counts what is asked of it, and fails when a test says so.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "folder.h"

namespace certbridge::file::testing {

class TroubledFolder final : public Folder {
 public:
  // Called with the name of the operation ("list", "state", "read", "write", "rename", "sync",
  // "remove", "remove_folder", "make") before and after it is done; an error is answered in its
  // place.
  using Trouble = std::function<Result<void>(const std::string& operation)>;

  explicit TroubledFolder(Folder& folder) : inner_(folder) {}
  void trouble_before(Trouble trouble) { before_ = std::move(trouble); }
  // The operation was done, and its answer is lost.
  void trouble_after(Trouble trouble) { after_ = std::move(trouble); }
  int times(const std::string& operation) { return times_[operation]; }
  std::size_t names_listed() const { return names_listed_; }
  std::size_t bytes_read() const { return bytes_read_; }
  void count_anew() {
    times_.clear();
    names_listed_ = 0;
    bytes_read_ = 0;
  }

  Result<void> list(const std::string& path, const Visit& visit, const Call& call) override {
    const auto counted = [&](std::string_view name) {
      ++names_listed_;
      return visit(name);
    };
    return around<Result<void>>("list", [&] { return inner_.list(path, counted, call); });
  }
  Result<std::optional<FileState>> state(const std::string& path, const Call& call) override {
    return around<Result<std::optional<FileState>>>("state",
                                                    [&] { return inner_.state(path, call); });
  }
  Result<void> read(const std::string& path, const Take& take, const Call& call) override {
    const auto counted = [&](std::span<const std::byte> bytes) {
      bytes_read_ += bytes.size();
      return take(bytes);
    };
    return around<Result<void>>("read", [&] { return inner_.read(path, counted, call); });
  }
  Result<void> write(const std::string& path, const Content& content, const Call& call) override {
    return around<Result<void>>("write", [&] { return inner_.write(path, content, call); });
  }
  Result<void> rename(const std::string& from, const std::string& to, const Call& call) override {
    return around<Result<void>>("rename", [&] { return inner_.rename(from, to, call); });
  }
  Result<void> move(const std::string& from, const std::string& to, const std::string& by_way_of,
                    const Call& call) override {
    return around<Result<void>>("move", [&] { return inner_.move(from, to, by_way_of, call); });
  }
  Result<void> sync(const std::string& path, const Call& call) override {
    return around<Result<void>>("sync", [&] { return inner_.sync(path, call); });
  }
  Result<void> remove(const std::string& path, const Call& call) override {
    return around<Result<void>>("remove", [&] { return inner_.remove(path, call); });
  }
  Result<void> remove_folder(const std::string& path, const Call& call) override {
    return around<Result<void>>("remove_folder", [&] { return inner_.remove_folder(path, call); });
  }
  Result<void> make(const std::string& path, const Call& call) override {
    return around<Result<void>>("make", [&] { return inner_.make(path, call); });
  }
  void close() override { inner_.close(); }

 private:
  template <class Answer, class Work>
  Answer around(const std::string& operation, const Work& work) {
    ++times_[operation];
    if (before_) {
      if (auto trouble = before_(operation); !trouble) return trouble.error();
    }
    Answer answer = work();
    if (after_) {
      if (auto trouble = after_(operation); !trouble) return trouble.error();
    }
    return answer;
  }

  Folder& inner_;
  Trouble before_{};
  Trouble after_{};
  std::map<std::string, int> times_{};
  std::size_t names_listed_ = 0;
  std::size_t bytes_read_ = 0;
};

}  // namespace certbridge::file::testing
