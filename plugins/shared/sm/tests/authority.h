// A small test authority: a root, and leaves issued by it.
#pragma once

#include <gtest/gtest.h>

#include <chrono>

#include "certbridge_sm/issue.h"

namespace certbridge::sm {

inline Timestamp at_year(int year) {
  return Timestamp(std::chrono::sys_days(std::chrono::year(year) / 1 / 1));
}

struct Leaf {
  PrivateKey key;
  X509Certificate certificate;
};

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().code + ": " + result.error().message);
  return std::move(result).value();
}

inline CertificateRequest request_for(const std::string& name, std::uint64_t serial) {
  return {.common_name = name,
          .organisation = "测试机构",
          .serial = serial,
          .validity = {at_year(2025), at_year(2035)}};
}

// Self-signed.
inline Leaf make_root(const std::string& name) {
  CertificateRequest request = request_for(name, 1);
  request.authority = true;
  PrivateKey key = must(PrivateKey::generate());
  X509Certificate certificate = must(issue_certificate(request, key.public_key(), key, nullptr));
  return {std::move(key), std::move(certificate)};
}

inline Leaf make_leaf(const CertificateRequest& request, const Leaf& issuer) {
  PrivateKey key = must(PrivateKey::generate());
  X509Certificate certificate =
      must(issue_certificate(request, key.public_key(), issuer.key, &issuer.certificate));
  return {std::move(key), std::move(certificate)};
}

}  // namespace certbridge::sm
