// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "outputs/http/http_options.h"

#include <errno.h>
#include <unistd.h>

namespace saker {

namespace {

Status check_readable(const std::string& key, const std::string& path) {
  if (::access(path.c_str(), R_OK) != 0) {
    const int reason = errno;
    return fail_errno("http_output." + key + ": cannot read " + path, reason);
  }
  return {};
}

// A line break would start a header of its own.
bool has_line_break(const std::string& text) {
  return text.find_first_of("\r\n") != std::string::npos;
}

}  // namespace

Status check(const HttpOptions& options) {
  const bool is_tls = options.url.starts_with("https://");
  if (!is_tls && !options.url.starts_with("http://")) {
    return fail(ErrorCode::kInvalidArgument,
                options.url.empty()
                    ? "http_output.url is missing"
                    : "http_output.url must begin with http:// or https://: " + options.url);
  }
  if (has_line_break(options.user_agent)) {
    return fail(ErrorCode::kInvalidArgument, "http_output.user_agent has a line break");
  }
  for (const RecordHeader& header : options.headers) {
    if (header.name.empty() || has_line_break(header.name) || has_line_break(header.value)) {
      return fail(ErrorCode::kInvalidArgument,
                  "http_output.headers: bad header '" + header.name + "'");
    }
  }
  if (is_tls && !options.insecure) {
    if (!options.ca_cert.empty()) {
      SAKER_RETURN_IF_ERROR(check_readable("ca_cert", options.ca_cert));
    } else if (!options.ca_bundle.empty()) {
      SAKER_RETURN_IF_ERROR(check_readable("ca_bundle", options.ca_bundle));
    } else if (!options.ca_path.empty()) {
      SAKER_RETURN_IF_ERROR(check_readable("ca_path", options.ca_path));
    }
  }
  if (is_tls && options.mtls) {
    SAKER_RETURN_IF_ERROR(check_readable("client_cert", options.client_cert));
    SAKER_RETURN_IF_ERROR(check_readable("client_key", options.client_key));
  }
  return {};
}

}  // namespace saker
