// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/cli/validation.h"

#include <algorithm>
#include <span>
#include <string_view>

#include <nlohmann/json.hpp>

#include "compat/cli/describe.h"
#include "compat/cli/diagnostics_report.h"

namespace saker::cli {

namespace {

using nlohmann::json;

constexpr std::string_view kRule = "------\n";

bool is_error(const LoadProblem& problem) {
  return info_of(problem.code).severity == Severity::kError;
}

// Falco stops at the first error of a file.
std::span<const LoadProblem> seen_by_falco(const FileReport& file) {
  const auto first = std::find_if(file.problems.begin(), file.problems.end(), is_error);
  const auto end = first == file.problems.end() ? first : first + 1;
  return {file.problems.data(), static_cast<std::size_t>(end - file.problems.begin())};
}

bool has_warnings(const FileReport& file) {
  const auto seen = seen_by_falco(file);
  return std::any_of(seen.begin(), seen.end(),
                     [](const LoadProblem& problem) { return !is_error(problem); });
}

// "In rules content: (file:0:0)" and one indented line for each further step.
std::string text_of_locations(const LoadProblem& problem) {
  std::string out;
  for (const ItemLocation& location : problem.locations) {
    out += out.empty() ? "In " : "    ";
    out += to_text(location.kind);
    if (!location.name.empty()) {
      out += " '" + location.name + "'";
    }
    out += ": (" + location.place + ":" + std::to_string(location.position.line) + ":" +
           std::to_string(location.position.column) + ")\n";
  }
  return out;
}

std::string text_of_problems(std::span<const LoadProblem> problems, bool errors) {
  std::string out;
  std::size_t count = 0;
  for (const LoadProblem& problem : problems) {
    if (is_error(problem) != errors) {
      continue;
    }
    ++count;
    const LoadCodeInfo& info = info_of(problem.code);
    out += text_of_locations(problem);
    out += kRule;
    out += problem.snippet;
    out += kRule;
    out += std::string(info.code) + " (" + std::string(info.short_text);
    if (!problem.deprecated_field.empty()) {
      out += ": field '" + problem.deprecated_field + "'";
    }
    out += "): " + problem.message + "\n";
  }
  if (count == 0) {
    return {};
  }
  return "\n" + std::to_string(count) + (errors ? " Errors:\n" : " Warnings:\n") + out;
}

std::string verbose_text(const FileReport& file) {
  std::string out = file.name + (file.is_valid ? ": Ok" : ": Invalid");
  if (!file.schema_warnings.empty()) {
    out += "\n" + std::to_string(file.schema_warnings.size()) + " Schema warnings:\n";
    for (const std::string& warning : file.schema_warnings) {
      out += kRule;
      out += warning + "\n";
    }
    out += kRule;
  }
  const auto seen = seen_by_falco(file);
  return out + text_of_problems(seen, true) + text_of_problems(seen, false);
}

json data_of(const LoadProblem& problem) {
  json locations = json::array();
  for (const ItemLocation& location : problem.locations) {
    locations.push_back({{"item_type", to_text(location.kind)},
                         {"item_name", location.name},
                         {"position",
                          {{"name", location.place},
                           {"line", location.position.line},
                           {"column", location.position.column},
                           {"offset", location.position.offset}}}});
  }
  const LoadCodeInfo& info = info_of(problem.code);
  json out = {{"code", info.code},
              {"codedesc", is_error(problem) ? info.short_text : info.long_text},
              {"message", problem.message},
              {"context", {{"locations", std::move(locations)}, {"snippet", problem.snippet}}}};
  if (!problem.deprecated_field.empty()) {
    out["deprecated_field"] = problem.deprecated_field;
  }
  return out;
}

json data_of(const FileReport& file) {
  json out = {{"name", file.name},
              {"successful", file.is_valid},
              {"errors", json::array()},
              {"warnings", json::array()}};
  for (const LoadProblem& problem : seen_by_falco(file)) {
    out[is_error(problem) ? "errors" : "warnings"].push_back(data_of(problem));
  }
  if (file.has_schema_check) {
    out["schema_valid"] = file.schema_warnings.empty();
    out["schema_warnings"] = file.schema_warnings;
  }
  return out;
}

std::string json_output(const LoadResult& loaded, const RulesDescription* description) {
  json results = json::array();
  for (const FileReport& file : loaded.files) {
    results.push_back(data_of(file));
  }
  json out = {{"falco_load_results", std::move(results)}};
  if (description != nullptr) {
    out["falco_describe_results"] = json::parse(*describe_json(*description));
  }
  if (!loaded.diagnostics.all().empty()) {
    out["saker_diagnostics"] = json::parse(diagnostics_json(loaded));
  }
  return out.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace

ValidationReport report_validation(const LoadResult& loaded, ValidationFormat format,
                                   const RulesDescription* description) {
  ValidationReport report;
  if (format == ValidationFormat::kText) {
    report.diagnostics = diagnostics_text(loaded);
  }
  if (loaded.fatal.kind != FatalProblem::Kind::kNone) {
    report.is_valid = false;
    report.is_runtime_error = loaded.fatal.kind == FatalProblem::Kind::kRuntime;
    report.error = report.is_runtime_error ? "Runtime error: " + loaded.fatal.message + ". Exiting."
                                           : loaded.fatal.message;
    return report;
  }
  std::string summary;
  for (const FileReport& file : loaded.files) {
    report.is_valid = report.is_valid && file.is_valid;
    summary += summary.empty() ? "" : "\n";
    if (file.is_valid && has_warnings(file)) {
      summary += file.name + ": Ok, with warnings";
      report.warnings.push_back(verbose_text(file));
    } else {
      summary += verbose_text(file);
    }
  }
  report.error = report.is_valid ? "" : summary;
  if (format == ValidationFormat::kJson) {
    report.output = json_output(loaded, description);
    return report;
  }
  report.output = summary + "\n";
  if (description != nullptr) {
    report.output += *describe_text(*description);
  }
  return report;
}

}  // namespace saker::cli
