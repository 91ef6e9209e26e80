// With libFuzzer: the samples that are made, not files, become files of its corpus folder, which is
// the first argument that is no option.
#include <fstream>

#include "fuzz.h"

extern "C" int LLVMFuzzerInitialize(int* count, char*** words);

extern "C" int LLVMFuzzerInitialize(int* count, char*** words) {
  for (int i = 1; i < *count; ++i) {
    const std::string folder = (*words)[i];
    if (folder.starts_with("-")) continue;
    int number = 0;
    for (const std::string& sample : certbridge::fuzz::samples()) {
      std::ofstream(folder + "/sample-" + std::to_string(++number), std::ios::binary) << sample;
    }
    break;
  }
  return 0;
}
