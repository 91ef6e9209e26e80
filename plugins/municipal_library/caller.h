// One call to the library: credentials, request, transport, and what its answer means.
#pragma once

#include <memory>
#include <string>

#include "answer.h"
#include "certbridge/endpoint.h"
#include "dialect.h"
#include "request_body.h"
#include "token.h"
#include "values.h"

namespace certbridge::municipal_library {

struct CallerSettings {
  Dialect dialect{};
  std::string client_id{};
  std::string client_secret{};
  Keys keys{};
  std::uint64_t largest_answer = 16'000'000;
};

// An answer and its class; kOk, kDuplicate, kNotFound, kStateConflict and kReceived reach the one
// who asked, all others have become errors.
struct Reply {
  AnswerClass meaning = AnswerClass::kUnknown;
  Answer answer{};
};

// Any thread may call.
class LibraryCaller {
 public:
  // Reads the answer that a body holds.
  using Read = std::function<Result<Answer>(const Content& body)>;
  // The clock functions and the responder outlive the caller.
  LibraryCaller(CallerSettings settings, Responder& transport, std::function<Timestamp()> wall,
                TokenCache::Now steady, RandomBytes random);
  // Errors: "municipal.unreachable", "municipal.request_refused" and "municipal.transport" (the
  // transport failed), those of write_body() and of error_of(). A token that the library
  // refuses is renewed once and the call repeated: a refused call was not acted on.
  Result<Reply> ask(const RemoteCall& call, const Subject& subject, const Call& context);
  // The same for an answer that is not to stand in memory. `read` is called once more when the
  // token was refused.
  Result<Reply> ask_and_read(const RemoteCall& call, const Subject& subject, const Call& context,
                             const Read& read);
  // What lies at a path of the library, without credentials and without following another address:
  // "municipal.not_found", "municipal.file_address" (it sends us elsewhere), and those of ask().
  Result<std::shared_ptr<const Content>> fetch(const std::string& path, const Call& context);
  const Dialect& dialect() const { return settings_.dialect; }

 private:
  Result<Reply> ask_once(const RemoteCall& call, const Subject& subject, const Call& context,
                         const Read& read, std::string& token);
  Result<Message> exchange(Message question, const Call& context);
  Result<Message> post(const std::string& path, std::string media_type,
                       std::shared_ptr<const Content> body, const Call& context);
  Result<Token> fetch_token(const Call& context);

  CallerSettings settings_;
  Responder& transport_;
  std::function<Timestamp()> wall_;
  RandomBytes random_;
  TokenCache tokens_;
  TokenCache::Now steady_;
};

// The error that an answer of a class ends in.
Error error_of(AnswerClass meaning, const std::string& call, const std::string& code,
               const std::string& words);

}  // namespace certbridge::municipal_library
