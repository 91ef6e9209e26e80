#include "access/records/opened_access.h"

#include "journal/failure.h"

namespace certbridge::host {

ReadAccess opened_access(const std::string& segment, const Frame& frame, const std::string& node,
                         const PersonalKeys& keys) {
  const auto body = decode_record_body(frame.body);
  if (!body) throw Failure(body.error());
  OpenedRecord open = open_record(body.value(), node, keys);
  ReadAccess read;
  read.place = {segment, frame.number, frame.hash};
  read.offset = frame.offset;
  read.written = frame.time;
  read.record = std::move(open.record);
  read.who_is_gone = open.who_is_gone;
  read.about_is_gone = open.about_is_gone;
  return read;
}

}  // namespace certbridge::host
