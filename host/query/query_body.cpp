#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "access/callers/single_members.h"
#include "certbridge/text.h"
#include "objections/objection_records.h"
#include "query/base64.h"
#include "query/query.h"

namespace certbridge::host {
namespace {

namespace json = boost::json;

constexpr std::size_t kDeepest = 4;
constexpr std::size_t kLongestText = 1024;  // bytes, as records have it
constexpr std::size_t kLongestName = 64;
constexpr std::size_t kMostTypes = 100;
constexpr std::size_t kMostPrinted = 100;
constexpr std::size_t kLongestPrinted = 4096;
constexpr std::size_t kLongestFieldName = 256;

Error wrong(const std::string& name, const std::string& reason) {
  return Error::permanent("query.value", "`" + name + "` " + reason);
}

// So that a name or number of a person that was sent in the wrong place is not said again.
bool is_a_word(const std::string& name) {
  return name.size() <= kLongestName && std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '_';
         });
}

// The members of one object. What was asked for is remembered; end() complains of everything else.
class Members {
 public:
  Members(const json::object& object, std::string within)
      : object_(object), within_(std::move(within)) {}

  const json::value* find(const char* name) {
    known_.insert(name);
    return object_.if_contains(name);
  }
  void text(const char* name, std::string& into, std::size_t most = kLongestText) {
    const json::value* value = find(name);
    if (value == nullptr) return;
    if (!value->is_string()) return note(wrong(within_ + name, "must be a text"));
    into = std::string(value->get_string());
    if (into.empty() || into.size() > most) {
      note(wrong(within_ + name, "must have 1 to " + std::to_string(most) + " bytes"));
    } else if (!check_text(into)) {
      note(wrong(within_ + name, "has characters that no text has"));
    }
  }
  void required(const char* name, std::string& into) {
    text(name, into);
    if (into.empty()) note(wrong(within_ + name, "is missing"));
  }
  void flag(const char* name, bool& into) {
    const json::value* value = find(name);
    if (value == nullptr) return;
    if (!value->is_bool()) return note(wrong(within_ + name, "must be true or false"));
    into = value->get_bool();
  }
  void number(const char* name, std::uint64_t& into) {
    const json::value* value = find(name);
    if (value == nullptr || !value->is_int64() || value->get_int64() < 1) {
      return note(wrong(within_ + name, "must be a whole number above zero"));
    }
    into = static_cast<std::uint64_t>(value->get_int64());
  }
  const json::object* object(const char* name) {
    const json::value* value = find(name);
    if (value == nullptr) return nullptr;
    if (!value->is_object()) note(wrong(within_ + name, "must be an object"));
    return value->if_object();
  }
  void note(Error error) {
    if (!error_) error_ = std::move(error);
  }
  Result<void> end() {
    for (const auto& member : object_) {
      if (known_.contains(std::string(member.key()))) continue;
      const std::string name = within_ + std::string(member.key());
      return Error::permanent(
          "query.member",
          "there is no member `" + (is_a_word(name) ? name : "of that name") + "` here");
    }
    if (error_) return *error_;
    return {};
  }

 private:
  const json::object& object_;
  std::string within_;
  std::set<std::string> known_{};
  std::optional<Error> error_{};
};

// The first error of a part is the whole's.
void read_ground(Members& members, Query& query) {
  members.required("purpose", query.purpose);
  members.text("role", query.role);
  const json::object* object = members.object("ground");
  if (object == nullptr) return members.note(wrong("ground", "is missing"));
  Members ground(*object, "ground.");
  ground.required("kind", query.ground_kind);
  ground.text("number", query.ground);
  ground.flag("provisional", query.provisional);
  ground.text("authorisation", query.authorisation);
  if (const auto read = ground.end(); !read) members.note(read.error());
}

void read_holder(Members& members, Query& query) {
  const json::object* object = members.object("holder");
  if (object == nullptr) return;
  Members holder(*object, "holder.");
  query.holder.emplace();
  holder.text("name", query.holder->name);
  holder.text("codeType", query.holder->code_type);
  holder.required("code", query.holder->code);
  if (const auto read = holder.end(); !read) members.note(read.error());
}

