#include "ftp_folder.h"

#include <Poco/Exception.h>
#include <Poco/Net/DialogSocket.h>
#include <Poco/Net/FTPClientSession.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/StreamSocket.h>

#include <algorithm>
#include <istream>
#include <ostream>

#include "ftp_replies.h"
#include "ftp_streams.h"
#include "remote_folder.h"

namespace certbridge::file {
namespace {

using namespace ftp_reply;
using Poco::Net::FTPException;
using Poco::Net::SocketAddress;
using Poco::Net::StreamSocket;

constexpr std::chrono::milliseconds kFarewell{1000};  // for the answer to QUIT

Poco::Timespan span_of(std::chrono::milliseconds wait) {
  return Poco::Timespan(std::chrono::microseconds(wait).count());
}

// What remains of the call, but never more than the server may take for one answer.
std::chrono::milliseconds wait_of(const ServerSettings& settings, const Call& call) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      call.deadline - std::chrono::steady_clock::now());
  return std::clamp(left, std::chrono::milliseconds(1), settings.wait);
}

// Runs what POCO does and turns what it throws into an error; `judge` knows what a reply means.
template <class T, class Work, class Judge>
Result<T> guarded(const Work& work, const Judge& judge) {
  try {
    return work();
  } catch (const FTPException& refused) {
    if (refused.code() > 0) return judge(refused.code());
    return ftp_broken("it gave no proper reply");
  } catch (const Poco::TimeoutException&) {
    return Error::retryable("file.timeout", "the FTP server did not answer in time");
  } catch (const Poco::Exception& failed) {
    return ftp_broken(failed.what());
  } catch (const std::exception&) {
    return ftp_broken("a transfer ended in the middle");
  }
}

// POCO's session, whose data connections end at the server whatever address it names (which is
// often one behind a translation, and could be anybody's), within a time limit.
class FtpClient final : public Poco::Net::FTPClientSession {
 public:
  FtpClient(const StreamSocket& control, std::chrono::milliseconds wait)
      : FTPClientSession(control, false), server_(control.peerAddress()), wait_(wait) {}
  // Here and not in POCO's constructor, which loses its socket when no welcome comes.
  void receive_welcome() {
    std::string welcome;
    const int status = _pControlSocket->receiveStatusMessage(welcome);
    if (!isPositiveCompletion(status)) throw FTPException("the welcome", status);
  }
  void set_wait(std::chrono::milliseconds wait) {
    wait_ = wait;
    setTimeout(span_of(wait));
  }

 protected:
  StreamSocket establishDataConnection(const std::string& command,
                                       const std::string& arg) override {
    const SocketAddress announced = sendPassiveCommand();
    StreamSocket data;
    data.connect(SocketAddress(server_.host(), announced.port()), span_of(wait_));
    data.setReceiveTimeout(span_of(wait_));
    data.setSendTimeout(span_of(wait_));
    std::string response;
    const int status = sendCommand(command, arg, response);
    if (!isPositivePreliminary(status)) throw FTPException(command, status);
    return data;
  }

 private:
  SocketAddress server_;
  std::chrono::milliseconds wait_;
};

class FtpSession final : public RemoteSession {
 public:
  FtpSession(ServerSettings settings, std::unique_ptr<FtpClient> client, std::string base)
      : settings_(std::move(settings)), client_(std::move(client)), base_(std::move(base)) {}
  FtpSession(const FtpSession&) = delete;
  FtpSession& operator=(const FtpSession&) = delete;
  ~FtpSession() override {
    try {
      client_->set_wait(kFarewell);
      client_.reset();
    } catch (const std::exception&) {
      // It was broken already.
    }
  }

  Result<void> probe(const Call& call) override {
    auto status = command("NOOP", {}, call);
    if (!status) return status.error();
    return {};
  }

  Result<void> list(const std::string& path, const Visit& visit, const Call& call) override {
    auto there = is_folder(path, call);
    if (!there) return there.error();
    if (!there.value())
      return Error::fault("file.no_folder", "the FTP server has no folder " + place(path));
    return guarded<void>([&] { return list_current(visit, call); },
                         [](int status) -> Result<void> {
                           // Some servers answer so where a folder is empty.
                           if (status == kNothingFound || status == kNoSuchFile) return {};
                           return ftp_reply_error(status, "NLST");
                         });
  }

  Result<std::optional<FileState>> state(const std::string& path, const Call& call) override {
    std::string reply;
    auto size = command("SIZE", place(path), call, &reply);
    if (!size) return size.error();
    if (size.value() == kNoSuchFile) return std::optional<FileState>();
    if (size.value() != kFileStatus) return ftp_reply_error(size.value(), "SIZE");
    FileState found;
    found.size = number_of_reply(reply);
    auto changed = command("MDTM", place(path), call, &reply);
    if (!changed) return changed.error();
    if (changed.value() == kFileStatus)
      found.modified = static_cast<std::int64_t>(number_of_reply(reply));
    return std::optional(found);
  }

