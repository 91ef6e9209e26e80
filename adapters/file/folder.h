// A folder tree somewhere: on this machine, behind FTP or behind SFTP. Source, sink and responder
// know nothing else of where files lie.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "certbridge/message.h"

namespace certbridge::file {

struct FileState {
  std::uint64_t size = 0;  // bytes
  std::int64_t modified =
      0;                // as precise as the transport tells; only compared, never computed with
  bool regular = true;  // neither folder nor link nor anything else
  bool operator==(const FileState&) const = default;
};

// Paths are relative to the folder that the endpoint names ("BizMsg/Biz1.xml"), or absolute. Any
// thread may call; calls over one session wait for each other. Every call keeps to the deadline and
// the stop token of its Call. Errors that every function may answer: "file.connection",
// "file.timeout", "file.cancelled", "file.busy" (the session is in use), "file.login",
// "file.host_key", "file.permission", "file.failed".
class Folder {
 public:
  using Visit = std::function<bool(std::string_view name)>;
  using Take = std::function<Result<void>(std::span<const std::byte>)>;

  virtual ~Folder();
  // Names of all that lies there but "." and "..", in no order, until `visit` answers false.
  // Nothing of the listing is kept. "file.no_folder" when it does not exist.
  virtual Result<void> list(const std::string& path, const Visit& visit, const Call& call) = 0;
  // Nothing when there is no such file. A link is not followed.
  virtual Result<std::optional<FileState>> state(const std::string& path, const Call& call) = 0;
  // Hands the bytes over in pieces and ends with the first error of `take`. "file.absent" when
  // there is no such regular file.
  virtual Result<void> read(const std::string& path, const Take& take, const Call& call) = 0;
  // Writes a whole file in place of what lies there, as durably as the transport allows.
  // "file.disk_full"; after an error a part of it may lie there.
  virtual Result<void> write(const std::string& path, const Content& content, const Call& call) = 0;
  // Never in place of another file: "file.exists". "file.absent" when `from` is not there,
  // "file.cross_device" when they lie on two file systems.
  virtual Result<void> rename(const std::string& from, const std::string& to, const Call& call) = 0;
  // As rename(), and where the transport can also between file systems: the copy grows in the
  // folder `by_way_of`, on the file system of `to`, and is whole and durable before it gets its
  // name and the first name goes. After a stop anywhere it may be moved again.
  virtual Result<void> move(const std::string& from, const std::string& to,
                            const std::string& by_way_of, const Call& call);
  // Makes what was renamed into this folder durable, where the transport can.
  virtual Result<void> sync(const std::string& path, const Call& call) = 0;
  // What is not there is removed already.
  virtual Result<void> remove(const std::string& path, const Call& call) = 0;
  // An empty folder; one that is not there is removed already. "file.failed" or "file.exists" when
  // something lies in it.
  virtual Result<void> remove_folder(const std::string& path, const Call& call) = 0;
  // Makes a folder whose parent exists; one that exists already is all right.
  virtual Result<void> make(const std::string& path, const Call& call) = 0;
  // Ends the session, if there is one; the next call opens another.
  virtual void close() = 0;
};

// "file.cancelled" or "file.timeout" once the call is over; asked between the parts of long work.
Result<void> still_wanted(const Call& call);
// "a/b", or `name` where the folder is empty.
std::string joined(const std::string& folder, std::string_view name);
// The folder part of a path; empty for a name alone.
std::string folder_of(const std::string& path);

}  // namespace certbridge::file
