// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// An authority with a server's and a client's certificate, made by the openssl command.
#pragma once

#include <cstdlib>
#include <string>

#include "tests/support/temp_dir.h"

namespace saker::testing {

class Certificates {
public:
  // The server's names are "localhost" and 127.0.0.1.
  Certificates() {
    is_made_ = run("req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=saker-test-ca -keyout " +
                   path("ca.key") + " -out " + path("ca.crt")) &&
               make("server", "subjectAltName=DNS:localhost,IP:127.0.0.1") &&
               make("client", "extendedKeyUsage=clientAuth");
  }

  // False: there is no usable openssl command.
  [[nodiscard]] bool is_made() const { return is_made_; }
  // "ca", "server" or "client" with ".crt" or ".key".
  [[nodiscard]] std::string path(const std::string& name) const { return dir_.file(name); }

private:
  bool make(const std::string& name, const std::string& extension) {
    const std::string extension_file = path(name + ".ext");
    return run("req -newkey rsa:2048 -nodes -subj /CN=" + name + " -keyout " + path(name + ".key") +
               " -out " + path(name + ".csr")) &&
           std::system(("echo " + extension + " > " + extension_file).c_str()) == 0 &&
           run("x509 -req -days 2 -in " + path(name + ".csr") + " -CA " + path("ca.crt") +
               " -CAkey " + path("ca.key") + " -CAcreateserial -extfile " + extension_file +
               " -out " + path(name + ".crt"));
  }
  static bool run(const std::string& arguments) {
    return std::system(("openssl " + arguments + " >/dev/null 2>&1").c_str()) == 0;
  }

  TempDir dir_;
  bool is_made_ = false;
};

}  // namespace saker::testing
