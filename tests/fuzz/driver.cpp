// Drives a fuzz target where there is no libFuzzer:
//   fuzz_NAME [--runs N] [--seconds N] [--seed N] [FILE|FOLDER]...
// First every given input as it is, then changed ones. Equal arguments, equal inputs. An input that
// ends the process, or takes longer than a minute, is kept in the working folder.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/common_interface_defs.h>
#endif

#include "fuzz.h"
#include "mutation.h"

namespace {

namespace fs = std::filesystem;
using Steady = std::chrono::steady_clock;

constexpr unsigned kPatience = 60;  // seconds for one input
constexpr std::size_t kLongestInput = 1 << 18;

struct Plan {
  std::uint64_t runs = 1000;
  std::uint64_t seconds = 0;  // more runs until then
  std::uint64_t seed = 1;
  std::vector<std::string> corpus{};
};

// What the handlers below can reach: the input that is being tried and where it would be kept.
const std::string* current = nullptr;
char kept_name[256] = "";

void keep_input() {
  if (current == nullptr) return;
  const int file = open(kept_name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (file < 0) return;
  const bool written = write(file, current->data(), current->size()) >= 0;
  close(file);
  current = nullptr;
  if (written) std::fprintf(stderr, "the input is kept in %s\n", kept_name);
}

void on_signal(int number) {
  keep_input();
  if (number == SIGALRM) std::fprintf(stderr, "one input took longer than %u s\n", kPatience);
  signal(number, SIG_DFL);
  raise(number);
}

void watch() {
#if defined(__SANITIZE_ADDRESS__)
  __sanitizer_set_death_callback(keep_input);
#else
  signal(SIGSEGV, on_signal);
#endif
  signal(SIGABRT, on_signal);
  signal(SIGALRM, on_signal);
  signal(SIGPIPE, SIG_IGN);
}

void attempt(const std::string& input) {
  current = &input;
  alarm(kPatience);
  // A copy of its own size: reading past its end is seen.
  const std::vector<std::uint8_t> bytes(input.begin(), input.end());
  LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
  alarm(0);
  current = nullptr;
}

void add_file(Plan& plan, const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  plan.corpus.push_back(bytes.str());
}

void add_inputs(Plan& plan, const fs::path& path) {
  if (!fs::is_directory(path)) return add_file(plan, path);
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(path)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) add_file(plan, file);
}

Plan read_arguments(int count, char** words) {
  Plan plan;
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    std::uint64_t* number = word == "--runs"      ? &plan.runs
                            : word == "--seconds" ? &plan.seconds
                            : word == "--seed"    ? &plan.seed
                                                  : nullptr;
    if (number == nullptr) {
      certbridge::fuzz::require(fs::exists(word), "there is no " + word);
      add_inputs(plan, word);
    } else if (i + 1 < count) {
      *number = std::strtoull(words[++i], nullptr, 10);
    }
  }
  for (std::string& sample : certbridge::fuzz::samples()) plan.corpus.push_back(std::move(sample));
  plan.corpus.emplace_back();  // the empty input
  return plan;
}

}  // namespace

int main(int count, char** words) {
  const Plan plan = read_arguments(count, words);
  const std::string name = fs::path(words[0]).filename().string();
  std::printf("%s: seed %llu, %zu inputs to begin with, %llu changed ones\n", name.c_str(),
              static_cast<unsigned long long>(plan.seed), plan.corpus.size(),
              static_cast<unsigned long long>(plan.runs));
  std::snprintf(kept_name, sizeof kept_name, "%s.input", name.c_str());
  watch();
  for (const std::string& input : plan.corpus) attempt(input);
  certbridge::fuzz::Mutator mutator(plan.seed, plan.corpus, kLongestInput);
  const auto until = Steady::now() + std::chrono::seconds(plan.seconds);
  std::uint64_t done = 0;
  while (done < plan.runs || (plan.seconds > 0 && Steady::now() < until)) {
    attempt(mutator.next());
    ++done;
  }
  std::printf("%llu changed inputs, all well\n", static_cast<unsigned long long>(done));
  return 0;
}
