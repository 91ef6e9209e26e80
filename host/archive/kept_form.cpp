#include "archive/kept_form.h"

#include <boost/json.hpp>

#include "archive/kept_file.h"
#include "archive/record_json.h"
#include "journal/failure.h"
#include "observe/clock.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kLength = 4;                     // bytes before the head
constexpr std::uint64_t kLargestHead = 1024UL * 1024;  // bytes, as the next one
constexpr std::uint64_t kLargestPart = 16UL * 1024 * 1024;

std::string received_text(const UsedCertificate& used) {
  return write_find_answer({{used.found}, used.as_of});
}

boost::json::object file_json(const Attachment& file) {
  return {{"name", file.name},
          {"mediaType", file.media_type},
          {"bytes", file.size},
          {"sm3", to_hex(file.digest)}};
}

boost::json::object head_of(const KeptUse& use, const std::vector<std::string>& received) {
  boost::json::object head;
  head["case"] = use.case_no;
  head["record"] = record_json(use.place, use.record);
  boost::json::array certificates;
  for (std::size_t i = 0; i < received.size(); ++i) {
    certificates.push_back({{"source", use.certificates[i].source}, {"bytes", received[i].size()}});
  }
  head["certificates"] = std::move(certificates);
  head["answer"] = use.answer.size();
  if (use.file) head["file"] = file_json(*use.file);
  if (use.copy) head["copy"] = file_json(*use.copy);
  if (use.missing) head["missing"] = true;
  if (!use.joined.empty()) head["joined"] = use.joined;
  return head;
}

std::string length_of(std::size_t bytes) {
  std::string length;
  for (std::size_t i = 0; i < kLength; ++i) {
    length += static_cast<char>(bytes >> (8 * i) & 0xff);
  }
  return length;
}

void put_content(const Content& content, const std::function<void(std::string_view)>& put) {
  std::string piece(kKeptPiece, '\0');
  for (std::uint64_t at = 0; at < content.size();) {
    const std::size_t count = taken(content.read(at, std::as_writable_bytes(std::span(piece))));
    if (count == 0) throw Failure(Error::fault("content.damaged", "a file ends before its size"));
    put(std::string_view(piece).substr(0, count));
    at += count;
  }
}

// The parts of a kept answer, one behind the other.
class KeptReader {
 public:
  explicit KeptReader(std::shared_ptr<const Content> whole) : whole_(std::move(whole)) {}

  KeptUse read() {
    const boost::json::value parsed = boost::json::parse(text(length(), kLargestHead));
    const boost::json::object& head = parsed.as_object();
    KeptUse use;
    use.case_no = std::string(head.at("case").as_string());
    read_record_json(head.at("record").as_object(), use.place, use.record);
    for (const auto& one : head.at("certificates").as_array()) {
      use.certificates.push_back(certificate(one.as_object()));
    }
    use.answer = text(head.at("answer").to_number<std::uint64_t>(), kLargestPart);
    if (const auto* file = head.if_contains("file")) use.file = file_of(file->as_object());
    if (const auto* copy = head.if_contains("copy")) use.copy = file_of(copy->as_object());
    use.missing = head.contains("missing");
    if (const auto* joined = head.if_contains("joined")) {
      use.joined = std::string(joined->as_string());
    }
    if (at_ != whole_->size()) throw std::runtime_error("more than its head says");
    return use;
  }

 private:
  std::uint64_t length() {
    const std::string bytes = text(kLength, kLength);
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < kLength; ++i) {
      number |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
    }
    return number;
  }
  std::string text(std::uint64_t bytes, std::uint64_t limit) {
    return taken(read_all(*part(bytes), limit));
  }
  std::shared_ptr<const Content> part(std::uint64_t bytes) {
    if (bytes > whole_->size() - at_) throw std::runtime_error("less than its head says");
    at_ += bytes;
    return part_of(whole_, at_ - bytes, bytes);
  }
  UsedCertificate certificate(const boost::json::object& json) {
    FindAnswer answer =
        taken(parse_find_answer(text(json.at("bytes").to_number<std::uint64_t>(), kLargestPart)));
    return {std::string(json.at("source").as_string()), answer.as_of,
            std::move(answer.found.at(0))};
  }
  Attachment file_of(const boost::json::object& json) {
    Attachment file;
    file.name = std::string(json.at("name").as_string());
    file.media_type = std::string(json.at("mediaType").as_string());
    file.size = json.at("bytes").to_number<std::uint64_t>();
    file.digest = taken(parse_sm3_digest(std::string(json.at("sm3").as_string())));
    file.content = part(file.size);
    return file;
  }

  std::shared_ptr<const Content> whole_;
  std::uint64_t at_ = 0;
};

}  // namespace

void write_kept(const KeptUse& use, const std::function<void(std::string_view bytes)>& put) {
  std::vector<std::string> received;
  for (const UsedCertificate& used : use.certificates) received.push_back(received_text(used));
  const std::string head = boost::json::serialize(head_of(use, received));
  put(length_of(head.size()));
  put(head);
  for (const std::string& text : received) put(text);
  put(use.answer);
  if (use.file) put_content(*use.file->content, put);
  if (use.copy) put_content(*use.copy->content, put);
}

std::uint64_t kept_bytes(const KeptUse& use) {
  std::uint64_t bytes = use.answer.size() + (use.file ? use.file->size : 0);
  bytes += use.copy ? use.copy->size : 0;
  for (const UsedCertificate& used : use.certificates) bytes += received_text(used).size();
  return bytes;
}

Result<KeptUse> read_kept(const std::shared_ptr<const Content>& whole) {
  try {
    return KeptReader(whole).read();
  } catch (const std::exception&) {
    return Error::fault("archive.damaged", "a kept answer is not what was kept");
  }
}

}  // namespace certbridge::host
