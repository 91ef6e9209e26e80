// A certificate to collect, and messages about it.
#pragma once

#include <string>

#include "certbridge/certificate.h"
#include "certbridge/endpoint.h"
#include "certbridge/life.h"
#include "certbridge/testing/memory_content.h"

namespace certbridge::municipal_library {

inline constexpr const char* kTitleName = "中华人民共和国不动产权证书";  // as the catalogue has it

inline constexpr const char* kIssuerCode = "11411300MB1T000091";

// Three holders of three kinds, one of them outside the BMP; two units; a face text with a line
// break. `serial` is the seven digits of its number.
Certificate certificate_of(const std::string& serial, int version);
// A certificate.issue with a file of these bytes.
Message issue_of(const Certificate& certificate, const std::string& file);
LifeRecord life_of(const Certificate& certificate, const std::string& word);
// A certificate.status; `before` is what the library was told last.
Message status_of(const Certificate& certificate, const std::string& word,
                  const std::string& before);

// A library of dialect "epoint" that gives tokens and answers everything else with the same body,
// which outlives it.
class RepeatingLibrary final : public Responder {
 public:
  explicit RepeatingLibrary(std::string_view body) : body_(body) {}
  Result<Message> answer(const Message& question, const Call& call) override;

 private:
  std::string_view body_;
};

}  // namespace certbridge::municipal_library
