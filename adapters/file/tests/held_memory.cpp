#include "held_memory.h"

#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <new>

namespace certbridge::file::testing {
namespace {

std::atomic<std::size_t> held{0};
std::atomic<std::size_t> most{0};

}  // namespace

std::size_t held_memory() { return held; }

std::size_t most_held_memory() { return most.exchange(held); }

void* take_memory(std::size_t bytes) {
  void* taken = std::malloc(bytes == 0 ? 1 : bytes);
  if (taken == nullptr) throw std::bad_alloc();
  const std::size_t now = held += ::malloc_usable_size(taken);
  std::size_t before = most;
  while (now > before && !most.compare_exchange_weak(before, now)) {
  }
  return taken;
}

void give_memory(void* taken) {
  held -= ::malloc_usable_size(taken);
  std::free(taken);
}

}  // namespace certbridge::file::testing

void* operator new(std::size_t bytes) { return certbridge::file::testing::take_memory(bytes); }
void operator delete(void* taken) noexcept { certbridge::file::testing::give_memory(taken); }
void operator delete(void* taken, std::size_t) noexcept {
  certbridge::file::testing::give_memory(taken);
}
