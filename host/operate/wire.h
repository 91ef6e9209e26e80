// Parameters and answers as JSON, on both sides of the API.
#pragma once

#include "operate/operation.h"

namespace certbridge::host {

// A JSON object of texts, whole numbers and booleans (as yes and no); an empty text is an empty
// object. "operate.body" for anything else.
Result<ParameterValues> read_parameters(std::string_view json);
std::string write_parameters(const ParameterValues& values);

// {"VALUE":..., "TABLE":[{"COLUMN":...}]}; names with hyphens for blanks.
std::string write_answer(const OperationAnswer& answer);
// As write_answer() wrote it, but that columns of empty tables are lost.
Result<OperationAnswer> read_answer(std::string_view json);

// {"error":{"code":...,"message":...}}
std::string write_error(const Error& error);
// What an answer of an error says; "operate.answer" when it is none.
Error read_error(std::string_view json);

}  // namespace certbridge::host
