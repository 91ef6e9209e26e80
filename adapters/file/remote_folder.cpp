#include "remote_folder.h"

#include "login_rest.h"

namespace certbridge::file {
namespace {

constexpr std::chrono::seconds kSurelyAlive{5};  // since the last answer
constexpr std::chrono::milliseconds kSlice{50};  // a wait looks at the stop token this often

bool ends_session(const Error& error) {
  return error.code == "file.connection" || error.code == "file.timeout" ||
         error.code == "file.cancelled";
}

class RemoteFolder final : public Folder {
 public:
  using Open = std::function<Result<std::unique_ptr<RemoteSession>>(const Call&)>;

  explicit RemoteFolder(Open open) : open_(std::move(open)) {}

  Result<void> list(const std::string& path, const Visit& visit, const Call& call) override {
    return over<void>(call, [&](Folder& at) { return at.list(path, visit, call); });
  }
  Result<std::optional<FileState>> state(const std::string& path, const Call& call) override {
    return over<std::optional<FileState>>(call, [&](Folder& at) { return at.state(path, call); });
  }
  Result<void> read(const std::string& path, const Take& take, const Call& call) override {
    return over<void>(call, [&](Folder& at) { return at.read(path, take, call); });
  }
  Result<void> write(const std::string& path, const Content& content, const Call& call) override {
    return over<void>(call, [&](Folder& at) { return at.write(path, content, call); });
  }
  Result<void> rename(const std::string& from, const std::string& to, const Call& call) override {
    return over<void>(call, [&](Folder& at) { return at.rename(from, to, call); });
  }
  Result<void> sync(const std::string& path, const Call& call) override {
    return over<void>(call, [&](Folder& at) { return at.sync(path, call); });
  }
  Result<void> remove(const std::string& path, const Call& call) override {
    return over<void>(call, [&](Folder& at) { return at.remove(path, call); });
  }
  Result<void> remove_folder(const std::string& path, const Call& call) override {
    return over<void>(call, [&](Folder& at) { return at.remove_folder(path, call); });
  }
  Result<void> make(const std::string& path, const Call& call) override {
    return over<void>(call, [&](Folder& at) { return at.make(path, call); });
  }
  void close() override {
    const std::lock_guard lock(mutex_);
    session_.reset();
  }

 private:
  template <class T, class Work>
  Result<T> over(const Call& call, const Work& work) {
    std::unique_lock lock(mutex_, std::defer_lock);
    if (auto held = hold(lock, call); !held) return held.error();
    if (auto opened = ensure_session(call); !opened) return opened.error();
    Result<T> answer = work(*session_);
    session_->rest();
    if (!answer && ends_session(answer.error())) session_.reset();
    used_ = std::chrono::steady_clock::now();
    return answer;
  }

  static Result<void> hold(std::unique_lock<std::timed_mutex>& lock, const Call& call) {
    do {
      if (auto wanted = still_wanted(call); !wanted)
        return wanted.error().code == "file.cancelled" ? wanted.error() : busy();
    } while (!lock.try_lock_for(kSlice));
    return {};
  }

  static Error busy() {
    return Error::retryable("file.busy", "the session to the server was in use for too long");
  }

  Result<void> ensure_session(const Call& call) {
    const bool was_idle = std::chrono::steady_clock::now() - used_ > kSurelyAlive;
    if (session_ && was_idle && !session_->probe(call)) session_.reset();
    if (session_) return {};
    if (auto refused = rest_.refusal_at(std::chrono::steady_clock::now())) return *refused;
    auto opened = open_(call);
    if (!opened && opened.error().code == "file.login")
      return rest_.refused(opened.error(), std::chrono::steady_clock::now());
    if (!opened) return opened.error();
    rest_.let_in();
    session_ = std::move(opened).value();
    return {};
  }

  Open open_;
  std::timed_mutex mutex_{};
  std::unique_ptr<RemoteSession> session_{};
  LoginRest rest_{};
  std::chrono::steady_clock::time_point used_{};
};

}  // namespace

RemoteSession::~RemoteSession() = default;

std::unique_ptr<Folder> keep_one_session(
    std::function<Result<std::unique_ptr<RemoteSession>>(const Call&)> open) {
  return std::make_unique<RemoteFolder>(std::move(open));
}

}  // namespace certbridge::file
