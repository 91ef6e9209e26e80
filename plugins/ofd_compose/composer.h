// The step that gives a certificate message its OFD file.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "certbridge/context.h"
#include "compose.h"

namespace certbridge::ofd_compose {

// Kind "composer". Templates and the glyph font are read once, when it starts.
class ComposerStep final : public Processor {
 public:
  explicit ComposerStep(Context& context) : context_(context) {}
  Result<void> start() override;
  Result<std::vector<Message>> process(const Message& message, const Call& call) override;

 private:
  Result<Template> load_template(std::string_view option, CertificateKind kind);
  Result<void> load_templates();
  Result<const Template*> template_of(const Message& message, CertificateKind kind) const;
  Result<void> load_glyph_font();
  Result<Attachment> stored(const std::string& file);

  Context& context_;  // the host's; outlives the component
  Template title_{};
  Template proof_{};
  std::map<std::string, Template, std::less<>> by_name_{};
  std::unique_ptr<GlyphFont> glyphs_{};
  MissingGlyph missing_ = MissingGlyph::kRefuse;
  std::uint64_t largest_plan_ = 0;
};

}  // namespace certbridge::ofd_compose
