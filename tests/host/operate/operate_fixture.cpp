#include "operate_fixture.h"

namespace certbridge::host {
namespace {

std::string text_of(const Field& field) {
  if (const auto* text = std::get_if<std::string>(&field)) return *text;
  if (const auto* number = std::get_if<std::int64_t>(&field)) return std::to_string(*number);
  return std::get<bool>(field) ? "yes" : "no";
}

Person person(const std::string& name, Role role) {
  Person made;
  made.name = name;
  made.roles = {role};
  made.key_secret = "key-" + name;
  return made;
}

}  // namespace

OperateTest::OperateTest() {
  configuration_.operate.people = {person("wang", Role::kOperator), person("liu", Role::kReviewer),
                                   person("zhou", Role::kAuditAdministrator)};
}

OperationDesk& OperateTest::desk() {
  if (desk_) return *desk_;
  auto people = People::from(
      configuration_.operate,
      [&](const std::string& name) -> Result<std::string> { return keys_of_people_.at(name); });
  desk_ = std::make_unique<OperationDesk>(OperationServices{configuration_,
                                                            *store_,
                                                            clock_,
                                                            {},
                                                            nullptr,
                                                            records_accesses_ ? &wishes_ : nullptr,
                                                            access_keys_},
                                          std::move(people).value(), metrics_, *logger_);
  return *desk_;
}

OperationResponse OperateTest::ask(const std::string& key, const std::string& name,
                                   const ParameterValues& values) {
  for (const Operation& operation : operations()) {
    if (operation.name() != name) continue;
    OperationRequest request;
    request.method = operation.method();
    request.target = operation.path();
    request.key = key;
    if (operation.in_body()) {
      request.body = write_parameters(values);
    } else {
      char separator = '?';
      for (const auto& [parameter, value] : values) {
        request.target += separator + parameter + "=" + value;
        separator = '&';
      }
    }
    return desk().answer(request);
  }
  ADD_FAILURE() << "no operation " << name;
  return {};
}

OperationAnswer OperateTest::done(const std::string& key, const std::string& name,
                                  const ParameterValues& values) {
  const OperationResponse response = ask(key, name, values);
  EXPECT_EQ(response.status, 200) << name << ": " << response.body;
  auto answer = read_answer(response.body);
  EXPECT_TRUE(answer.ok()) << response.body;
  return answer ? answer.value() : OperationAnswer{};
}

std::string OperateTest::refused(int status, const std::string& key, const std::string& name,
                                 const ParameterValues& values) {
  const OperationResponse response = ask(key, name, values);
  EXPECT_EQ(response.status, status) << name << ": " << response.body;
  return read_error(response.body).code;
}

void OperateTest::start_replays() {
  replays_ = std::make_unique<ReplayRunner>(*store_, clock_, *logger_);
}

std::string value_of(const OperationAnswer& answer, const std::string& name) {
  for (const auto& [known, value] : answer.values) {
    if (known == name) return text_of(value);
  }
  return {};
}

std::string cell_of(const OperationAnswer& answer, const std::string& table, std::size_t row,
                    const std::string& column) {
  for (const AnswerTable& one : answer.tables) {
    if (one.name != table || row >= one.rows.size()) continue;
    for (std::size_t i = 0; i < one.columns.size(); ++i) {
      if (one.columns[i] == column) return text_of(one.rows[row][i]);
    }
  }
  return {};
}

std::size_t rows_of(const OperationAnswer& answer, const std::string& table) {
  for (const AnswerTable& one : answer.tables) {
    if (one.name == table) return one.rows.size();
  }
  return 0;
}

}  // namespace certbridge::host
