// JSON in which each member of an object stands once: of two, readers differ about which one
// counts.
#pragma once

#include <string_view>

namespace boost::json {
class value;
}

namespace certbridge::host {

// Whether an object of `text` has two members of one name; `parsed` is what was read of it, which
// keeps one of each.
bool has_repeated_member(const boost::json::value& parsed, std::string_view text);

}  // namespace certbridge::host
