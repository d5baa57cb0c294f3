// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// An Apache Kafka broker of a test's own (scripts/kafka_broker.sh), with a folder of its own.
#pragma once

#include <string>

#include "tests/support/free_port.h"
#include "tests/support/script.h"
#include "tests/support/temp_dir.h"

namespace saker::testing {

class KafkaBrokerProcess {
public:
  static constexpr const char* kMissing =
      "no Apache Kafka broker here (needs Java, and Maven with a registry)";

  // `certificates`: folder for listeners with TLS and SASL too; empty: none.
  explicit KafkaBrokerProcess(std::string certificates = "")
      : certificates_(std::move(certificates)), port_(free_port(4)), status_(start()) {}
  ~KafkaBrokerProcess() { kill(); }
  KafkaBrokerProcess(const KafkaBrokerProcess&) = delete;
  KafkaBrokerProcess& operator=(const KafkaBrokerProcess&) = delete;

  [[nodiscard]] bool is_missing() const { return status_ == kScriptSkipped; }
  [[nodiscard]] bool is_running() const { return status_ == 0; }

  // Kills it and starts it with the same data.
  [[nodiscard]] bool restart() {
    kill();
    status_ = start();
    return is_running();
  }

  // Without TLS; with TLS and a client's certificate; with TLS and SASL.
  [[nodiscard]] std::string address() const { return address_of(port_); }
  [[nodiscard]] std::string tls_address() const { return address_of(port_ + 2); }
  [[nodiscard]] std::string sasl_address() const { return address_of(port_ + 3); }

private:
  static constexpr const char* kScript = "kafka_broker.sh";

  static std::string address_of(int port) { return "127.0.0.1:" + std::to_string(port); }
  int start() {
    return run_script(
        kScript, "start " + dir_.file("kafka") + " " + std::to_string(port_) + " " + certificates_);
  }
  void kill() { static_cast<void>(run_script(kScript, "kill " + dir_.file("kafka"))); }

  TempDir dir_;
  std::string certificates_;
  int port_;
  int status_;
};

}  // namespace saker::testing
