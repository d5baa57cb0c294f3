// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "outputs/spool/record.h"

namespace saker {

// http_output.*: Falco's keys first. Source: falco-compat.md 4.3.
struct HttpOptions {
  std::string url;
  std::string user_agent = "falcosecurity/falco";
  bool insecure = false;  // does not check the server's certificate
  // Exactly one place of trusted authorities is used: the first that is not empty.
  std::string ca_cert;    // file
  std::string ca_bundle;  // file
  std::string ca_path = "/etc/ssl/certs";
  bool mtls = false;
  std::string client_cert = "/etc/ssl/certs/client.crt";
  std::string client_key = "/etc/ssl/certs/client.key";
  bool echo = false;  // answers to standard output
  // As in Falco: asks for compressed answers (TE: gzip). It does not compress what is sent.
  bool compress_uploads = false;
  bool keep_alive = false;  // TCP keepalive probes
  // Repetitions after a time-out before an alert is lost. Only without a spool; with one, alerts
  // wait.
  std::uint64_t max_consecutive_timeouts = 5;

  // Saker's own.
  bool gzip_body = false;                   // Content-Encoding: gzip
  std::chrono::milliseconds timeout{5000};  // of one request, connecting included
  std::vector<RecordHeader> headers;        // added to each request, for example Authorization
};

// Fails with kInvalidArgument and the key's name when the options cannot work: no or a wrong URL, a
// certificate file that cannot be read.
[[nodiscard]] Status check(const HttpOptions& options);

}  // namespace saker
