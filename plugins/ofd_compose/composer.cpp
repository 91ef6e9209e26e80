#include "composer.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace certbridge::ofd_compose {
namespace {

constexpr std::uint64_t kLargestRecord = 1024UL * 1024;
constexpr std::size_t kMostTemplates = 200;
constexpr const char* kFileName = "certificate.ofd";

Result<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error::fault("ofd_compose.template", path + ": cannot be read");
  return std::string(std::istreambuf_iterator<char>(file), {});
}

Result<Template> read_template(const std::string& path) {
  auto xml = read_file(path);
  if (!xml) return xml.error();
  return parse_template(xml.value(), path);
}

// plan-1.png, plan-2.jpg ... in the order of their numbers.
int plan_number(const Attachment& attachment) {
  constexpr std::string_view kHead = "plan-";
  if (!attachment.name.starts_with(kHead)) return 0;
  int number = 0;
  for (const char c : attachment.name.substr(kHead.size())) {
    if (c < '0' || c > '9' || number > 9999) break;
    number = number * 10 + (c - '0');
  }
  return number;
}

Result<std::vector<Plan>> plans_of(const Message& message, std::uint64_t largest) {
  std::vector<const Attachment*> attachments;
  for (const Attachment& attachment : message.attachments) {
    if (plan_number(attachment) > 0) attachments.push_back(&attachment);
  }
  std::stable_sort(
      attachments.begin(), attachments.end(),
      [](const Attachment* a, const Attachment* b) { return plan_number(*a) < plan_number(*b); });
  std::vector<Plan> plans;
  for (const Attachment* attachment : attachments) {
    auto bytes = read_all(*attachment->content, largest);
    if (!bytes) return bytes.error();
    auto plan = read_plan(std::move(bytes).value(), attachment->name);
    if (!plan) return plan.error();
    plans.push_back(std::move(plan).value());
  }
  return plans;
}

Result<Certificate> certificate_of(const Message& message, const std::string& record) {
  if (message.media_type != kCertificateMediaType) {
    return Error::permanent("ofd_compose.certificate",
                            "the message's body is not a certificate but " + message.media_type);
  }
  auto certificate = parse_certificate(record);
  if (certificate) return certificate;
  return Error::permanent("ofd_compose.certificate",
                          certificate.error().message + " (" + certificate.error().code + ")");
}

}  // namespace

// Each *.xml of the folder under its name without the ending.
Result<void> ComposerStep::load_templates() {
  if (!context_.config().has("templates")) return {};
  auto folder = context_.config().file("templates");
  if (!folder) return folder.error();
  std::error_code problem;
  for (std::filesystem::directory_iterator at(folder.value(), problem), end; !problem && at != end;
       at.increment(problem)) {
    if (at->path().extension() != ".xml") continue;
    if (by_name_.size() >= kMostTemplates) {
      return Error::fault("ofd_compose.template", folder.value() + ": has more than 200 templates");
    }
    auto layout = read_template(at->path().string());
    if (!layout) return layout.error();
    by_name_[at->path().stem().string()] = std::move(layout).value();
  }
  if (!problem) return {};
  return Error::fault("ofd_compose.template", folder.value() + ": the folder cannot be read");
}

// The one that the version of the certificate's type names, else the one of its kind.
Result<const Template*> ComposerStep::template_of(const Message& message,
                                                  CertificateKind kind) const {
  const auto named = message.headers.find("template");
  if (by_name_.empty() || named == message.headers.end()) {
    return kind == CertificateKind::kProof ? &proof_ : &title_;
  }
  const auto found = by_name_.find(named->second);
  if (found != by_name_.end() && found->second.kind == kind) return &found->second;
  return Error::permanent(
      "ofd_compose.no_template",
      found == by_name_.end()
          ? "the folder of templates has no " + named->second +
                ".xml; put it there, start the host again and replay"
          : "the template " + named->second + ".xml is of the other kind of certificate");
}

Result<Template> ComposerStep::load_template(std::string_view option, CertificateKind kind) {
  auto path = context_.config().file(option);
  if (!path) return path.error();
  auto layout = read_template(path.value());
  if (layout && layout.value().kind != kind) {
    return Error::fault("ofd_compose.template",
                        path.value() + ": is a template of the other kind of certificate");
  }
  return layout;
}

Result<void> ComposerStep::load_glyph_font() {
  if (!context_.config().has("glyph-font")) return {};
  auto path = context_.config().file("glyph-font");
  if (!path) return path.error();
  if (!context_.config().has("glyph-font-digest")) {
    return Error::fault("ofd_compose.glyph_font", "glyph-font needs glyph-font-digest beside it");
  }
  auto digest = context_.config().text("glyph-font-digest");
  if (!digest) return digest.error();
  auto font = GlyphFont::open(path.value(), digest.value());
  if (!font) return font.error();
  glyphs_ = std::move(font).value();
  return {};
}

Result<void> ComposerStep::start() {
  auto title = load_template("title-template", CertificateKind::kTitle);
  if (!title) return title.error();
  auto proof = load_template("proof-template", CertificateKind::kProof);
  if (!proof) return proof.error();
  if (auto named = load_templates(); !named) return named;
  title_ = std::move(title).value();
  proof_ = std::move(proof).value();
  auto missing = context_.config().text("missing-glyph");
  if (!missing) return missing.error();
  missing_ = missing.value() == "box" ? MissingGlyph::kBox : MissingGlyph::kRefuse;
  auto largest = context_.config().size("largest-plan");
  if (!largest) return largest.error();
  largest_plan_ = largest.value();
  return load_glyph_font();
}

Result<Attachment> ComposerStep::stored(const std::string& file) {
  auto writer = context_.spool();
  if (!writer) return writer.error();
  auto content = store(*writer.value(), file);
  if (!content) return content.error();
  return Attachment{kFileName, "application/ofd", content.value().size, content.value().digest,
                    content.value().content};
}

Result<std::vector<Message>> ComposerStep::process(const Message& message, const Call&) {
  auto record = message.body ? read_all(*message.body, kLargestRecord) : std::string();
  if (!record) return record.error();
  const auto certificate = certificate_of(message, record.value());
  if (!certificate) return certificate.error();
  const auto plans = plans_of(message, largest_plan_);
  if (!plans) return plans.error();
  const auto layout = template_of(message, certificate.value().kind);
  if (!layout) return layout.error();
  const ComposeSettings settings{glyphs_.get(), missing_, context_.environment() != "production"};
  auto composition =
      compose(*layout.value(), certificate.value(), record.value(), plans.value(), settings);
  if (!composition) return composition.error();
  auto file = stored(composition.value().file);
  if (!file) return file.error();
  Message composed = message;
  std::erase_if(composed.attachments, [](const Attachment& it) { return it.name == kFileName; });
  composed.attachments.push_back(std::move(file).value());
  composed.headers["seal-page-id"] = std::to_string(composition.value().seal_page);
  composed.headers["seal-box"] = ofd::print_box(composition.value().seal_box);
  std::vector<Message> result;
  result.push_back(std::move(composed));
  return result;
}

}  // namespace certbridge::ofd_compose