  Result<void> read(const std::string& path, const Take& take, const Call& call) override {
    if (auto ready = prepare(path, call); !ready) return ready.error();
    auto done = guarded<void>(
        [&]() -> Result<void> {
          std::istream& data = client_->beginDownload(place(path));
          auto taken = take_from_stream(data, take, call);
          end_transfer(taken, [&] { client_->endDownload(); });
          return taken;
        },
        [](int status) -> Result<void> {
          if (status == kNoSuchFile) return no_such_file();
          return ftp_reply_error(status, "RETR");
        });
    if (done || done.error().code != "file.absent") return done;
    auto found = state(path, call);
    if (!found) return found.error();
    if (!found.value()) return Error::retryable("file.absent", "there is no file " + path);
    return Error::fault("file.permission", "the FTP server does not let us read " + path);
  }

  Result<void> write(const std::string& path, const Content& content, const Call& call) override {
    if (auto ready = prepare(path, call); !ready) return ready.error();
    int refused = 0;
    auto written = guarded<void>(
        [&]() -> Result<void> {
          std::ostream& data = client_->beginUpload(place(path));
          auto sent = send_to_stream(data, content, call);
          end_transfer(sent, [&] { client_->endUpload(); });
          return sent;
        },
        [&](int status) -> Result<void> {
          refused = status;
          return ftp_reply_error(status, "STOR");
        });
    if (refused == kNoSuchFile || refused == kNameNotAllowed) return no_way_to(path, "write", call);
    if (!written) return written;
    auto found = state(path, call);
    if (!found) return found.error();
    if (found.value() && found.value()->size == content.size()) return {};
    return Error::retryable("file.failed",
                            "the FTP server has not the size of " + path + " that was sent");
  }

  Result<void> rename(const std::string& from, const std::string& to, const Call& call) override {
    auto taken = state(to, call);
    if (!taken) return taken.error();
    if (taken.value()) return Error::retryable("file.exists", "there is a file " + to + " already");
    auto begun = command("RNFR", place(from), call);
    if (!begun) return begun.error();
    if (begun.value() == kNoSuchFile)
      return Error::retryable("file.absent", "there is no file " + from);
    if (begun.value() / 100 != 3) return ftp_reply_error(begun.value(), "RNFR");
    auto ended = command("RNTO", place(to), call);
    if (!ended) return ended.error();
    if (ended.value() / 100 == 2) return {};
    if (ended.value() / 100 == 5 && !ftp_does_not_know(ended.value()))
      return no_way_to(to, "rename to", call);
    return ftp_reply_error(ended.value(), "RNTO");
  }

  Result<void> sync(const std::string&, const Call& call) override { return still_wanted(call); }

  Result<void> remove(const std::string& path, const Call& call) override {
    auto removed = command("DELE", place(path), call);
    if (!removed) return removed.error();
    if (removed.value() / 100 == 2) return {};
    if (removed.value() != kNoSuchFile) return ftp_reply_error(removed.value(), "DELE");
    auto found = state(path, call);
    if (!found) return found.error();
    if (!found.value()) return {};
    return Error::fault("file.permission", "the FTP server does not let us remove " + path);
  }

  Result<void> remove_folder(const std::string& path, const Call& call) override {
    auto there = is_folder(path, call);
    if (!there) return there.error();
    if (!there.value()) return {};
    if (auto left = is_folder({}, call); !left) return left.error();  // not while we stand in it
    auto removed = command("RMD", place(path), call);
    if (!removed) return removed.error();
    if (removed.value() / 100 == 2) return {};
    if (removed.value() != kNoSuchFile) return ftp_reply_error(removed.value(), "RMD");
    return Error::retryable("file.failed", "the FTP server does not remove the folder " + path);
  }

  Result<void> make(const std::string& path, const Call& call) override {
    auto there = is_folder(path, call);
    if (!there) return there.error();
    if (there.value()) return {};
    auto made = command("MKD", place(path), call);
    if (!made) return made.error();
    if (made.value() / 100 == 2) return {};
    return Error::fault("file.permission",
                        "the FTP server does not let us make the folder " + path);
  }

  void close() override {}

 private:
  static Error no_such_file() { return Error::retryable("file.absent", "there is no such file"); }

  std::string place(const std::string& path) const {
    if (path.starts_with('/')) return path;
    return path.empty() ? base_ : joined(base_, path);
  }

