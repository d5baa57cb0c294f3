// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/cli/diagnostics_report.h"

#include <string_view>

#include <nlohmann/json.hpp>

namespace saker::cli {

namespace {

using nlohmann::json;

// Longer lines are not repeated in the JSON: 200 problems may stand in one line of a megabyte.
constexpr std::size_t kMaxLineBytes = 400;

std::string_view name_of(Severity severity) {
  constexpr std::string_view kNames[] = {"note", "warning", "error"};
  return kNames[static_cast<std::size_t>(severity)];
}

json place_of(const SourceMap& sources, SourceSpan span) {
  const SourceLocation at = sources.locate(span);
  return {{"file", at.file}, {"line", at.line}, {"column", at.column}};
}

// The code under which Falco knows the problem; empty when it does not.
std::string_view falco_code(const LoadResult& loaded, const Diagnostic& diagnostic) {
  for (const FileReport& file : loaded.files) {
    for (const LoadProblem& problem : file.problems) {
      if (problem.diagnostic.span == diagnostic.span &&
          problem.diagnostic.code == diagnostic.code) {
        return info_of(problem.code).code;
      }
    }
  }
  return {};
}

json data_of(const LoadResult& loaded, const Diagnostic& diagnostic) {
  const SourceLocation at = loaded.sources.locate(diagnostic.span);
  json notes = json::array();
  for (const DiagnosticNote& note : diagnostic.notes) {
    json data = place_of(loaded.sources, note.span);
    data["message"] = note.message;
    notes.push_back(std::move(data));
  }
  json out = place_of(loaded.sources, diagnostic.span);
  out["length"] = at.length;
  out["text"] = at.line_text.size() <= kMaxLineBytes ? at.line_text : std::string_view();
  out["severity"] = name_of(diagnostic.severity);
  out["code"] = to_text(diagnostic.code);
  out["falco_code"] = falco_code(loaded, diagnostic);
  out["message"] = diagnostic.message;
  out["hint"] = diagnostic.hint;
  out["notes"] = std::move(notes);
  return out;
}

}  // namespace

std::string diagnostics_text(const LoadResult& loaded) {
  std::string out;
  for (const Diagnostic& diagnostic : loaded.diagnostics.all()) {
    out += render_text(diagnostic, loaded.sources);
  }
  if (const std::size_t more = loaded.diagnostics.not_kept_count(); more > 0) {
    out += "and " + std::to_string(more) + " more problems\n";
  }
  return out;
}

std::string diagnostics_json(const LoadResult& loaded) {
  json problems = json::array();
  for (const Diagnostic& diagnostic : loaded.diagnostics.all()) {
    problems.push_back(data_of(loaded, diagnostic));
  }
  const json out = {{"problems", std::move(problems)},
                    {"not_shown", loaded.diagnostics.not_kept_count()}};
  return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace saker::cli
