// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What a configuration decides about the form of alerts. Source: falco-compat.md 3.1, 3.2.
#pragma once

#include <cstdint>
#include <string>

namespace saker {

enum class AlertFormat : std::uint8_t {
  kFalco,   // Falco's text or JSON, by as_json
  kNested,  // the others: render_formats.h
  kEcs,
  kOcsf,
};

struct RenderOptions {
  AlertFormat format = AlertFormat::kFalco;
  bool as_json = false;
  bool include_output = true;         // json_include_output_property
  bool include_message = false;       // json_include_message_property
  bool include_output_fields = true;  // json_include_output_fields_property
  bool include_tags = true;           // json_include_tags_property
  bool iso_time = false;              // time_format_iso_8601
  bool buffer_as_base64 = false;      // buffer_format_base64
  std::string hostname;               // FALCO_HOSTNAME, else the machine's host name
};

}  // namespace saker