void read_types(Members& members, Query& query) {
  const json::value* value = members.find("types");
  if (value == nullptr) return;
  const json::array* array = value->if_array();
  if (array == nullptr || array->empty() || array->size() > kMostTypes) {
    return members.note(wrong("types", "must be a list of 1 to 100 type codes"));
  }
  for (const json::value& one : *array) {
    if (!one.is_string() || one.get_string().empty() || one.get_string().size() > 64 ||
        !check_text(std::string_view(one.get_string()))) {
      return members.note(wrong("types", "must be a list of 1 to 100 type codes"));
    }
    query.types.emplace_back(one.get_string());
  }
}

void read_printed(Members& members, Query& query) {
  const json::object* object = members.object("printed");
  if (object == nullptr) return members.note(wrong("printed", "is missing"));
  if (object->empty() || object->size() > kMostPrinted) {
    return members.note(wrong("printed", "must have 1 to 100 fields"));
  }
  for (const auto& member : *object) {
    const json::string* text = member.value().if_string();
    const std::string name(member.key());
    if (text == nullptr || text->size() > kLongestPrinted || name.size() > 256 ||
        !check_text(std::string_view(*text)) || !check_text(name)) {
      return members.note(wrong("printed", "must be texts of at most 4 kB by name"));
    }
    query.printed.push_back({name, std::string(*text)});
  }
}

void read_file(Members& members, Query& query) {
  const json::value* value = members.find("file");
  const json::string* text = value == nullptr ? nullptr : value->if_string();
  auto bytes = text == nullptr ? std::nullopt : decode_base64({text->data(), text->size()});
  if (!bytes || bytes->empty() || bytes->size() > kLargestVerifiedFile) {
    return members.note(wrong("file", "must be a file of 1 byte to 20 MB in base64"));
  }
  query.file = std::move(*bytes);
}

// Which certificate is meant: exactly one of what the kind takes. Where that is a certificate, a
// holder beside it says whose it has to be: some grounds ask for one.
void read_subject(QueryKind kind, Members& members, Query& query) {
  const bool by_holder = kind == QueryKind::kFind || kind == QueryKind::kAvailability;
  const bool by_number = kind != QueryKind::kAvailability;
  read_holder(members, query);
  if (by_number) {
    members.text("identifier", query.identifier);
    members.text("number", query.number);
  }
  const int given = (by_holder && query.holder ? 1 : 0) + (query.identifier.empty() ? 0 : 1) +
                    (query.number.empty() ? 0 : 1);
  if (given == 1) return;
  members.note(Error::permanent(
      "query.value", by_holder && by_number ? "give exactly one of `holder`, `identifier`, `number`"
                     : by_holder            ? "`holder` is missing"
                                            : "give exactly one of `identifier` and `number`"));
}

// What somebody writes in his own words.
void read_words(Members& members, const char* name, std::string& into) {
  members.text(name, into, kLongestObjection * 4);
  if (into.empty()) return members.note(wrong(name, "is missing"));
  const auto characters = decode_utf8(into);
  if (characters && characters->size() > kLongestObjection) {
    members.note(wrong(name, "must have at most 1000 characters"));
  }
}

void read_field_names(Members& members, std::vector<std::string>& into) {
  const json::value* value = members.find("fields");
  if (value == nullptr) return;
  const json::array* array = value->if_array();
  bool fine = array != nullptr && !array->empty() && array->size() <= kMostObjectedFields;
  for (std::size_t i = 0; fine && i < array->size(); ++i) {
    const json::string* name = array->at(i).if_string();
    fine = name != nullptr && !name->empty() && name->size() <= kLongestFieldName &&
           check_text(std::string_view(*name)).ok();
    if (fine) into.emplace_back(*name);
  }
  if (!fine) members.note(wrong("fields", "must be a list of 1 to 32 names of fields"));
}

void read_which(Members& members, RaisedObjection& raised) {
  members.text("identifier", raised.identifier);
  members.text("number", raised.number);
  members.text("type", raised.type, 64);
}

