// A kept answer as bytes: a head, and the parts that it names. docs/archives.md has them.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "archive/kept_uses.h"

namespace certbridge::host {

// Throws what `put` throws, and Failure of the file that is read.
void write_kept(const KeptUse& use, const std::function<void(std::string_view bytes)>& put);
// How many bytes that will be, up to the head.
std::uint64_t kept_bytes(const KeptUse& use);
// "archive.damaged" for anything that write_kept() does not write. A file is a part of `whole`.
Result<KeptUse> read_kept(const std::shared_ptr<const Content>& whole);

}  // namespace certbridge::host
