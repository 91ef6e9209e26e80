#include "journal/failure.h"
#include "journal/reads.h"
#include "journal/times.h"

namespace certbridge::host {
namespace {

std::vector<Attachment> to_attachments(Reading& reading, const MessageRecord& record) {
  std::vector<Attachment> attachments;
  for (const AttachmentRecord& stored : record.attachments) {
    Attachment attachment;
    attachment.name = stored.name;
    attachment.media_type = stored.media_type;
    attachment.size = stored.place.size;
    attachment.digest = stored.place.digest;
    attachment.content = reading.contents.handle(stored.place);
    attachments.push_back(std::move(attachment));
  }
  return attachments;
}

void fill_from_record(Reading& reading, Message& message, MessageRecord record) {
  message.source_key = std::move(record.source_key);
  message.order_keys = std::move(record.order_keys);
  message.headers = std::move(record.headers);
  message.attachments = to_attachments(reading, record);
}

}  // namespace

const char* const kMessageColumns =
    "m.number, m.order_number, m.path, m.parent, m.source, m.type, m.area, m.media_type, "
    "m.classified, m.route, m.created, m.changed, m.state, m.attempts, m.next_at, m.error_code, "
    "m.error_message, m.verdicts, c.record, c.body, m.since, m.lane";
const char* const kMessageLetters = "iitittttitiiiiittbbbii";

StoredMessage to_message(Reading& reading, Statement& row) {
  StoredMessage stored;
  Message& message = stored.message;
  const std::int64_t number = row.integer(0);
  const std::string& path = row.text(2);
  message.order_number = static_cast<std::uint64_t>(row.integer(1));
  message.id = message_id(row.integer(1), path);
  if (!path.empty()) stored.parent = message.id.substr(0, message.id.rfind('/'));
  stored.source = row.text(4);
  message.type = row.text(5);
  message.area = row.text(6);
  message.media_type = row.text(7);
  message.classified = row.integer(8) == 1;
  stored.route = row.text(9);
  message.created = time_of(row.integer(10));
  stored.changed = time_of(row.integer(11));
  stored.state = static_cast<MessageState>(row.integer(12));
  stored.attempts = static_cast<int>(row.integer(13));
  stored.next_at = time_of(row.integer(14));
  stored.ran_before = row.integer(20) != 0;
  stored.since = stored.ran_before ? time_of(row.integer(20)) : message.created;
  stored.lane = static_cast<Lane>(row.integer(21));
  stored.error_code = row.text(15);
  stored.error_message = row.text(16);
  stored.gate_verdicts = decode_digests(row.blob(17));
  const std::string place = record_place(number, row.integer(1), path, stored.source, message);
  fill_from_record(reading, message, decode_record(reading.keys.open(place, row.blob(18))));
  const std::string body = reading.keys.open(body_place(number), row.blob(19));
  ByteReader in(body);
  message.body = reading.contents.handle(read_place(in));
  return stored;
}

Message to_plain_message(Reading& reading, const PreparedMessage& prepared) {
  Message message = prepared.message;
  fill_from_record(reading, message, prepared.record);
  message.body = reading.contents.handle(prepared.body);
  return message;
}

const char* const kDeliveryColumns =
    "d.id, d.order_number, m.path, d.name, d.endpoint, d.route, d.after, d.state, d.attempts, "
    "d.next_at, d.changed, d.last_attempt, d.receipt, d.error_code, d.error_message, d.keys, "
    "d.reach, d.ask_only, d.lane";
const char* const kDeliveryLetters = "iittttbiiiiibttbiii";

StoredDelivery to_delivery(Reading& reading, Statement& row) {
  StoredDelivery delivery;
  delivery.id = row.integer(0);
  delivery.order_number = static_cast<std::uint64_t>(row.integer(1));
  delivery.message_id = message_id(row.integer(1), row.text(2));
  delivery.name = row.text(3);
  delivery.endpoint = row.text(4);
  delivery.route = row.text(5);
  delivery.after = decode_names(row.blob(6));
  delivery.state = static_cast<DeliveryState>(row.integer(7));
  delivery.attempts = static_cast<int>(row.integer(8));
  delivery.next_at = time_of(row.integer(9));
  delivery.changed = time_of(row.integer(10));
  if (!row.is_null(11)) delivery.last_attempt = time_of(row.integer(11));
  if (!row.is_null(12)) {
    delivery.receipt =
        decode_receipt_record(reading.keys.open(receipt_place(delivery.id), row.blob(12)));
  }
  delivery.error_code = row.text(13);
  delivery.error_message = row.text(14);
  delivery.reach = static_cast<Reach>(row.integer(16));
  delivery.ask_only = row.integer(17) == 1;
  delivery.lane = static_cast<Lane>(row.integer(18));
  return delivery;
}

}  // namespace certbridge::host
