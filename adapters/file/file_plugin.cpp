// The outer class: takes settings from the context and makes the parts.
#include "certbridge/options.h"
#include "certbridge/plugin.h"
#include "fetch.h"
#include "incoming.h"
#include "outgoing.h"
#include "transport.h"

namespace certbridge::file {
namespace {

constexpr std::size_t kRemoteWindow = 2'000;  // names; each costs a round trip or two
constexpr std::size_t kLocalWindow = 10'000;

Error bad_option(const std::string& why) { return Error::fault("file.option", why); }

TakenSettings taken_settings(OptionReader& options) {
  TakenSettings settings;
  settings.media_type = options.text("media-type");
  settings.charset = charset_named(options.text("charset"));
  settings.largest = options.size("largest");
  return settings;
}

DigestKind digest_named(const std::string& name) {
  if (name == "md5") return DigestKind::kMd5;
  return name == "sm3" ? DigestKind::kSm3 : DigestKind::kSha256;
}

Completeness completeness_named(const std::string& name) {
  if (name == "manifest") return Completeness::kManifest;
  return name == "unchanged" ? Completeness::kUnchanged : Completeness::kRenamed;
}

Result<void> check_places(const IncomingSettings& settings) {
  const Places& places = settings.places;
  const std::set<std::string> folders{places.incoming, places.claimed, places.archive,
                                      places.error};
  if (folders.size() != 4 || places.claimed.empty() || places.archive.empty() ||
      places.error.empty())
    return bad_option(
        "claimed, archive and error name three different folders beside the drop folder");
  if (settings.part_suffix.empty()) return bad_option("part-suffix must not be empty");
  if (settings.complete == Completeness::kManifest && places.manifest_suffix.empty())
    return bad_option("manifest-suffix must not be empty");
  return {};
}

Result<void> check_parcels(const IncomingSettings& settings) {
  const bool manifests = settings.complete == Completeness::kManifest;
  if (settings.taken.most_files > 1 && !manifests)
    return bad_option("manifest-files needs complete=manifest: the manifest names the files");
  if (settings.taken.order_kind.empty()) return bad_option("order-kind must not be empty");
  return {};
}

Result<IncomingSettings> incoming_settings(const Config& config) {
  OptionReader options(config);
  IncomingSettings settings;
  settings.complete = completeness_named(options.text("complete"));
  settings.places.claimed = options.text("claimed");
  settings.places.archive = options.text("archive");
  settings.places.error = options.text("error");
  const std::string manifest_suffix = options.text("manifest-suffix");
  if (settings.complete == Completeness::kManifest)
    settings.places.manifest_suffix = manifest_suffix;
  settings.part_suffix = options.text("part-suffix");
  settings.suffix = options.text("suffix");
  settings.quiet = options.duration("quiet");
  settings.incomplete_after = options.duration("incomplete-after");
  settings.taken = taken_settings(options);
  settings.taken.type = options.text("type");
  settings.taken.area = options.text("area");
  settings.taken.manifest_digest = digest_named(options.text("manifest-digest"));
  settings.taken.most_files = static_cast<std::size_t>(options.integer("manifest-files"));
  settings.taken.order_kind = options.text("order-kind");
  settings.archive_days = static_cast<int>(options.integer("archive-days"));
  settings.poll = options.duration("poll");
  settings.step_limit = options.duration("timeout");
  settings.batch = static_cast<std::size_t>(options.integer("batch"));
  settings.window = is_remote(config) ? kRemoteWindow : kLocalWindow;
  const std::string order_name = options.text("order-name");
  if (auto read = options.result(); !read) return read.error();
  if (auto checked = check_places(settings); !checked) return checked.error();
  if (auto checked = check_parcels(settings); !checked) return checked.error();
  if (order_name.empty()) return settings;
  auto pattern = NamePattern::parse(order_name);
  if (!pattern) return pattern.error();
  settings.taken.order_name = std::move(pattern).value();
  return settings;
}

Result<OutgoingSettings> outgoing_settings(const Config& config) {
  OptionReader options(config);
  OutgoingSettings settings;
  settings.part_suffix = options.text("part-suffix");
  settings.taken_away = options.boolean("taken-away");
  settings.taken_folder = options.text("taken-folder");
  if (auto read = options.result(); !read) return read.error();
  if (settings.part_suffix.empty()) return bad_option("part-suffix must not be empty");
  return settings;
}

Result<FetchSettings> fetch_settings(const Config& config) {
  OptionReader options(config);
  FetchSettings settings;
  settings.part_suffix = options.text("part-suffix");
  settings.unchanged = options.text("complete") == "unchanged";
  settings.quiet = options.duration("quiet");
  settings.archive = options.text("archive");
  settings.archive_days = static_cast<int>(options.integer("archive-days"));
  settings.taken = taken_settings(options);
  if (auto read = options.result(); !read) return read.error();
  if (settings.part_suffix.empty()) return bad_option("part-suffix must not be empty");
  if (settings.archive_days > 0 && settings.archive.empty())
    return bad_option("archive-days needs the option archive: the folder that is cleared");
  return settings;
}

// The parts keep a reference to their folder; these keep both.
class OwnedIncoming final : public Source {
 public:
  OwnedIncoming(std::unique_ptr<Folder> folder, IncomingSettings settings, Context& context)
      : folder_(std::move(folder)), source_(std::move(settings), *folder_, context, {}) {}
  Result<void> check(const Call& call) override { return source_.check(call); }
  Result<void> listen(Receiver& receiver) override { return source_.listen(receiver); }
  void stop() override { source_.stop(); }

