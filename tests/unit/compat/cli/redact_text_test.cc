// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/cli/redact_text.h"

#include <gtest/gtest.h>

namespace saker::cli {
namespace {

struct Case {
  const char* text;
  const char* expected;
};

TEST(WithoutSecrets, Table) {
  for (const Case& c : {
           Case{"json_output: true\n# comment\n", "json_output: true\n# comment\n"},
           Case{"password: hunter2\n", "password: REDACTED\n"},
           Case{"  sasl.password: \"hun ter2\"  # x\n", "  sasl.password: \"REDACTED\"  # x\n"},
           Case{"kafka_output: {brokers: b, sasl_password: hunter2, topic: t}",
                "kafka_output: {brokers: b, sasl_password: REDACTED, topic: t}"},
           Case{"password_file: /run/secrets/kafka\n", "password_file: /run/secrets/kafka\n"},
           Case{"client_key: /etc/ssl/client.key\n", "client_key: /etc/ssl/client.key\n"},
           Case{"url: https://user:hunter2@host/path?x=1\n",
                "url: https://REDACTED@host/path?x=1\n"},
           Case{"url: https://host/a@b\n", "url: https://host/a@b\n"},
           Case{"http_output:\n  headers:\n    Authorization: Bearer hunter2\n    X-Me: hunter2\n"
                "  url: u\n",
                "http_output:\n  headers:\n    REDACTED\n    REDACTED\n  url: u\n"},
           Case{"headers: {X-Me: hunter2, Y: hunter2}\nurl: u", "headers: REDACTED\nurl: u"},
           Case{"token: |\n  hunter2\n  hunter2\nnext: 1\n",
                "token: |\n  REDACTED\n  REDACTED\nnext: 1\n"},
           Case{"a: |\n  -----BEGIN RSA PRIVATE KEY-----\n  hunter2\n  -----END RSA PRIVATE "
                "KEY-----\nb: 1\n",
                "a: |\nREDACTED\nREDACTED\nREDACTED\nb: 1\n"},
           Case{"saker -o http_output.headers.Authorization=hunter2",
                "saker -o http_output.headers.Authorization=REDACTED"},
           Case{"falco -o kafka_output.sasl_password=hunter2",
                "falco -o kafka_output.sasl_password=REDACTED"},
           Case{"rules_files:\n  - /etc/a.yaml\n", "rules_files:\n  - /etc/a.yaml\n"},
           Case{"PASSWORD = 'hunter2'", "PASSWORD = 'REDACTED'"},
           Case{"password: hun,hunter2\n", "password: REDACTED\n"},
           Case{"password: \"a\\\"hunter2\" # x\n", "password: \"REDACTED\" # x\n"},
           Case{"password: 'a''hunter2'\n", "password: 'REDACTED'\n"},
           Case{"password: \"a\n  hunter2\"\nnext: 1\n",
                "password: \"REDACTED\n  REDACTED\nnext: 1\n"},
           Case{"headers: {\n  X-Me: hunter2\n}\nnext: 1\n",
                "headers: REDACTED\n  REDACTED\n}\nnext: 1\n"},
           Case{"redact:\n  patterns:\n  - hunter2\n  - a\n  enabled: true\n",
                "redact:\n  patterns:\n  REDACTED\n  REDACTED\n  enabled: true\n"},
           Case{"redact: {patterns: [hunter2, b], enabled: true}\n",
                "redact: {patterns: REDACTED\n"},
           Case{"saker -o http_output.redact.patterns[]=hunter2",
                "saker -o http_output.redact.patterns[]=REDACTED"},
           Case{"", ""},
       }) {
    EXPECT_EQ(without_secrets(c.text), c.expected);
    EXPECT_EQ(without_secrets(c.text).find("hunter2"), std::string::npos) << c.text;
  }
}

}  // namespace
}  // namespace saker::cli
