// How a sealed file is made step by step, each step open to a change: what the corpus is made with.
#pragma once

#include <functional>
#include <stdexcept>
#include <string>

#include "corpus.h"

namespace certbridge::seal_service::testing {

inline const char* const kSignature = "Doc_0/Signs/Sign_0/Signature.xml";
inline const char* const kValue = "Doc_0/Signs/Sign_0/SignedValue.dat";
inline const char* const kSealFile = "Doc_0/Signs/Sign_0/Seal.esl";
inline const char* const kList = "Doc_0/Signs/Signatures.xml";

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().code + ": " + result.error().message);
  return std::move(result).value();
}

using Change = std::function<void(Package&)>;
using BytesChange = std::function<std::string(std::string)>;

// How one sealed file differs from the good one.
struct Recipe {
  const Sealed* by = nullptr;
  Timestamp time{};
  bool closed = true;
  Change before{};    // to the document, before sealing
  Change prepared{};  // to the prepared package; the signature is made over the result
  std::string property_info = std::string("/") + kSignature;
  BytesChange to_be_signed{};  // to the DER of TBS_Sign, before it is signed
  std::string_view signer_id = sm::kDefaultSignerId;
  BytesChange value{};  // to the bytes of SignedValue.dat
};

// All throw std::runtime_error when something cannot be done.
std::string cook(Package document, const Stamp& stamp, const Recipe& recipe);
void replace(std::string& text, const std::string& from, const std::string& to);
// The whole element of a reference to the file.
std::string reference_to(const std::string& signature, const std::string& path);

}  // namespace certbridge::seal_service::testing
