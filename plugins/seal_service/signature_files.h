// Signatures.xml and Signature.xml (GB/T 33190-2016, chapter 18): writing and strict reading.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "certbridge/content.h"
#include "certbridge/message.h"
#include "certbridge/result.h"

namespace certbridge::seal_service {

struct Reference {
  std::string path{};  // package path without leading slash
  Sm3Digest digest{};
};

// Where the seal's picture is shown.
struct Stamp {
  std::string page_id{};
  std::string box{};  // "x y w h" in mm from the page's top left
};

struct SignatureFile {
  std::string date_time{};  // informative; the time that counts is in the seal signature
  std::vector<Reference> references{};
  std::vector<Stamp> stamps{};
  std::string seal_path{};   // Seal.esl; may be empty
  std::string value_path{};  // SignedValue.dat
};

struct SignatureEntry {
  std::string id{};
  std::string type{};  // "Seal" or "Sign"
  std::string path{};  // of its Signature.xml
};

// The files of one seal below a document's folder.
struct SignaturePaths {
  std::string list{};       // Doc_0/Signs/Signatures.xml
  std::string signature{};  // Doc_0/Signs/Sign_0/Signature.xml
  std::string seal{};
  std::string value{};
};
SignaturePaths signature_paths(std::string_view document_root);

// Deterministic bytes in the order of the standard's schema, locations absolute.
std::string write_signatures_list(const SignaturePaths& paths);
std::string write_signature_file(const SignatureFile& file);

// Codes: "seal.signatures" for the list, "seal.signature_file" with the element for the file,
// "seal.algorithm" for digests other than SM3 and signatures other than SM2 with SM3.
Result<std::vector<SignatureEntry>> parse_signatures_list(std::string_view bytes,
                                                          const std::string& path);
Result<SignatureFile> parse_signature_file(std::string_view bytes, const std::string& path);

// "x y w h" with decimal points, width and height above zero.
bool is_box(std::string_view text);

}  // namespace certbridge::seal_service
