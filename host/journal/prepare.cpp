// What happens to a message on its caller's thread before the writer sees it: digests, content
// files. Only the writer's thread is a bottleneck, so as little as possible is left to it.
#include <algorithm>

#include "journal/failure.h"
#include "journal/search_digests.h"
#include "journal/transition_parts.h"

namespace certbridge::host {
namespace {

constexpr std::uint64_t kInsideLimit = 16UL * 1024;

std::string key_digest(const Keyring& keys, const std::string& kind, const std::string& value) {
  ByteWriter text;
  text.text(kind).raw(value);
  return keys.short_digest("key", text.bytes());
}

void add_search(PreparedMessage& prepared, const std::string& digest) {
  const auto& known = prepared.search;
  if (std::find(known.begin(), known.end(), digest) == known.end()) {
    prepared.search.push_back(digest);
  }
}

void add_keys(PreparedMessage& prepared, const Keyring& keys) {
  for (const OrderKey& key : prepared.record.order_keys) {
    const std::string digest = key_digest(keys, key.kind, key.value);
    prepared.keys += digest;
    add_search(prepared, digest);
  }
  const std::string case_no = header_of(prepared.message, "case-no");
  if (!case_no.empty()) add_search(prepared, key_digest(keys, "case", case_no));
  const std::string number = header_of(prepared.message, "certificate-number-normalised");
  if (!number.empty()) add_search(prepared, certificate_search_digest(keys, number));
}

void write_digest(ByteWriter& out, const ContentPlace& place) {
  out.number(place.size, 8).text(place.inside);
  out.raw({reinterpret_cast<const char*>(place.digest.data()), place.digest.size()});
}

PreparedMessage without_content(const Message& message) {
  PreparedMessage prepared;
  prepared.message = message;
  prepared.message.body.reset();
  prepared.message.attachments.clear();
  prepared.record.source_key = message.source_key;
  prepared.record.order_keys = message.order_keys;
  prepared.record.headers = message.headers;
  return prepared;
}

}  // namespace

std::string certificate_search_digest(const Keyring& keys, const std::string& number) {
  return search_digest(keys, {SearchTerm::Kind::kCertificateNumber, number});
}
std::string order_key_digest(const Keyring& keys, const OrderKey& key) {
  return key_digest(keys, key.kind, key.value);
}

PreparedMessage prepare_message(const Message& message, const Keyring& keys, ContentStore& contents,
                                Timestamp now, ContentHold& hold) {
  PreparedMessage prepared = without_content(message);
  if (message.body != nullptr) prepared.body = contents.put(*message.body, kInsideLimit, now, hold);
  for (const Attachment& attachment : message.attachments) {
    if (attachment.content == nullptr) {
      throw Failure(Error::fault("journal.content", "attachment without content"));
    }
    AttachmentRecord record{attachment.name, attachment.media_type, {}};
    record.place = contents.put(*attachment.content, 0, now, hold);
    if (record.place.name.empty()) record.place.digest = attachment.digest;  // no bytes at all
    prepared.record.attachments.push_back(std::move(record));
  }
  add_keys(prepared, keys);
  return prepared;
}

PreparedMessage prepare_without_content(const Message& message, const Keyring& keys) {
  PreparedMessage prepared = without_content(message);
  add_keys(prepared, keys);
  return prepared;
}

PreparedMessage prepare_refused(const Message& message, const Keyring& keys, Error error,
                                bool keep_headers) {
  PreparedMessage prepared = without_content(message);
  if (!keep_headers) {
    std::erase_if(prepared.record.order_keys,
                  [](const OrderKey& key) { return key.kind != "case"; });
    prepared.record.headers.clear();
    prepared.message.headers.clear();
    prepared.message.area.clear();
    prepared.message.media_type.clear();
  }
  prepared.error_code = std::move(error.code);
  prepared.error_message = std::move(error.message);
  add_keys(prepared, keys);
  return prepared;
}

void prepare_ledger(PreparedMessage& prepared, const std::string& source, const Keyring& keys) {
  prepared.ledger_key = keys.short_digest(
      "ledger", ByteWriter().text(source).raw(prepared.record.source_key).bytes());
  ByteWriter content;
  const Message& message = prepared.message;
  // Order keys are no content: a source may find them beside the row, where they change.
  content.text(message.type).text(message.area).text(message.media_type);
  content.number(message.classified ? 1 : 0, 1);
  for (const auto& [name, value] : prepared.record.headers) content.text(name).text(value);
  write_digest(content, prepared.body);
  for (const AttachmentRecord& attachment : prepared.record.attachments) {
    content.text(attachment.name).text(attachment.media_type);
    write_digest(content, attachment.place);
  }
  prepared.content_digest = keys.short_digest("content of a message", content.bytes());
}

std::string memory_key(const Keyring& keys, const OrderKey& key) {
  if (key.kind.empty() && key.value.empty()) return {};
  return key_digest(keys, key.kind, key.value);
}
std::string memory_place(const std::string& endpoint, const std::string& key,
                         const std::string& name) {
  return ByteWriter().text("memory.value").text(endpoint).text(key).text(name).take();
}
std::string step_place(const std::string& digest) { return "step_results.result|" + digest; }

std::string encode_step_result(const std::vector<PreparedMessage>& messages) {
  ByteWriter out;
  out.number(messages.size(), 4);
  for (const PreparedMessage& prepared : messages) {
    const Message& message = prepared.message;
    out.text(message.id).text(message.type).text(message.area).text(message.media_type);
    out.number(message.classified ? 1 : 0, 1).number(message.order_number, 8);
    out.number(static_cast<std::uint64_t>(message.created.time_since_epoch().count()), 8);
    out.text(encode_record(prepared.record));
    write_place(out, prepared.body);
  }
  return out.take();
}

std::vector<PreparedMessage> decode_step_result(std::string_view bytes) {
  ByteReader in(bytes);
  std::vector<PreparedMessage> messages;
  for (std::uint64_t left = in.number(4); left > 0; --left) {
    PreparedMessage prepared;
    Message& message = prepared.message;
    message.id = in.text();
    message.type = in.text();
    message.area = in.text();
    message.media_type = in.text();
    message.classified = in.number(1) == 1;
    message.order_number = in.number(8);
    message.created = Timestamp(std::chrono::milliseconds(static_cast<std::int64_t>(in.number(8))));
    prepared.record = decode_record(in.text());
    prepared.body = read_place(in);
    messages.push_back(std::move(prepared));
  }
  in.expect_end();
  return messages;
}

void use_contents(Change& change, std::int64_t number, const PreparedMessage& prepared) {
  const auto use = [&](const ContentPlace& place) {
    if (place.name.empty()) return;
    change.connection().run(
        "insert into content_uses(number, name) values (?, ?) on conflict do nothing", number,
        Blob{place.name});
  };
  use(prepared.body);
  for (const AttachmentRecord& attachment : prepared.record.attachments) use(attachment.place);
}

}  // namespace certbridge::host
