#include "archive/dossier.h"

#include <algorithm>
#include <set>

#include "certbridge/identifiers.h"
#include "journal/failure.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kPage = 200;
constexpr std::size_t kMostMessages = 5000;

// Follows messages up to what they came from and down to what was made of them.
class Collector {
 public:
  Collector(Store& store, const std::string& number) : store_(store), number_(number) {}

  Dossier collect() {
    MessageQuery query;
    query.certificate_number = number_;
    query.limit = kPage;
    for (;;) {
      const auto page = taken(store_.messages(query));
      for (const StoredMessage& stored : page) take_family(stored);
      if (page.size() < kPage) break;
      query.after_order_number = page.back().message.order_number;
    }
    for (auto& [id, message] : messages_) dossier_.messages.push_back(std::move(message));
    std::stable_sort(dossier_.messages.begin(), dossier_.messages.end(),
                     [](const DossierMessage& left, const DossierMessage& right) {
                       return left.stored.message.order_number < right.stored.message.order_number;
                     });
    for (const OrderKey& key : keys_) {
      if (auto found = taken(store_.certificate(key))) {
        dossier_.registered.push_back(*std::move(found));
      }
    }
    return std::move(dossier_);
  }

 private:
  void take_family(const StoredMessage& stored) {
    take_down(stored);
    std::string parent = stored.parent;
    while (!parent.empty() && !messages_.contains(parent)) {
      const StoredMessage above = taken(store_.message(parent));
      take(above);
      parent = above.parent;
    }
  }
  void take_down(const StoredMessage& stored) {
    if (!take(stored)) return;
    for (const OrderKey& key : stored.message.order_keys) note(key);
    for (const StoredMessage& child : taken(store_.children(stored.message.id))) take_down(child);
  }
  bool take(const StoredMessage& stored) {
    const std::string& id = stored.message.id;
    if (messages_.contains(id)) return false;
    if (messages_.size() >= kMostMessages) {
      throw Failure(Error::permanent("archive.too_large",
                                     "more than 5,000 messages are about this certificate"));
    }
    messages_[id] = {stored, taken(store_.trace(id)), taken(store_.deliveries(id))};
    return true;
  }
  // Certificates of this number only: an event of a change names others too.
  void note(const OrderKey& key) {
    if (key.kind == "certificate" &&
        key.value.find("|" + normalise_certificate_number(number_) + "|") != std::string::npos) {
      keys_.insert(key);
    }
  }

  Store& store_;
  const std::string& number_;
  std::map<std::string, DossierMessage> messages_{};
  std::set<OrderKey> keys_{};
  Dossier dossier_{};
};

}  // namespace

Result<Dossier> collect_dossier(Store& store, const std::string& number) {
  try {
    return Collector(store, number).collect();
  } catch (const Failure& failure) {
    return failure.error();
  }
}

}  // namespace certbridge::host
