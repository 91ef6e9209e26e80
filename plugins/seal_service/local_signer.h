// Keys in this process, for sandbox and tests: whoever reads the process's memory has the seal.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "certbridge_sm/x509.h"
#include "signer.h"
#include "trust_checks.h"

namespace certbridge::seal_service {

// Reads a signers file (urn:certbridge:signers:1); files in it are relative to its folder:
//   <signers><signer name="nanyang" key="signers/nanyang.p12">
//     <seal id="41130000000001" file="seals/41130000000001.esl"/></signer></signers>
// A key file is PKCS#12 (.p12, .pfx), or PEM with `certificate` naming its PEM certificate. One
// passphrase opens all. Fault "sealer.signers" with file and reason; a signer that its seal does
// not list is refused here already.
Result<std::unique_ptr<Signer>> read_local_signers(const std::string& file,
                                                   std::string_view passphrase,
                                                   CountOperations count);

}  // namespace certbridge::seal_service
