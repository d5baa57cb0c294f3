// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/doctor/finding.h"

#include <algorithm>
#include <array>

#include "engine/alert/json_text.h"

namespace saker::app {

namespace {

constexpr std::array<std::string_view, 4> kNames = {"ok", "note", "warning", "failure"};

}  // namespace

std::string_view to_text(Health health) {
  return kNames[static_cast<std::size_t>(health)];
}

Health worst_of(const std::vector<Finding>& findings) {
  Health worst = Health::kFine;
  for (const Finding& finding : findings) {
    worst = std::max(worst, finding.health);
  }
  return worst;
}

std::string findings_text(const std::vector<Finding>& findings) {
  constexpr std::size_t kCheckColumn = 9;
  constexpr std::size_t kMessageColumn = 34;
  std::string out;
  std::array<std::size_t, kNames.size()> counts{};
  for (const Finding& finding : findings) {
    ++counts[static_cast<std::size_t>(finding.health)];
    std::string line(to_text(finding.health));
    line.resize(std::max(line.size() + 1, kCheckColumn), ' ');
    line += finding.check;
    line.resize(std::max(line.size() + 1, kMessageColumn), ' ');
    out += line + finding.message + '\n';
    if (!finding.knob.empty()) {
      out += std::string(kMessageColumn, ' ') + "-> " + finding.knob + '\n';
    }
  }
  for (std::size_t i = kNames.size(); i-- > 0;) {
    out += std::to_string(counts[i]) + ' ' + std::string(kNames[i]) + (i == 0 ? "\n" : ", ");
  }
  return out;
}

std::string findings_json(const std::vector<Finding>& findings) {
  std::string out =
      "{\"status\":\"" + std::string(to_text(worst_of(findings))) + "\",\"findings\":[";
  for (const Finding& finding : findings) {
    out += out.ends_with('[') ? "{" : ",{";
    const std::pair<std::string_view, std::string_view> members[] = {
        {"check", finding.check},
        {"status", to_text(finding.health)},
        {"message", finding.message},
        {"knob", finding.knob}};
    for (const auto& [key, value] : members) {
      out += out.ends_with('{') ? "\"" : ",\"";
      out += key;
      out += "\":";
      append_json_string(out, value);
    }
    out += '}';
  }
  return out + "]}\n";
}

}  // namespace saker::app
