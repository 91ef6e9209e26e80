#include "operate/wire.h"

#include <algorithm>
#include <boost/json.hpp>

namespace certbridge::host {
namespace {

namespace json = boost::json;

std::string hyphened(std::string name) {
  std::replace(name.begin(), name.end(), ' ', '-');
  return name;
}
std::string blanked(std::string name) {
  std::replace(name.begin(), name.end(), '-', ' ');
  return name;
}

json::value to_json(const Field& field) {
  return std::visit([](const auto& value) { return json::value(value); }, field);
}

Field to_field(const json::value& value) {
  if (value.is_bool()) return value.get_bool();
  if (value.is_int64()) return value.get_int64();
  if (value.is_string()) return std::string(value.get_string());
  return std::string();
}

// Nothing for what is no plain value.
std::optional<std::string> to_text(const json::value& value) {
  if (value.is_string()) return std::string(value.get_string());
  if (value.is_bool()) return value.get_bool() ? "yes" : "no";
  if (value.is_int64()) return std::to_string(value.get_int64());
  return {};
}

AnswerTable to_table(const std::string& name, const json::array& rows) {
  AnswerTable table{name, {}, {}};
  for (const json::value& row : rows) {
    if (!row.is_object()) continue;
    if (table.columns.empty()) {
      for (const auto& cell : row.get_object()) table.columns.push_back(blanked(cell.key()));
    }
    std::vector<Field>& cells = table.rows.emplace_back();
    for (const auto& cell : row.get_object()) cells.push_back(to_field(cell.value()));
  }
  return table;
}

}  // namespace

Result<ParameterValues> read_parameters(std::string_view text) {
  ParameterValues values;
  if (text.empty()) return values;
  boost::system::error_code problem;
  json::parse_options options;
  options.max_depth = 4;
  const json::value parsed = json::parse({text.data(), text.size()}, problem, {}, options);
  if (problem || !parsed.is_object()) {
    return Error::permanent("operate.body", "the body must be one JSON object of parameters");
  }
  for (const auto& member : parsed.get_object()) {
    const auto value = to_text(member.value());
    if (!value) {
      return Error::permanent("operate.body",
                              "parameters are texts, whole numbers or true and false");
    }
    values[std::string(member.key())] = *value;
  }
  return values;
}

std::string write_parameters(const ParameterValues& values) {
  json::object object;
  for (const auto& [name, value] : values) object[name] = value;
  return json::serialize(object);
}

std::string write_answer(const OperationAnswer& answer) {
  json::object object;
  for (const auto& [name, value] : answer.values) object[hyphened(name)] = to_json(value);
  for (const AnswerTable& table : answer.tables) {
    json::array rows;
    for (const auto& row : table.rows) {
      json::object cells;
      for (std::size_t i = 0; i < row.size() && i < table.columns.size(); ++i) {
        cells[hyphened(table.columns[i])] = to_json(row[i]);
      }
      rows.push_back(std::move(cells));
    }
    object[hyphened(table.name)] = std::move(rows);
  }
  return json::serialize(object);
}

Result<OperationAnswer> read_answer(std::string_view text) {
  boost::system::error_code problem;
  const json::value parsed = json::parse({text.data(), text.size()}, problem);
  if (problem || !parsed.is_object()) {
    return Error::fault("operate.answer", "the host's answer is no JSON object");
  }
  OperationAnswer answer;
  for (const auto& member : parsed.get_object()) {
    if (member.value().is_array()) {
      answer.tables.push_back(to_table(blanked(member.key()), member.value().get_array()));
    } else {
      answer.values.emplace_back(blanked(member.key()), to_field(member.value()));
    }
  }
  return answer;
}

std::string write_error(const Error& error) {
  json::object inner;
  inner["code"] = error.code;
  inner["message"] = error.message;
  json::object object;
  object["error"] = std::move(inner);
  return json::serialize(object);
}

Error read_error(std::string_view text) {
  boost::system::error_code problem;
  const json::value parsed = json::parse({text.data(), text.size()}, problem);
  const json::object* object = problem ? nullptr : parsed.if_object();
  const json::value* inner = object == nullptr ? nullptr : object->if_contains("error");
  const json::object* error = inner == nullptr ? nullptr : inner->if_object();
  const json::value* code = error == nullptr ? nullptr : error->if_contains("code");
  const json::value* message = error == nullptr ? nullptr : error->if_contains("message");
  if (code == nullptr || message == nullptr || !code->is_string() || !message->is_string()) {
    return Error::fault("operate.answer", "the host refused and did not say why");
  }
  return Error::permanent(std::string(code->get_string()), std::string(message->get_string()));
}

}  // namespace certbridge::host
