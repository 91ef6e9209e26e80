// The lanes of types in the journal's SQLite file; a part of the store.
#pragma once

#include <functional>
#include <memory>

#include "journal/failure.h"
#include "journal/reads.h"
#include "journal/type_lane.h"
#include "journal/writer.h"

namespace certbridge::host {

class SqliteTypeLanes final : public TypeLaneBook {
 public:
  using Write = std::function<Result<void>(Writer::Work)>;

  // All references outlive it.
  SqliteTypeLanes(Readers& readers, Write write) : readers_(readers), write_(std::move(write)) {}

  Result<void> hold(const TypeLane& lane) override;
  Result<std::optional<std::int64_t>> probe(const TypeLaneName& name) override;
  Result<ProbeState> probe_state(std::int64_t delivery, Timestamp now) override;
  Result<bool> release(const TypeLaneName& name, std::size_t most) override;
  Result<std::vector<TypeLane>> lanes() override;

 private:
  Readers& readers_;
  Write write_;
};

}  // namespace certbridge::host
