// A journal opened for maintenance, beside a host that may run.
#pragma once

#include <memory>
#include <string>

#include "journal/content_store.h"
#include "journal/database.h"
#include "journal/failure.h"
#include "journal/keyring.h"
#include "journal/schema.h"
#include "journal/store.h"

namespace certbridge::host {

// Nothing in it is changed through this.
struct OpenedJournal {
  Connection connection;
  std::shared_ptr<Keyring> keys;
  ContentStore contents;
  std::string folder;
};

struct ContentRow {
  std::string name{};
  std::string bucket{};
  std::int64_t size = 0;
};

// Throws Failure, as everything here.
std::unique_ptr<OpenedJournal> open_for_maintenance(const StoreSettings& settings);
std::string content_path(const std::string& folder, const ContentRow& row);
// Reads and checks all of it; answers its plain size.
std::uint64_t read_content_file(OpenedJournal& journal, const ContentRow& row);

template <class Work>
auto with_journal(const StoreSettings& settings, const Work& work)
    -> Result<decltype(work(std::declval<OpenedJournal&>()))> {
  try {
    const auto journal = open_for_maintenance(settings);
    return work(*journal);
  } catch (const Failure& failure) {
    return failure.error();
  }
}

}  // namespace certbridge::host
