// The test authority as files, in a fixed layout (README.md).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "testing/corpus.h"
#include "testing/world.h"

namespace certbridge::test_ca {

// Throws std::runtime_error with the file's name when one cannot be written.
void write_file(const std::filesystem::path& path, const std::string& bytes);
// Secret files are readable by their owner alone.
void write_world(const seal_service::testing::World& world, const std::filesystem::path& out,
                 const std::string& passphrase);
void write_corpus(const std::vector<seal_service::testing::CorpusFile>& files,
                  const seal_service::testing::World& world, const std::filesystem::path& out);

}  // namespace certbridge::test_ca