 private:
  std::unique_ptr<Folder> folder_;
  Incoming source_;
};

class OwnedOutgoing final : public Sink {
 public:
  OwnedOutgoing(std::unique_ptr<Folder> folder, OutgoingSettings settings, const Clock& clock)
      : folder_(std::move(folder)), sink_(std::move(settings), *folder_, clock, {}) {}
  void stop() override { sink_.stop(); }
  Result<void> check(const Call& call) override { return sink_.check(call); }
  Result<Receipt> send(const Message& message, const Call& call) override {
    return sink_.send(message, call);
  }
  Result<Confirmation> confirm(const Message& message, const Call& call) override {
    return sink_.confirm(message, call);
  }

 private:
  std::unique_ptr<Folder> folder_;
  Outgoing sink_;
};

class OwnedFetch final : public Responder {
 public:
  OwnedFetch(std::unique_ptr<Folder> folder, FetchSettings settings, Context& context)
      : folder_(std::move(folder)), fetch_(std::move(settings), *folder_, context) {}
  void stop() override { fetch_.stop(); }
  Result<void> check(const Call& call) override { return fetch_.check(call); }
  Result<Message> answer(const Message& question, const Call& call) override {
    return fetch_.answer(question, call);
  }

 private:
  std::unique_ptr<Folder> folder_;
  Fetch fetch_;
};

}  // namespace

class FilePlugin final : public Plugin {
 public:
  Result<std::unique_ptr<Source>> make_source(std::string_view kind, Context& context) override {
    if (kind != "incoming") return Plugin::make_source(kind, context);
    auto settings = incoming_settings(context.config());
    if (!settings) return settings.error();
    auto folder = open_folder(context.config());
    if (!folder) return folder.error();
    return std::unique_ptr<Source>(std::make_unique<OwnedIncoming>(
        std::move(folder).value(), std::move(settings).value(), context));
  }
  Result<std::unique_ptr<Sink>> make_sink(std::string_view kind, Context& context) override {
    if (kind != "outgoing") return Plugin::make_sink(kind, context);
    auto settings = outgoing_settings(context.config());
    if (!settings) return settings.error();
    auto folder = open_folder(context.config());
    if (!folder) return folder.error();
    return std::unique_ptr<Sink>(std::make_unique<OwnedOutgoing>(
        std::move(folder).value(), std::move(settings).value(), context.clock()));
  }
  Result<std::unique_ptr<Responder>> make_responder(std::string_view kind,
                                                    Context& context) override {
    if (kind != "fetch") return Plugin::make_responder(kind, context);
    auto settings = fetch_settings(context.config());
    if (!settings) return settings.error();
    auto folder = open_folder(context.config());
    if (!folder) return folder.error();
    return std::unique_ptr<Responder>(std::make_unique<OwnedFetch>(
        std::move(folder).value(), std::move(settings).value(), context));
  }
};

}  // namespace certbridge::file

CERTBRIDGE_PLUGIN(certbridge::file::FilePlugin, "file", "1.0.0")
