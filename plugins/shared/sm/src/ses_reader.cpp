#include <algorithm>

#include "certbridge_sm/der.h"
#include "certbridge_sm/ses.h"
#include "certbridge_sm/sm3.h"

namespace certbridge::sm {
namespace {

constexpr std::size_t kLargest = 4UL * 1024 * 1024;
constexpr std::size_t kMostSigners = 64;
constexpr int kLargestPictureSide = 300;  // mm

Error wrong(const std::string& field, const std::string& reason) {
  return Error::permanent("ses.shape",
                          "the electronic seal's field " + field + " is wrong: " + reason);
}

Error wrong_version(const std::string& what) {
  return Error::permanent("ses.version", "the electronic seal has " + what +
                                             "; only version 4 (GB/T 38540-2020) is accepted");
}

// Takes values one after the other, keeping the first failure with the field's name.
class Fields {
 public:
  explicit Fields(std::string_view content) : reader_(content) {}
  const std::optional<Error>& error() const { return error_; }
  der::Reader& reader() { return reader_; }

  std::int64_t integer(const char* field) { return keep(field, reader_.integer()); }
  std::string object_id(const char* field) { return keep(field, reader_.object_id()); }
  std::string text(const char* field, std::uint8_t tag) { return keep(field, reader_.text(tag)); }
  std::string octets(const char* field) { return std::string(keep(field, reader_.octets())); }
  std::string bits(const char* field) { return std::string(keep(field, reader_.bits())); }
  Timestamp time(const char* field) { return keep(field, reader_.generalized_time()); }
  der::Element next(const char* field, std::uint8_t tag) { return keep(field, reader_.next(tag)); }
  void end(const char* field) {
    if (!error_ && !reader_.at_end()) error_ = wrong(field, "more elements than there should be");
  }
  void refuse(Error error) {
    if (!error_) error_ = std::move(error);
  }

