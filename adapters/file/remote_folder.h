// A folder at a server, over one session that is kept.
#pragma once

#include <functional>
#include <memory>
#include <mutex>

#include "folder.h"

namespace certbridge::file {

// A logged-in connection; one caller at a time. "file.connection", "file.timeout" and
// "file.cancelled" end it.
class RemoteSession : public Folder {
 public:
  ~RemoteSession() override;
  // Whether the server is still there.
  virtual Result<void> probe(const Call& call) = 0;
  // Called when an operation is over and the next one may be long in coming.
  virtual void rest() {}
};

// Servers of front-end hosts are overloaded by sessions: there is one, which is opened when it is
// needed, kept, probed when it was idle, and opened again when it broke. An operation whose answer
// was lost is never repeated here. A login that was refused is tried again only after a rest; until
// then its "file.login" is answered. Calls wait for each other, as long as their deadlines allow.
std::unique_ptr<Folder> keep_one_session(
    std::function<Result<std::unique_ptr<RemoteSession>>(const Call&)> open);

}  // namespace certbridge::file
