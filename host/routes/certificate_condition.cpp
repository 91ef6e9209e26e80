#include "routes/certificate_condition.h"

#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>

#include "certbridge/certificate.h"

namespace certbridge::host {
namespace {

constexpr std::uint64_t kLargestCertificate = 1024UL * 1024;  // bytes
constexpr unsigned long kOperationLimit = 100'000;

const xmlChar* chars(const char* text) { return reinterpret_cast<const xmlChar*>(text); }
void stay_silent(void*, xmlErrorPtr) {}

using Document = std::unique_ptr<xmlDoc, decltype(&xmlFreeDoc)>;
using Context = std::unique_ptr<xmlXPathContext, decltype(&xmlXPathFreeContext)>;
using Expression = std::unique_ptr<xmlXPathCompExpr, decltype(&xmlXPathFreeCompExpr)>;
using Object = std::unique_ptr<xmlXPathObject, decltype(&xmlXPathFreeObject)>;

class CertificateCondition final : public Condition {
 public:
  explicit CertificateCondition(Expression expression) : expression_(std::move(expression)) {}

  Result<bool> holds(const Message& message, std::string_view) const override {
    if (message.media_type != kCertificateMediaType || message.body == nullptr) {
      return Error::permanent("condition.no_certificate",
                              "a condition of scope certificate met a message without one");
    }
    auto bytes = read_all(*message.body, kLargestCertificate);
    if (!bytes) return bytes.error();
    const Document document(
        xmlReadMemory(bytes.value().data(), static_cast<int>(bytes.value().size()), nullptr,
                      nullptr, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING),
        &xmlFreeDoc);
    if (document == nullptr || document->intSubset != nullptr) {
      return Error::permanent("condition.no_certificate", "the certificate is not well-formed");
    }
    return evaluate_on(document.get());
  }

 private:
  Result<bool> evaluate_on(xmlDocPtr document) const {
    const Context context(xmlXPathNewContext(document), &xmlXPathFreeContext);
    if (context == nullptr)
      return Error::fault("condition.memory", "libxml2 gave no XPath context");
    xmlXPathRegisterNs(context.get(), chars("c"), chars("urn:certbridge:certificate:1"));
    context->opLimit = kOperationLimit;
    context->error = stay_silent;
    const Object object(xmlXPathCompiledEval(expression_.get(), context.get()),
                        &xmlXPathFreeObject);
    if (object == nullptr) {
      return Error::permanent("condition.too_costly",
                              "the condition failed or passed its limit of operations");
    }
    return xmlXPathCastToBoolean(object.get()) != 0;
  }

  Expression expression_;
};

}  // namespace

Result<std::shared_ptr<const Condition>> parse_certificate_condition(const std::string& text) {
  const Context context(xmlXPathNewContext(nullptr), &xmlXPathFreeContext);
  if (context == nullptr) return Error::fault("condition.memory", "libxml2 gave no XPath context");
  context->error = stay_silent;
  Expression expression(xmlXPathCtxtCompile(context.get(), chars(text.c_str())),
                        &xmlXPathFreeCompExpr);
  if (expression == nullptr) {
    return Error::permanent("condition.syntax", "this is not an XPath 1.0 expression");
  }
  return std::shared_ptr<const Condition>(
      std::make_shared<CertificateCondition>(std::move(expression)));
}

}  // namespace certbridge::host
