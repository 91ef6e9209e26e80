#include "certbridge/plugin.h"

#include "books.h"
#include "collector.h"
#include "index_reporter.h"
#include "index_rows.h"
#include "queries.h"

namespace certbridge::municipal_library {

class MunicipalLibraryPlugin final : public Plugin {
 public:
  Result<std::unique_ptr<Sink>> make_sink(std::string_view kind, Context& context) override {
    if (kind == "collector") return make_collector(context);
    if (kind == "index") return make_index_reporter(context);
    if (kind == "index-rows") return make_index_rows(context);
    return Plugin::make_sink(kind, context);
  }
  Result<std::unique_ptr<Responder>> make_responder(std::string_view kind,
                                                    Context& context) override {
    if (kind == "books") return make_books(context);
    if (kind == "queries") return make_queries(context);
    return Plugin::make_responder(kind, context);
  }
};

}  // namespace certbridge::municipal_library

CERTBRIDGE_PLUGIN(certbridge::municipal_library::MunicipalLibraryPlugin, "municipal_library",
                  "1.0.0")