 private:
  template <class T>
  T keep(const char* field, Result<T> value) {
    if (error_) return T{};
    if (!value) {
      error_ = wrong(field, value.error().message);
      return T{};
    }
    return std::move(value).value();
  }
  der::Reader reader_;
  std::optional<Error> error_{};
};

Result<std::string_view> outer_sequence(std::string_view der, const char* what) {
  if (der.size() > kLargest) return wrong(what, "more than 4 MB");
  der::Reader reader(der);
  auto whole = reader.only(der::kSequence);
  if (!whole) return wrong(what, whole.error().message);
  return whole.value().content;
}

// How many elements there are, or 0 when one of them is damaged.
std::size_t count_elements(std::string_view content) {
  der::Reader reader(content);
  std::size_t count = 0;
  for (; !reader.at_end(); ++count) {
    if (!reader.any()) return 0;
  }
  return count;
}

Result<void> check_version(std::int64_t version) {
  if (version == kSesVersion) return {};
  return wrong_version("version " + std::to_string(version));
}

// ExtensionDatas: well-formed, nothing critical, because none is understood here.
Result<void> check_extensions(std::string_view content, const char* field) {
  der::Reader list(content);
  while (!list.at_end()) {
    auto one = list.next(der::kSequence);
    if (!one) return wrong(field, one.error().message);
    Fields parts(one.value().content);
    parts.object_id("extnID");
    bool critical = false;
    if (parts.reader().peek() == der::kBoolean) {
      critical = parts.next("critical", der::kBoolean).content != std::string_view("\0", 1);
    }
    parts.octets("extnValue");
    parts.end(field);
    if (parts.error()) return *parts.error();
    if (critical) return wrong(field, "a critical extension that is not understood");
  }
  return {};
}

Result<void> read_header(std::string_view content, Seal& into) {
  Fields fields(content);
  const std::string id = fields.text("header.ID", der::kIa5String);
  const std::int64_t version = fields.integer("header.version");
  into.vendor = fields.text("header.Vid", der::kIa5String);
  fields.end("header");
  if (fields.error()) return *fields.error();
  if (id != "ES") return wrong("header.ID", "it must be ES");
  return check_version(version);
}

Result<void> read_digest(std::string_view content, Seal& into) {
  Fields fields(content);
  const std::string type = fields.text("certList.type", der::kPrintableString);
  const std::string value = fields.octets("certList.value");
  fields.end("certList");
  if (fields.error()) return *fields.error();
  if (type != kSm3ObjectId && type != "SM3")
    return wrong("certList.type", "only SM3 digests are taken");
  Sm3Digest digest{};
  if (value.size() != digest.size()) return wrong("certList.value", "an SM3 digest has 32 bytes");
  std::copy(value.begin(), value.end(), digest.begin());
  into.signer_digests.push_back(digest);
  return {};
}

Result<void> read_signers(std::string_view content, std::int64_t list_type, Seal& into) {
  Fields list(content);
  std::size_t count = 0;
  while (!list.reader().at_end() && !list.error()) {
    if (++count > kMostSigners) return wrong("certList", "more than 64 signers");
    if (list_type == 1) {
      into.signers.push_back(list.octets("certList"));
      continue;
    }
    const der::Element one = list.next("certList", der::kSequence);
    if (list.error()) break;
    if (auto digest = read_digest(one.content, into); !digest) return digest.error();
  }
  if (list.error()) return *list.error();
  if (count == 0) return wrong("certList", "no signer is listed");
  return {};
}

Result<void> read_property(std::string_view content, Seal& into) {
  Fields fields(content);
  into.type = static_cast<int>(fields.integer("property.type"));
  into.name = fields.text("property.name", der::kUtf8String);
  const std::int64_t list_type = fields.integer("property.certListType");
  const der::Element signers = fields.next("property.certList", der::kSequence);
  into.created = fields.time("property.createDate");
  into.validity.not_before = fields.time("property.validStart");
  into.validity.not_after = fields.time("property.validEnd");
  fields.end("property");
  if (fields.error()) return *fields.error();
  if (list_type != 1 && list_type != 2) return wrong("property.certListType", "it must be 1 or 2");
  return read_signers(signers.content, list_type, into);
}

Result<void> read_picture(std::string_view content, Seal& into) {
  Fields fields(content);
  into.picture.type = fields.text("picture.type", der::kIa5String);
  into.picture.data = fields.octets("picture.data");
  const std::int64_t width = fields.integer("picture.width");
  const std::int64_t height = fields.integer("picture.height");
  fields.end("picture");
  if (fields.error()) return *fields.error();
  if (std::min(width, height) < 1 || std::max(width, height) > kLargestPictureSide) {
    return wrong("picture", "width and height are 1 to 300 mm");
  }
  into.picture.width = static_cast<int>(width);
  into.picture.height = static_cast<int>(height);
  return {};
}

Result<void> read_info(std::string_view content, Seal& into) {
  Fields fields(content);
  const der::Element header = fields.next("header", der::kSequence);
  into.id = fields.text("esID", der::kIa5String);
  const der::Element property = fields.next("property", der::kSequence);
  const der::Element picture = fields.next("picture", der::kSequence);
  der::Element extensions;
  if (!fields.reader().at_end()) extensions = fields.next("extDatas", der::kSequence);
  fields.end("eSealInfo");
  if (fields.error()) return *fields.error();
  if (auto read = read_header(header.content, into); !read) return read;
  if (auto read = read_property(property.content, into); !read) return read;
  if (auto read = read_picture(picture.content, into); !read) return read;
  return check_extensions(extensions.content, "extDatas");
}

Result<void> check_algorithm(const std::string& algorithm) {
  if (algorithm == kSm2WithSm3) return {};
  return Error::permanent("ses.algorithm", "the electronic seal is signed by the algorithm " +
                                               algorithm + " and not by SM2 with SM3");
}

Result<void> read_to_be_signed(std::string_view content, SealSignature& into) {
  Fields fields(content);
  const std::int64_t version = fields.integer("toSign.version");
  if (fields.error()) return *fields.error();
  if (auto checked = check_version(version); !checked) return checked;
  into.seal_der = std::string(fields.next("toSign.eseal", der::kSequence).raw);
  into.time = fields.time("toSign.timeInfo");
  into.data_hash = fields.bits("toSign.dataHash");
  into.property_info = fields.text("toSign.propertyInfo", der::kIa5String);
  std::string_view extensions;
  if (fields.reader().peek() == der::kContext0) {
    Fields tagged(fields.next("toSign.extDatas", der::kContext0).content);
    extensions = tagged.next("toSign.extDatas", der::kSequence).content;
    tagged.end("toSign.extDatas");
    if (tagged.error()) return *tagged.error();
  }
  fields.end("toSign");
  if (fields.error()) return *fields.error();
  return check_extensions(extensions, "toSign.extDatas");
}

}  // namespace

bool Seal::lists(std::string_view certificate_der) const {
  if (std::find(signers.begin(), signers.end(), certificate_der) != signers.end()) return true;
  return !signer_digests.empty() && std::find(signer_digests.begin(), signer_digests.end(),
                                              sm3(certificate_der)) != signer_digests.end();
}

Result<Seal> parse_seal(std::string_view der) {
  auto content = outer_sequence(der, "SESeal");
  if (!content) return content.error();
  if (count_elements(content.value()) == 2)
    return wrong_version("the form of version 1 (GM/T 0031-2014)");
  Fields fields(content.value());
  Seal seal;
  const der::Element info = fields.next("eSealInfo", der::kSequence);
  if (fields.error()) return *fields.error();
  seal.info_der = std::string(info.raw);
  if (auto read = read_info(info.content, seal); !read) return read.error();
  seal.maker_certificate = fields.octets("cert");
  const std::string algorithm = fields.object_id("signAlgID");
  seal.maker_signature = fields.bits("signedValue");
  fields.end("SESeal");
  if (fields.error()) return *fields.error();
  if (auto checked = check_algorithm(algorithm); !checked) return checked.error();
  return seal;
}

Result<SealSignature> parse_seal_signature(std::string_view der) {
  auto content = outer_sequence(der, "SES_Signature");
  if (!content) return content.error();
  if (count_elements(content.value()) == 2)
    return wrong_version("the form of version 1 (GM/T 0031-2014)");
  Fields fields(content.value());
  SealSignature value;
  const der::Element to_be_signed = fields.next("toSign", der::kSequence);
  if (fields.error()) return *fields.error();
  if (auto read = read_to_be_signed(to_be_signed.content, value); !read) return read.error();
  value.to_be_signed = std::string(to_be_signed.raw);
  value.signer_certificate = fields.octets("cert");
  const std::string algorithm = fields.object_id("signatureAlgID");
  value.signature = fields.bits("signature");
  if (fields.reader().peek() == der::kContext0) {
    Fields tagged(fields.next("timeStamp", der::kContext0).content);
    value.time_stamp = tagged.bits("timeStamp");
    tagged.end("timeStamp");
    if (tagged.error()) return *tagged.error();
  }
  fields.end("SES_Signature");
  if (fields.error()) return *fields.error();
  if (auto checked = check_algorithm(algorithm); !checked) return checked.error();
  return value;
}

Result<void> check_maker_signature(const Seal& seal) {
  auto maker = X509Certificate::from_der(seal.maker_certificate);
  if (!maker) return maker.error();
  auto key = maker.value().public_key();
  if (!key) return key.error();
  auto verified = sm2_verify(key.value(), kDefaultSignerId, seal.info_der, seal.maker_signature);
  if (verified) return {};
  return Error::permanent("ses.maker_signature",
                          "the seal maker's signature does not fit the seal");
}

}  // namespace certbridge::sm
