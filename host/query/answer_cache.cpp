#include "query/answer_cache.h"

#include <algorithm>

namespace certbridge::host {
namespace {

constexpr Suite kSuite = Suite::kAes256Gcm;

Key new_key() {
  const std::string bytes = random_bytes(Key{}.size());
  Key key{};
  std::copy(bytes.begin(), bytes.end(), key.begin());
  return key;
}

}  // namespace

AnswerCache::AnswerCache(const QueryCache& settings, const std::string& route, const Clock& clock,
                         MetricsRegistry& metrics, const std::atomic<std::uint64_t>* deliveries)
    : settings_(settings),
      route_(route),
      clock_(clock),
      metrics_(metrics),
      deliveries_(deliveries),
      key_(new_key()),
      name_key_(new_key()) {}

AnswerCache::~AnswerCache() {
  wipe(key_);
  wipe(name_key_);
}

std::uint64_t AnswerCache::moment() const {
  return deliveries_ == nullptr ? 0 : deliveries_->load();
}

std::string AnswerCache::name_of(const std::string& question) const {
  return keyed_digest(kSuite, name_key_, question);
}

void AnswerCache::note(const char* outcome) {
  metrics_.count("query_cache", {{"route", route_}, {"outcome", outcome}}, 1);
}

std::optional<AnswerCache::Kept> AnswerCache::find(const std::string& question) {
  const std::string name = name_of(question);
  Entry entry;
  {
    const std::lock_guard lock(mutex_);
    forget_what_is_over();
    const auto found = places_.find(name);
    note(found == places_.end() ? "miss" : "hit");
    if (found == places_.end()) return {};
    entry = *found->second;
  }
  Kept kept{{}, entry.since};
  if (!decrypt(kSuite, key_, entry.nonce, name, entry.sealed, kept.answer)) return {};
  return kept;
}

void AnswerCache::keep(const std::string& question, std::uint64_t moment, const Kept& kept) {
  Entry entry;
  entry.name = name_of(question);
  entry.nonce = new_nonce(kSuite);
  entry.sealed = encrypt(kSuite, key_, entry.nonce, entry.name, kept.answer);
  entry.since = kept.since;
  entry.until = clock_.steady() + settings_.keep;
  const std::lock_guard lock(mutex_);
  forget_what_is_over();
  if (moment != seen_ || entry.sealed.size() > settings_.bytes) return;
  if (const auto found = places_.find(entry.name); found != places_.end()) forget(found->second);
  while (!entries_.empty() &&
         (entries_.size() >= settings_.entries || bytes_ + entry.sealed.size() > settings_.bytes)) {
    forget(entries_.begin());
  }
  bytes_ += entry.sealed.size();
  const Place place = entries_.insert(entries_.end(), std::move(entry));
  places_[place->name] = place;
}

void AnswerCache::forget(Place place) {
  bytes_ -= place->sealed.size();
  places_.erase(place->name);
  entries_.erase(place);
}

void AnswerCache::forget_what_is_over() {
  const std::uint64_t now = moment();
  if (now != seen_) {
    seen_ = now;
    if (!entries_.empty()) note("emptied");
    entries_.clear();
    places_.clear();
    bytes_ = 0;
  }
  while (!entries_.empty() && entries_.front().until <= clock_.steady()) forget(entries_.begin());
}

}  // namespace certbridge::host
