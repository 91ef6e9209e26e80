// Which fields of a JSON request become the envelope of a message, and which make a verdict. It
// knows names only: what they mean is somebody else's.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "certbridge/message.h"

namespace certbridge::http {

// A field is a path of member names joined by slashes.
struct EnvelopeField {
  std::string name{};  // kind of the order key or name of the header
  std::string field{};
  bool required = false;
};

struct VerdictRule {
  std::string endpoint{};  // whose open receipts it settles
  std::string correlation{};
  std::string code{};
  std::string message{};
  std::string remote_id{};
  std::set<std::string, std::less<>> accepted{};
  std::set<std::string, std::less<>> withdrawn{};  // takes an earlier verdict back
  // Every other code is a rejection. The host knows some by a code of its own, which is told in
  // place of the counterpart's; that stands before its words then.
  std::map<std::string, std::string, std::less<>> rejected_as{};
};

struct Envelope {
  std::string message_type{};
  std::string source_key{};  // empty: events are not taken
  std::string area{};
  std::string classified{};
  std::vector<EnvelopeField> order_keys{};  // a field may be a list of up to 1,000 values
  std::vector<EnvelopeField> headers{};
  std::optional<VerdictRule> verdict{};
};

// Reads urn:certbridge:http-envelope:1. Codes as parse_xml, and "http.envelope" with the place.
Result<Envelope> parse_envelope(std::string_view xml, std::string_view file);

// The message of one request. What cannot be read becomes a message too, with the headers
// "intake-error-code" ("http.encoding", "http.json", "http.field") and "intake-error", which names
// field, rule and shape and never a value; the host keeps it as parked.
Message read_event(const Envelope& envelope, std::string body, Timestamp now);

struct Verdict {
  Correlation correlation{};
  Outcome outcome{};
};
// "http.encoding", "http.json", "http.field" (permanent): a verdict that cannot be read is refused
// whole, and the sender is told.
Result<Verdict> read_verdict(const VerdictRule& rule, std::string_view body, Timestamp now);

}  // namespace certbridge::http
