// The program certbridge-pdf-copy: makes one annotated copy and ends. `apart.h` runs it.
//
//     certbridge-pdf-copy FONT SECONDS MEGABYTES < question > copy
//
// The question: size (u32, little-endian) and bytes of the question as XML, the same of the maker's
// name, the file. Exit code 0: the copy; 1: code, a line feed, and what is wrong for people; 2: it
// was called wrongly; 3: there is no more memory.
// A file that somebody hostile made is read here and nowhere else, within limits of the kernel.
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <cstring>
#include <new>

#include "pdf/annotated.h"

namespace certbridge::ofd_compose {
namespace {

constexpr std::size_t kLargestInput = 256UL << 20;

void limit(int resource, rlim_t most) {
  const rlimit value{most, most};
  setrlimit(static_cast<__rlimit_resource_t>(resource), &value);
}

// No core file either, which would hold the certificate.
void limit_self(unsigned seconds, unsigned megabytes) {
  prctl(PR_SET_PDEATHSIG, 9);
  // The library would take what it could not read for damaged.
  std::set_new_handler([] { _exit(3); });
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_CPU, seconds);
  limit(RLIMIT_NOFILE, 16);
  limit(RLIMIT_FSIZE, rlim_t{megabytes} << 20);
// Sanitizers reserve terabytes of addresses and look at the process.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  prctl(PR_SET_DUMPABLE, 0);
  limit(RLIMIT_AS, rlim_t{megabytes} << 20);
#endif
}

unsigned number_in(const char* text) {
  unsigned number = 0;
  std::from_chars(text, text + std::strlen(text), number);
  return number;
}

std::string all_input() {
  std::string input;
  char piece[64 * 1024];
  for (ssize_t size = 0; (size = read(STDIN_FILENO, piece, sizeof piece)) > 0;) {
    input.append(piece, static_cast<std::size_t>(size));
    if (input.size() > kLargestInput) return {};
  }
  return input;
}

// Takes one part with its size off the front; false when it is cut off.
bool take(std::string_view& input, std::string& part) {
  if (input.size() < 4) return false;
  std::size_t size = 0;
  for (std::size_t i = 4; i-- > 0;) size = size << 8 | static_cast<unsigned char>(input[i]);
  if (input.size() - 4 < size) return false;
  part = input.substr(4, size);
  input.remove_prefix(4 + size);
  return true;
}

Result<std::string> made(const std::string& input, const char* font) {
  std::string_view rest = input;
  std::string xml;
  PdfCopy copy;
  if (!take(rest, xml) || !take(rest, copy.maker)) {
    return Error::permanent("ofd_compose.question", "the question is cut off");
  }
  auto question = parse_copy_question(xml);
  if (!question) return question.error();
  copy.question = std::move(question).value();
  copy.font = font;
  return annotated_as_pdf(std::string(rest), copy);
}

int answer(const std::string& bytes, int code) {
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t size = write(STDOUT_FILENO, bytes.data() + done, bytes.size() - done);
    if (size <= 0) return 2;
    done += static_cast<std::size_t>(size);
  }
  return code;
}

}  // namespace
}  // namespace certbridge::ofd_compose

int main(int count, char** arguments) {
  using namespace certbridge::ofd_compose;
  if (count != 4) {
    std::fputs("certbridge-pdf-copy is run by the plugin ofd_compose\n", stderr);
    return 2;
  }
  limit_self(number_in(arguments[2]), number_in(arguments[3]));
  const auto copy = made(all_input(), arguments[1]);
  if (copy) return answer(copy.value(), 0);
  return answer(copy.error().code + '\n' + copy.error().message, 1);
}
