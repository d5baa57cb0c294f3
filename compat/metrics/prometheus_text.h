// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The text format of Prometheus, version 0.0.4. A family's HELP and TYPE stand once, before its
// first sample; samples of one family are written one after the other.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace saker::metrics {

inline constexpr std::string_view kPrometheusContentType = "text/plain; version=0.0.4";

using Labels = std::map<std::string, std::string>;  // sorted by key, as Falco writes them

// Every character that a name must not have becomes `_`, and runs of `_` become one.
[[nodiscard]] std::string prometheus_name(std::string_view text);

class PrometheusText {
public:
  struct Family {
    std::string_view name;  // valid already
    bool is_counter = false;
    std::string_view help;
  };

  void add(const Family& family, const Labels& labels, std::uint64_t value);
  void add(const Family& family, const Labels& labels, double value);  // six decimals

  [[nodiscard]] const std::string& text() const { return text_; }

private:
  void add_text(const Family& family, const Labels& labels, std::string_view value);

  std::string text_;
  std::string last_family_;
};

}  // namespace saker::metrics