  // Before every command: nothing that would end it early, and the time that it may take.
  Result<void> prepare(const std::string& path, const Call& call) {
    if (auto wanted = still_wanted(call); !wanted) return wanted;
    if (path.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos)
      return Error::permanent("file.name", "a path at an FTP server has no line breaks");
    client_->set_wait(wait_of(settings_, call));
    return {};
  }

  // The reply's number; an error only where there was none.
  Result<int> command(const std::string& verb, const std::string& argument, const Call& call,
                      std::string* reply = nullptr) {
    if (auto ready = prepare(argument, call); !ready) return ready.error();
    auto status = guarded<int>(
        [&]() -> Result<int> {
          std::string text;
          const int number = client_->sendCommand(verb, argument, text);
          if (reply != nullptr) *reply = text;
          return number;
        },
        [](int number) -> Result<int> { return number; });
    if (status && status.value() == kServiceClosing) return ftp_reply_error(kServiceClosing, verb);
    if (status && status.value() < 100) return ftp_broken("it gave no proper reply");
    return status;
  }

  Result<bool> is_folder(const std::string& path, const Call& call) {
    auto changed = command("CWD", place(path), call);
    if (!changed) return changed.error();
    if (changed.value() / 100 == 2) return true;
    if (changed.value() / 100 == 5 && !ftp_does_not_know(changed.value()) &&
        changed.value() != kNotLoggedIn)
      return false;
    return ftp_reply_error(changed.value(), "CWD");
  }

  // Why a name cannot be written: its folder is not there, or we may not.
  Error no_way_to(const std::string& path, const std::string& doing, const Call& call) {
    auto there = is_folder(folder_of(path), call);
    if (!there) return there.error();
    if (!there.value())
      return Error::fault("file.no_folder", "the FTP server has no folder for " + path);
    return Error::fault("file.permission", "the FTP server does not let us " + doing + " " + path);
  }

  Result<void> list_current(const Visit& visit, const Call& call) {
    std::istream& data = client_->beginList({}, false);
    Result<void> listed;
    bool stopped = false;
    std::string name;
    while (!stopped && listed && next_listed_name(data, name)) {
      listed = still_wanted(call);
      if (name.size() > kLongestListedName) listed = ftp_broken("a listed name has no end");
      if (listed && !name.empty() && name != "." && name != "..") stopped = !visit(name);
    }
    if (stopped) {
      abandon_transfer();
    } else {
      end_transfer(listed, [&] { client_->endList(); });
    }
    return listed;
  }

  // The reply to a whole transfer counts; of one that failed here it is only taken away.
  template <class End>
  void end_transfer(const Result<void>& transferred, const End& end) {
    if (transferred) return end();
    abandon_transfer();
  }
  void abandon_transfer() {
    try {
      client_->set_wait(kFarewell);
      client_->endDownload();  // of any transfer: POCO ends them all alike
    } catch (const FTPException&) {
      // "Transfer aborted": it was.
    }
  }

  ServerSettings settings_;
  std::unique_ptr<FtpClient> client_;
  std::string base_;
};

Result<std::unique_ptr<RemoteSession>> log_in(const ServerSettings& settings, const Call& call) {
  using Opened = std::unique_ptr<RemoteSession>;
  return guarded<Opened>(
      [&]() -> Result<Opened> {
        const std::chrono::milliseconds wait = wait_of(settings, call);
        StreamSocket control;
        control.connect(SocketAddress(settings.host, settings.port), span_of(wait));
        control.setReceiveTimeout(span_of(wait));
        control.setSendTimeout(span_of(wait));
        auto client = std::make_unique<FtpClient>(control, wait);
        client->set_wait(wait);
        client->receive_welcome();
        client->login(settings.user, settings.password);
        client->setFileType(Poco::Net::FTPClientSession::TYPE_BINARY);
        std::string reply;
        const int status = client->sendCommand("CWD", settings.folder, reply);
        if (status / 100 != 2)
          return Error::fault("file.no_folder", "the FTP server has no folder " + settings.folder);
        std::string base = client->getWorkingDirectory();
        return Opened(std::make_unique<FtpSession>(settings, std::move(client), std::move(base)));
      },
      [](int status) -> Result<Opened> {
        if (status == kNotLoggedIn || status == kWrongUser || status == kNeedsAccount)
          return Error::fault("file.login", "the FTP server refuses the user or the password");
        return ftp_reply_error(status, "the login");
      });
}

}  // namespace

std::unique_ptr<Folder> open_ftp_folder(ServerSettings settings) {
  return keep_one_session(
      [settings = std::move(settings)](const Call& call) { return log_in(settings, call); });
}

}  // namespace certbridge::file
