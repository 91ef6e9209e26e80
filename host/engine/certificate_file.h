// Which attachments may leave only with a verdict of the seal gate.
#pragma once

#include "certbridge/message.h"

namespace certbridge::host {

// By media type or by name: a step that writes one of them wrongly opens no way past the gate.
inline bool is_certificate_file(const Attachment& file) {
  return file.media_type == "application/ofd" || file.name.ends_with(".ofd");
}

}  // namespace certbridge::host
