// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// http_output and kafka_output: from the configuration to sinks.
#pragma once

#include <string>
#include <string_view>

#include "compat/config/config.h"
#include "outputs/make_sinks.h"

namespace saker::app {

// Where the spool of output `name` ("http", "kafka") is: a path that is a folder, or ends with "/",
// gets a file NAME.db; without a path it is in the default folder.
[[nodiscard]] std::string spool_path(const config::SpoolSettings& settings, std::string_view name);

[[nodiscard]] HttpOptions http_options(const config::HttpOutput& output);
[[nodiscard]] KafkaOptions kafka_options(const config::KafkaOutput& output);
// Without a spool when it is switched off.
[[nodiscard]] DurabilityOptions durability_options(const config::SpoolSettings& settings,
                                                   std::string_view name);

}  // namespace saker::app
