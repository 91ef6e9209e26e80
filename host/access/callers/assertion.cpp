#include "access/callers/assertion.h"

#include <algorithm>
#include <boost/json.hpp>

#include "access/callers/base64url.h"
#include "access/callers/single_members.h"
#include "certbridge/identifiers.h"
#include "certbridge/text.h"

namespace certbridge::host {
namespace {

namespace json = boost::json;
using std::chrono::seconds;

constexpr seconds kClockDifference{60};    // between the issuer and this machine
constexpr std::size_t kLongestText = 128;  // bytes; names of holders are longer
constexpr std::size_t kLongestName = 1024;
constexpr std::size_t kMostRoles = 32;
constexpr std::size_t kDeepest = 4;

// Takes the members of an object one by one. What is wrong once stays wrong.
class Claims {
 public:
  explicit Claims(const json::object& members) : members_(members) {}

  std::string text(std::string_view name, std::size_t longest) {
    const json::value* found = take(name);
    if (found == nullptr || !found->is_string()) return wrong<std::string>();
    std::string value(found->get_string());
    if (value.size() > longest || !check_text(value)) return wrong<std::string>();
    return value;
  }
  seconds time(std::string_view name) {
    const json::value* found = take(name);
    if (found == nullptr || !found->is_int64()) return wrong<seconds>();
    const std::int64_t value = found->get_int64();
    if (value < 0 || value > 99'999'999'999) return wrong<seconds>();
    return seconds(value);
  }
  std::vector<std::string> texts(std::string_view name) {
    const json::value* found = take(name);
    if (found == nullptr || !found->is_array()) return wrong<std::vector<std::string>>();
    std::vector<std::string> values;
    for (const json::value& one : found->get_array()) {
      const bool fits = one.is_string() && one.get_string().size() <= kLongestText &&
                        check_text(one.get_string()) && values.size() < kMostRoles;
      if (!fits) return wrong<std::vector<std::string>>();
      values.emplace_back(one.get_string());
    }
    return values;
  }
  // Null when it is not there.
  const json::object* object(std::string_view name) {
    if (!members_.contains(name)) return nullptr;
    const json::value* found = take(name);
    if (!found->is_object()) return wrong<const json::object*>();
    return &found->get_object();
  }
  // Nothing was wrong, missing, or left over.
  bool are_complete() const { return !wrong_ && taken_ == members_.size(); }

 private:
  const json::value* take(std::string_view name) {
    ++taken_;
    return members_.if_contains(name);
  }
  template <class T>
  T wrong() {
    wrong_ = true;
    return T{};
  }

  const json::object& members_;
  std::size_t taken_ = 0;
  bool wrong_ = false;
};

struct Statement {
  std::string system{};
  seconds issued{};
  seconds expires{};
  AssertedPerson person{};
};

std::optional<QueriedHolder> read_holder(const json::object& members) {
  Claims claims(members);
  QueriedHolder holder{claims.text("name", kLongestName), claims.text("code_type", kLongestText),
                       claims.text("code", kLongestText)};
  if (!claims.are_complete() || holder.code.empty()) return {};
  return holder;
}

// Blanks and slashes separate persons where a policy lists them, and a citizen's number would be
// written into records as if it were none.
bool is_id(const std::string& id) {
  return !id.empty() && id.find_first_of(" \t\r\n/") == std::string::npos &&
         id.find("\u3000") == std::string::npos && !CitizenId::parse(id);
}

std::optional<Statement> read_statement(const json::object& members) {
  Claims claims(members);
  Statement it;
  it.person.issuer = claims.text("iss", kLongestText);
  it.person.id = claims.text("sub", kLongestText);
  it.person.level = claims.text("level", kLongestText);
  it.person.roles = claims.texts("roles");
  it.person.unit = claims.text("unit", kLongestText);
  it.system = claims.text("system", kLongestText);
  it.issued = claims.time("iat");
  it.expires = claims.time("exp");
  if (const json::object* himself = claims.object("himself")) {
    it.person.himself = read_holder(*himself);
    if (!it.person.himself) return {};
  }
  if (!claims.are_complete() || !is_id(it.person.id)) return {};
  return it;
}

std::optional<Statement> parse_statement(std::string_view text) {
  json::parse_options options;
  options.max_depth = kDeepest;
  boost::system::error_code problem;
  const json::value parsed = json::parse(text, problem, {}, options);
  if (problem || !parsed.is_object()) return {};
  if (has_repeated_member(parsed, text)) return {};
  return read_statement(parsed.get_object());
}

bool is_of_now(const Statement& it, const AssertionIssuer& issuer, Timestamp now) {
  const auto issued = Timestamp(it.issued), expires = Timestamp(it.expires);
  return it.expires > it.issued && it.expires - it.issued <= issuer.longest_validity &&
         issued <= now + kClockDifference && now < expires;
}

bool may_bring(const CallingSystem& system, const std::string& issuer) {
  return system.issuers.empty() ||
         std::find(system.issuers.begin(), system.issuers.end(), issuer) != system.issuers.end();
}

bool is_signed_by(const AssertionIssuer& issuer, const std::string& name, std::string_view text,
                  std::string_view signature, VerifiedSignatures& verified) {
  if (verified.knows(name, text)) return true;
  if (!issuer.key.signed_this(text.substr(0, text.find('.')), signature)) return false;
  verified.note(name, text);
  return true;
}

}  // namespace

std::optional<AssertedPerson> asserted_person(std::string_view text, const CallersConfig& config,
                                              std::string_view system, Timestamp now,
                                              VerifiedSignatures& verified) {
  const auto dot = text.find('.');
  if (text.size() > kMostAssertionBytes || dot == std::string_view::npos) return {};
  const auto claims = from_base64url(text.substr(0, dot));
  const auto signature = from_base64url(text.substr(dot + 1));
  auto statement = claims && signature ? parse_statement(*claims) : std::nullopt;
  if (!statement) return {};
  const auto issuer = config.issuers.find(statement->person.issuer);
  const auto caller = config.systems.find(system);
  if (issuer == config.issuers.end() || caller == config.systems.end()) return {};
  const bool fits = is_signed_by(issuer->second, issuer->first, text, *signature, verified) &&
                    statement->system == system && may_bring(caller->second, issuer->first) &&
                    is_of_now(*statement, issuer->second, now) &&
                    statement->person.unit == issuer->second.unit;
  if (!fits) return {};
  return std::move(statement->person);
}

}  // namespace certbridge::host
