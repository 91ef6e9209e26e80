// The plugins' own processors that make a certificate ready to go: composer, sealer and gate, with
// a test authority in memory and without a host.
#pragma once

#include <memory>
#include <string>

#include "certbridge/context.h"
#include "measure.h"

namespace certbridge::bench {

// Ends the program when a step refuses.
class CertificateLine {
 public:
  // Key and trust files are written into `folder`.
  explicit CertificateLine(const std::string& folder);
  ~CertificateLine();
  CertificateLine(const CertificateLine&) = delete;
  CertificateLine& operator=(const CertificateLine&) = delete;

  // A certificate.issue of one page; each number is another certificate.
  Message certificate(int number) const;
  Message composed(const Message& message) const;
  Message sealed(const Message& message) const;
  Message passed(const Message& message) const;
  // For a route; they live as long as this.
  Processor& composer() const;
  Processor& sealer() const;
  Processor& gate() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

// The bytes of certificate.ofd, and a measure for the work on them: seconds of this thread to
// deflate each file of the package once, pictures left out, at the composer's level.
std::string file_of(const Message& message);
double deflate_seconds(const std::string& file, int times);

}  // namespace certbridge::bench
