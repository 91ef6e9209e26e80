#include "certbridge/identifiers.h"

namespace certbridge {
namespace {

int value_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'Z') return c - 'A' + 10;
  return -1;
}

}  // namespace

// Hybrid system of ISO 7064 (GB/T 17710): the modulus M is 36, the running product is kept mod 37.
char iso7064_mod37_36(std::string_view body) {
  int product = 36;
  for (const char c : body) {
    const int value = value_of(c);
    if (value < 0) return '\0';
    int sum = (product + value) % 36;
    if (sum == 0) sum = 36;
    product = sum * 2 % 37;
  }
  if (body.empty()) return '\0';
  return "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[(37 - product) % 36];
}

}  // namespace certbridge