void read_time(Members& members, const char* name, std::optional<Timestamp>& into) {
  std::string text;
  members.text(name, text, 64);
  if (text.empty()) return;
  into = parse_message_time(text);
  if (!into) members.note(wrong(name, "must be a time as 2026-11-24T08:00:00Z"));
}

Result<json::value> parse_object(std::string_view body) {
  boost::system::error_code problem;
  json::parse_options options;
  options.max_depth = kDeepest;
  json::value parsed = json::parse({body.data(), body.size()}, problem, {}, options);
  if (problem || !parsed.is_object()) {
    return Error::permanent("query.body", "the body must be one JSON object");
  }
  if (has_repeated_member(parsed, body)) {
    return Error::permanent("query.body", "a member stands in the body twice; each may stand once");
  }
  return parsed;
}

}  // namespace

Result<Query> read_query(QueryKind kind, std::string_view body) {
  const auto parsed = parse_object(body);
  if (!parsed) return parsed.error();
  Members members(parsed.value().get_object(), {});
  Query query;
  read_ground(members, query);
  if (kind == QueryKind::kVerify) {
    read_file(members, query);
  } else {
    read_subject(kind, members, query);
    read_types(members, query);
  }
  if (kind == QueryKind::kCompare) read_printed(members, query);
  if (kind == QueryKind::kFile) members.flag("original", query.original);
  if (auto end = members.end(); !end) return end.error();
  return query;
}

Result<PaperAccepted> read_paper_accepted(std::string_view body) {
  const auto parsed = parse_object(body);
  if (!parsed) return parsed.error();
  Members members(parsed.value().get_object(), {});
  PaperAccepted accepted;
  members.number("record", accepted.record);
  members.text("type", accepted.type, 64);
  if (auto end = members.end(); !end) return end.error();
  return accepted;
}

Result<CaseWanted> read_case_wanted(std::string_view body) {
  const auto parsed = parse_object(body);
  if (!parsed) return parsed.error();
  Members members(parsed.value().get_object(), {});
  CaseWanted wanted;
  read_ground(members, wanted.right);
  members.required("case", wanted.case_no);
  if (auto end = members.end(); !end) return end.error();
  return wanted;
}

Result<RaisedObjection> read_objection(std::string_view body) {
  const auto parsed = parse_object(body);
  if (!parsed) return parsed.error();
  Members members(parsed.value().get_object(), {});
  RaisedObjection raised;
  members.number("record", raised.record);
  read_which(members, raised);
  read_field_names(members, raised.fields);
  read_words(members, "text", raised.text);
  if (auto end = members.end(); !end) return end.error();
  return raised;
}

Result<RaisedObjection> read_complaint(std::string_view body) {
  const auto parsed = parse_object(body);
  if (!parsed) return parsed.error();
  Members members(parsed.value().get_object(), {});
  RaisedObjection raised;
  const bool on_a_ground = members.find("ground") != nullptr;
  if (on_a_ground) read_ground(members, raised.ground);
  if (!on_a_ground || members.find("record") != nullptr) members.number("record", raised.record);
  read_which(members, raised);
  members.text("unit", raised.unit, 64);
  read_words(members, "text", raised.text);
  if (auto end = members.end(); !end) return end.error();
  return raised;
}

Result<std::string> read_withdrawal(std::string_view body) {
  const auto parsed = parse_object(body);
  if (!parsed) return parsed.error();
  Members members(parsed.value().get_object(), {});
  std::string reason;
  read_words(members, "reason", reason);
  if (auto end = members.end(); !end) return end.error();
  return reason;
}

Result<OwnUses> read_own_uses(std::string_view body) {
  const auto parsed = parse_object(body);
  if (!parsed) return parsed.error();
  Members members(parsed.value().get_object(), {});
  OwnUses uses;
  read_ground(members, uses.ground);
  read_time(members, "from", uses.from);
  read_time(members, "until", uses.until);
  if (members.find("before") != nullptr) members.number("before", uses.before);
  if (auto end = members.end(); !end) return end.error();
  return uses;
}

}  // namespace certbridge::host
