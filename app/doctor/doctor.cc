// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/doctor/doctor.h"

#include <cstdio>
#include <vector>

#include "app/doctor/setup_checks.h"
#include "app/doctor/system_checks.h"

namespace saker::app {

namespace {

struct Request {
  bool as_json = false;
  bool sends = false;
  std::string metrics_url;
  std::vector<std::string> flags;  // Falco's
};

Result<Request> read_words(std::span<const std::string> words) {
  Request request;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--json") {
      request.as_json = true;
    } else if (words[i] == "--send-test-alerts") {
      request.sends = true;
    } else if (words[i] == "--metrics") {
      if (++i == words.size()) {
        return fail(ErrorCode::kInvalidArgument, "--metrics needs an address");
      }
      request.metrics_url = words[i];
    } else {
      request.flags.push_back(words[i]);
    }
  }
  return request;
}

int refuse(const std::string& message) {
  std::fprintf(stderr, "Error: %s\n", message.c_str());
  return 1;
}

void add(std::vector<Finding>& findings, std::vector<Finding> more) {
  for (Finding& finding : more) {
    findings.push_back(std::move(finding));
  }
}

}  // namespace

int run_doctor_command(std::span<const std::string> words) {
  const auto request = read_words(words);
  if (!request) {
    return refuse(request.error().message);
  }
  const auto flags = cli::parse_flags(request->flags);
  if (!flags) {
    return refuse(flags.error().message);
  }
  std::vector<Finding> findings;
  add(findings, check_kernel());
  add(findings, check_privileges());
  add(findings, check_limits());
  add(findings, check_runtimes());
  add(findings, check_clock());
  if (const auto config = check_config(*flags, findings)) {
    check_rules(*flags, *config, findings);
    check_outputs(*config, request->sends, findings);
    check_instance(*config, request->metrics_url, findings);
  }
  const std::string text = request->as_json ? findings_json(findings) : findings_text(findings);
  std::fwrite(text.data(), 1, text.size(), stdout);
  return worst_of(findings) == Health::kFailure ? 1 : 0;
}

}  // namespace saker::app
