#include "json_body.h"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/stream_parser.hpp>
#include <boost/json/value.hpp>
#include <set>
#include <string>
#include <vector>

#include "certbridge/text.h"

namespace certbridge::http {
namespace {

namespace json = boost::json;

constexpr std::size_t kDeepest = 32;

Error wrong_body(const std::string& why) { return Error::permanent("http.json", "body: " + why); }

// The names of the members of every object that is open; stops at the first that comes twice. The
// interface is the one that the parser asks for.
struct RepeatedMembers {
  constexpr static std::size_t max_object_size = std::size_t(-1);
  constexpr static std::size_t max_array_size = std::size_t(-1);
  constexpr static std::size_t max_key_size = std::size_t(-1);
  constexpr static std::size_t max_string_size = std::size_t(-1);
  using Problem = json::error_code;

  bool on_document_begin(Problem&) { return true; }
  bool on_document_end(Problem&) { return true; }
  bool on_object_begin(Problem&) { return open_.emplace_back(), true; }
  bool on_object_end(std::size_t, Problem&) { return open_.pop_back(), true; }
  bool on_array_begin(Problem&) { return true; }
  bool on_array_end(std::size_t, Problem&) { return true; }
  bool on_key_part(json::string_view part, std::size_t, Problem&) {
    name_.append(part.data(), part.size());
    return true;
  }
  bool on_key(json::string_view part, std::size_t, Problem& problem) {
    name_.append(part.data(), part.size());
    const bool fresh = open_.back().insert(std::exchange(name_, {})).second;
    if (!fresh) problem = json::error::syntax;
    return fresh;
  }
  bool on_string_part(json::string_view, std::size_t, Problem&) { return true; }
  bool on_string(json::string_view, std::size_t, Problem&) { return true; }
  bool on_number_part(json::string_view, Problem&) { return true; }
  bool on_int64(std::int64_t, json::string_view, Problem&) { return true; }
  bool on_uint64(std::uint64_t, json::string_view, Problem&) { return true; }
  bool on_double(double, json::string_view, Problem&) { return true; }
  bool on_bool(bool, Problem&) { return true; }
  bool on_null(Problem&) { return true; }
  bool on_comment_part(json::string_view, Problem&) { return true; }
  bool on_comment(json::string_view, Problem&) { return true; }

 private:
  std::vector<std::set<std::string>> open_{};
  std::string name_{};
};

Result<void> check_members(std::string_view body, const json::parse_options& options) {
  json::basic_parser<RepeatedMembers> parser(options);
  json::error_code problem;
  const std::size_t used = parser.write_some(false, body.data(), body.size(), problem);
  if (!problem) return {};
  return wrong_body("a member stands twice in one object, at byte " + std::to_string(used) +
                    " of " + std::to_string(body.size()));
}

}  // namespace

Result<json::object> parse_json_object(std::string_view body) {
  if (auto checked = check_text(body); !checked) {
    return Error::permanent("http.encoding", "body: must be UTF-8 without control characters; " +
                                                 checked.error().message);
  }
  json::parse_options options;
  options.max_depth = kDeepest;
  json::error_code problem;
  json::stream_parser parser({}, options);
  const std::size_t used = parser.write_some(body.data(), body.size(), problem);
  if (!problem && used == body.size()) parser.finish(problem);
  if (problem || used != body.size()) {
    return wrong_body("must be one JSON value; it is wrong at byte " + std::to_string(used) +
                      " of " + std::to_string(body.size()));
  }
  json::value value = parser.release();
  if (!value.is_object()) return wrong_body("must be a JSON object");
  if (auto checked = check_members(body, options); !checked) return checked.error();
  return std::move(value.as_object());
}

}  // namespace certbridge::http
