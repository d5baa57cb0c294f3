// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Includes OpenSSL, like web_server.cc.
#include <array>
#include <filesystem>
#include <fstream>

#include <openssl/evp.h>

#include "compat/metrics/host_facts.h"
#include "engine/base/read_all.h"

namespace saker::metrics {

std::string sha256_hex(const std::string& text) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned int size = 0;
  if (EVP_Digest(text.data(), text.size(), bytes.data(), &size, EVP_sha256(), nullptr) != 1) {
    return {};
  }
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) {
    hex += kDigits[bytes[i] >> 4U];
    hex += kDigits[bytes[i] & 15U];
  }
  return hex;
}

std::vector<FileDigest> file_digests(const std::vector<std::string>& paths) {
  std::vector<FileDigest> digests;
  for (const std::string& path : paths) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
      continue;
    }
    const std::string text = read_all(file);
    if (file.bad()) {
      continue;
    }
    digests.push_back({std::filesystem::path(path).filename().string(), sha256_hex(text)});
  }
  return digests;
}

}  // namespace saker::metrics
