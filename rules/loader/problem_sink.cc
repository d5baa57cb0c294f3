// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "rules/loader/problem_sink.h"

#include <algorithm>
#include <utility>

namespace saker {

namespace {

// A condition's name in a location: its beginning on one line, in double quotes.
std::string expression_name(std::string_view text) {
  constexpr std::size_t kLongest = 20;
  constexpr std::string_view kCut = "...";
  std::string name(text.size() > kLongest ? text.substr(0, kLongest - kCut.size()) : text);
  std::replace(name.begin(), name.end(), '\n', ' ');
  std::replace(name.begin(), name.end(), '\r', ' ');
  if (text.size() > kLongest) {
    name += kCut;
  }
  return '"' + name + '"';
}

std::vector<ItemLocation> locations_of(const ItemContext* context, const SourceMap& sources) {
  std::vector<ItemLocation> locations;
  for (const ItemContext* step = context; step != nullptr; step = step->parent) {
    locations.push_back(
        ItemLocation{step->kind, step->name, std::string(sources.name(step->file)), step->mark});
  }
  std::reverse(locations.begin(), locations.end());
  return locations;
}

// The word that begins at the context's place.
SourceSpan word_at(const ItemContext& context, const SourceMap& sources) {
  const std::string_view text = sources.text(context.file);
  const std::size_t begin = std::min<std::size_t>(context.mark.offset, text.size());
  const std::size_t end = std::min(text.find_first_of(" \t\r\n,:]}", begin), text.size());
  return SourceSpan{context.file, static_cast<std::uint32_t>(begin),
                    static_cast<std::uint32_t>(std::max(end, begin + 1))};
}

std::string own_wording(std::string message) {
  if (!message.empty() && message.back() == '.') {
    message.pop_back();
  }
  const bool is_word = message.size() > 1 && message[0] >= 'A' && message[0] <= 'Z' &&
                       message[1] >= 'a' && message[1] <= 'z';
  if (is_word) {
    message[0] = static_cast<char>(message[0] - 'A' + 'a');
  }
  return message;
}

}  // namespace

void ProblemSink::report(Mistake mistake) {
  const Severity severity = info_of(mistake.code).severity;
  has_errors_ |= severity == Severity::kError;
  ++count_;
  const std::size_t limit = severity == Severity::kError ? 2 * kMaxPerFile : kMaxPerFile;
  if (problems_.size() >= limit) {
    return;
  }
  LoadProblem problem;
  problem.code = mistake.code;
  problem.message = mistake.message;
  problem.deprecated_field = std::move(mistake.deprecated_field);
  problem.locations = locations_of(mistake.context, sources_);
  if (mistake.expression) {
    const YamlMark outer = problem.locations.back().position;
    const YamlMark inner = mistake.expression->position;
    problem.locations.push_back(
        ItemLocation{ItemKind::kConditionExpression, "", expression_name(mistake.expression->text),
                     YamlMark{outer.line + inner.line, outer.column + inner.column,
                              outer.offset + inner.offset}});
  }
  const std::string_view content =
      mistake.expression ? mistake.expression->text : sources_.text(mistake.context->file);
  problem.snippet = falco_snippet(content, problem.locations.back().position.offset);
  problem.diagnostic.severity = severity;
  problem.diagnostic.code = mistake.diagnostic;
  problem.diagnostic.span = mistake.span ? *mistake.span : word_at(*mistake.context, sources_);
  problem.diagnostic.message =
      own_wording(mistake.own_message.empty() ? mistake.message : std::move(mistake.own_message));
  problem.diagnostic.notes = std::move(mistake.notes);
  problem.diagnostic.hint = std::move(mistake.hint);
  problems_.push_back(std::move(problem));
}

std::vector<LoadProblem> ProblemSink::take() {
  has_errors_ = false;
  count_ = 0;
  return std::exchange(problems_, {});
}

}  // namespace saker
