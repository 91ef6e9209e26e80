#include "certificate_line.h"

#include <zlib.h>

#include <filesystem>
#include <fstream>

#include "../sdk/sample_certificate.h"
#include "certbridge/testing/fake_context.h"
#include "certbridge/testing/memory_content.h"
#include "certbridge_ofd/package.h"
#include "ofd_compose/composer.h"
#include "seal_service/components.h"
#include "seal_service/testing/world.h"

namespace certbridge::bench {
namespace {

using certbridge::testing::FakeContext;
using certbridge::testing::Options;

const char* const kIssuer = "11411300MB1T000091";
const char* const kSeal = "41130000000001";
const Timestamp kNow =
    Timestamp(std::chrono::sys_days(std::chrono::year(2026) / 11 / 24)) + std::chrono::hours(8);

std::string manifest(const char* plugin) {
  return std::string(CERTBRIDGE_SOURCE_DIR) + "/plugins/" + plugin + "/plugin.xml";
}

template <class T>
T must(Result<T> result) {
  if (!result) give_up(result.error().code + ": " + result.error().message);
  return std::move(result).value();
}

void write(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

// The signer's files as a sandbox has them.
std::string write_files(const std::string& folder) {
  const auto world = must(seal_service::testing::make_world({{kSeal, "南阳市", "nanyang"}}, kNow));
  const auto& good = world.good.front();
  write(folder + "/trust.pem", world.trust_pem);
  write(folder + "/nanyang.p12",
        must(sm::write_pkcs12({good.signer.key, good.signer.certificate}, "open sesame")));
  write(folder + "/nanyang.esl", good.seal);
  write(folder + "/signers.xml",
        std::string("<signers xmlns=\"urn:certbridge:signers:1\"><signer name=\"nanyang\" "
                    "key=\"nanyang.p12\"><seal id=\"") +
            kSeal + "\" file=\"nanyang.esl\"/></signer></signers>");
  return folder;
}

IssuerDirectory issuers() {
  Issuer nanyang{.name = "南阳市", .code = kIssuer};
  nanyang.seals = {{kSeal, {kTitleTypeCode}, "nanyang"}};
  return IssuerDirectory({nanyang});
}

Message only(Processor& step, const Message& message) {
  auto made = must(step.process(message, testing::call_of("m/step", std::chrono::seconds(60))));
  if (made.size() != 1) give_up("a step made " + std::to_string(made.size()) + " messages");
  return std::move(made.front());
}

}  // namespace

struct CertificateLine::Parts {
  explicit Parts(const std::string& folder)
      : compose_context(manifest("ofd_compose"), "composer",
                        {{"title-template", templates() + "title.xml"},
                         {"proof-template", templates() + "proof.xml"}}),
        seal_context(
            manifest("seal_service"), "sealer",
            {{"signers", write_files(folder) + "/signers.xml"}, {"passphrase", "open sesame"}}),
        gate_context(manifest("seal_service"), "gate", {{"trust", folder + "/trust.pem"}}) {
    for (FakeContext* context : {&compose_context, &seal_context, &gate_context}) {
      context->set_issuers(issuers());
      context->mutable_clock().set(kNow);
    }
    composer = std::make_unique<ofd_compose::ComposerStep>(compose_context);
    sealer = seal_service::make_sealer(seal_context, false);
    gate = seal_service::make_gate(gate_context);
    for (Processor* step : {composer.get(), sealer.get(), gate.get()}) {
      const auto started = step->start();
      if (!started) give_up(started.error().message);
    }
  }
  static std::string templates() {
    return std::string(CERTBRIDGE_SOURCE_DIR) + "/config/templates/";
  }

  FakeContext compose_context;
  FakeContext seal_context;
  FakeContext gate_context;
  std::unique_ptr<Processor> composer{};
  std::unique_ptr<Processor> sealer{};
  std::unique_ptr<Processor> gate{};
};

CertificateLine::CertificateLine(const std::string& folder)
    : parts_(std::make_unique<Parts>(folder)) {}
CertificateLine::~CertificateLine() = default;

Message CertificateLine::certificate(int number) const {
  Certificate made = sample_certificate();
  std::string serial = std::to_string(number);
  serial.insert(0, 7 - serial.size(), '0');
  made.identifier = must(CertificateIdentifier::compose(
      made.type_code, must(CreditCode::parse(kIssuer)), "4113002026" + serial, 1));
  made.number = must(CertificateNumber::parse_strict("豫（2026）南阳市不动产权第" + serial + "号"));
  made.case_no = "2026-" + serial;
  made.holders.front().name = "甲某";
  Message message =
      testing::message_of("certificate.issue", kCertificateMediaType, write_certificate(made));
  message.source_key = made.case_no;
  message.order_keys = {{"case", made.case_no}};
  message.headers = {{"issuer-code", kIssuer},
                     {"type-code", kTitleTypeCode},
                     {"identifier", made.identifier.text()},
                     {"case-no", made.case_no}};
  return message;
}

Message CertificateLine::composed(const Message& message) const {
  return only(*parts_->composer, message);
}
Message CertificateLine::sealed(const Message& message) const {
  return only(*parts_->sealer, message);
}
Message CertificateLine::passed(const Message& message) const {
  return only(*parts_->gate, message);
}

Processor& CertificateLine::composer() const { return *parts_->composer; }
Processor& CertificateLine::sealer() const { return *parts_->sealer; }
Processor& CertificateLine::gate() const { return *parts_->gate; }

std::string file_of(const Message& message) {
  return must(read_all(*message.attachments.back().content, 64 * 1024 * 1024));
}

double deflate_seconds(const std::string& file, int times) {
  const auto package = must(ofd::read_package(file, {}));
  z_stream stream{};
  if (deflateInit2(&stream, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK) give_up("zlib");
  std::string out(1024 * 1024, '\0');
  const double began = thread_seconds();
  for (int i = 0; i < times; ++i) {
    for (const ofd::Entry& entry : package.entries) {
      if (entry.name.ends_with(".png") || entry.name.ends_with(".jpg")) continue;
      deflateReset(&stream);
      stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(entry.bytes.data()));
      stream.avail_in = static_cast<uInt>(entry.bytes.size());
      stream.next_out = reinterpret_cast<Bytef*>(out.data());
      stream.avail_out = static_cast<uInt>(out.size());
      if (deflate(&stream, Z_FINISH) != Z_STREAM_END) give_up("a file did not fit the buffer");
    }
  }
  const double took = thread_seconds() - began;
  deflateEnd(&stream);
  return took;
}

}  // namespace certbridge::bench
