// The element of profiles and of forms of daily logs that says what answers over HTTP mean.
#pragma once

#include "certbridge/xml.h"
#include "exchange/http_replies.h"
#include "profile/profile_reader.h"

namespace certbridge::provincial_platform {

// The element <http>, as "<http code="code" words="message" received="1" accepted="2"/>": lists of
// codes by blanks. Fails the reader for a code that stands twice and when none takes a message.
HttpReplies read_http_replies(ProfileReader& reader, const XmlElement& element);

}  // namespace certbridge::provincial_platform
