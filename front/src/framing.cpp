#include "certbridge_front/framing.h"

#include <algorithm>
#include <boost/json.hpp>

namespace certbridge::http {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return result;
}

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\"");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\"") - begin + 1);
}

FrontAnswer misframed(const std::string& why) { return early_answer(400, "http.framing", why); }

}  // namespace

FrontAnswer early_answer(int status, const std::string& code, const std::string& message) {
  boost::json::object body{{"code", code}, {"message", message}};
  return {status, boost::json::serialize(body), {}};
}

std::optional<FrontAnswer> refuse_framing(const Framing& framing) {
  const bool coded = !framing.codings.empty();
  const bool chunked = framing.codings.size() == 1 && lower(framing.codings[0]) == "chunked";
  if (coded && (!chunked || framing.version < 11))
    return misframed("transfer coding other than chunked");
  if (framing.lengths > 1 || (coded && framing.lengths > 0))
    return misframed("the length of the body is said twice");
  if (framing.version >= 11 && framing.hosts != 1)
    return misframed("exactly one Host header is needed");
  return std::nullopt;
}

std::string charset_of(std::string_view content_type) {
  constexpr std::string_view kName = "charset=";
  for (auto at = content_type.find(';'); at != std::string_view::npos;
       at = content_type.find(';', at + 1)) {
    const std::string parameter =
        lower(trimmed(content_type.substr(at + 1, content_type.find(';', at + 1) - at - 1)));
    if (parameter.starts_with(kName))
      return std::string(trimmed(std::string_view(parameter).substr(kName.size())));
  }
  return {};
}

}  // namespace certbridge::http
