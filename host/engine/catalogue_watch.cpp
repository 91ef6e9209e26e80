#include "engine/catalogue_watch.h"

#include <pthread.h>

#include <algorithm>
#include <charconv>
#include <condition_variable>
#include <mutex>

#include "certbridge/content.h"

namespace certbridge::host {
namespace {

bool is_taken(const Configuration& configuration) {
  const auto takes = [](const RouteConfig& route) {
    return std::find(route.from.begin(), route.from.end(), kCatalogueSource) != route.from.end();
  };
  return std::any_of(configuration.routes.begin(), configuration.routes.end(), takes);
}

// What counterparts were told last of one version: how often, and the document.
struct Told {
  int times = 0;
  std::string document{};
};

Told told_in(const std::string& remembered) {
  Told told;
  const std::size_t end = remembered.find('\n');
  if (end == std::string::npos) return told;
  std::from_chars(remembered.data(), remembered.data() + end, told.times);
  told.document = remembered.substr(end + 1);
  return told;
}

Message change_message(const CertificateType& type, const TypeVersion& version, const Told& told,
                       Timestamp now) {
  Message message;
  message.type = kCertificateTypeMessage;
  message.source_key =
      type.code + "|" + std::to_string(version.number) + "|" + std::to_string(told.times);
  message.order_keys = {{"type", type.code}};
  message.created = now;
  message.headers = {{"catalogue-type", type.code},
                     {"catalogue-version", std::to_string(version.number)},
                     {"catalogue-state", to_word(version.state)}};
  message.media_type = kCertificateTypeMediaType;
  message.body = content_of(told.document);
  return message;
}

// One version of one type.
class TypePush {
 public:
  TypePush(const EngineServices& services, const CertificateType& type, const TypeVersion& version)
      : services_(services),
        type_(type),
        version_(version),
        name_("told-" + std::to_string(version.number)) {}

  bool push() {
    const auto known = services_.store.memory(kCatalogueSource, key(), name_);
    if (!known) return false;
    Told told = told_in(known.value().value_or(std::string()));
    const std::string document = write_certificate_type(type_, version_);
    if (told.document == document) return true;
    told.document = document;
    // A conflict: it was handed over in a form that the memory missed, and has changed since.
    Acceptance answer;
    do {
      ++told.times;
      answer = services_.store
                   .accept(kCatalogueSource,
                           {change_message(type_, version_, told, services_.clock.now())})
                   .at(0);
    } while (answer.verdict == Acceptance::Verdict::kConflict);
    if (answer.verdict == Acceptance::Verdict::kBusy) return false;
    services_.logger.log(LogLevel::kInfo, "catalogue.changed",
                         {{"type", type_.code},
                          {"version", std::to_string(version_.number)},
                          {"state", to_word(version_.state)},
                          {"message", answer.id}});
    return remember(told);
  }

 private:
  OrderKey key() const { return {"type", type_.code}; }
  bool remember(const Told& told) {
    Transition transition;
    transition.memory.push_back(
        {kCatalogueSource, key(), name_, std::to_string(told.times) + "\n" + told.document});
    return services_.store.apply(std::move(transition)).ok();
  }

  const EngineServices& services_;
  const CertificateType& type_;
  const TypeVersion& version_;
  std::string name_;
};

}  // namespace

bool push_changed_types(const EngineServices& services, const OwnTypes& types) {
  if (!is_taken(services.configuration)) return true;
  bool all = true;
  for (const CertificateType& type : types.all()) {
    for (const TypeVersion& version : type.versions) {
      if (version.state == TypeState::kDraft) continue;
      all = TypePush(services, type, version).push() && all;
    }
  }
  return all;
}

CatalogueWatch::CatalogueWatch(EngineServices services, TypeCatalogue* types,
                               std::chrono::milliseconds period)
    : services_(services),
      types_(types),
      period_(period),
      thread_([this](const std::stop_token& stop) { work(stop); }) {
  pthread_setname_np(thread_.native_handle(), "catalogue");
}

void CatalogueWatch::work(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  while (!stop.stop_requested()) {
    if (types_ != nullptr) look_at_files();
    services_.type_lanes->look();
    never.wait_for(lock, stop, period_, [] { return false; });
  }
}

void CatalogueWatch::look_at_files() {
  const auto now = services_.clock.steady();
  if (now < next_look_) return;
  next_look_ = now + services_.configuration.catalogue.look;
  ConfigurationErrors errors;
  const auto look = types_->look(errors);
  if (look != TypeCatalogue::Look::kSame) {
    services_.metrics.gauge("catalogue_refused", {}, static_cast<double>(errors.size()));
  }
  for (const ConfigurationError& error : errors) {
    services_.logger.log(LogLevel::kError, "catalogue.refused", {{"reason", to_text(error)}});
  }
  if (look == TypeCatalogue::Look::kChanged) all_told_ = false;
  if (!all_told_) all_told_ = push_changed_types(services_, *types_->types());
}

}  // namespace certbridge::host
