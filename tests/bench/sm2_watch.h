// Counts and times the SM2 operations of this thread, whoever asks for them: the linker puts these
// functions in front of OpenSSL's (--wrap), so that nothing can sign or verify unseen.
#pragma once

namespace certbridge::bench {

struct Sm2Watch {
  int signs = 0;
  int verifies = 0;
  double cpu_seconds = 0;
};
// What this thread did since it was asked last.
Sm2Watch take_sm2_watch();

// Signatures a second of one core by OpenSSL's SM2 with a prepared context and digest: what no
// program that signs through OpenSSL can pass. The rate of `count` signatures by thread CPU.
double raw_sm2_rate(int count);

}  // namespace certbridge::bench
