// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// A greedy cover: for every set of one to three fields, the rows (values together) that occur in
// the noise and in no alert to be kept. The set that silences all with the fewest rows wins; among
// equals the one with more fields, because it silences less that was never seen. What is left is
// covered by a second exception with other fields, and so on.
#include "kit/suggest/suggest.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "kit/base/text.h"

namespace saker::kit {

namespace {

// Fields that say who did what to what, from the most to the least telling.
constexpr std::array<std::string_view, 14> kGoodFields = {
    "proc.exepath", "proc.pexepath", "container.image.repository",
    "fd.name",      "proc.name",     "proc.pname",
    "user.name",    "evt.arg.path",  "evt.arg.filename",
    "fd.sip",       "fd.sport",      "k8s.ns.name",
    "proc.cmdline", "container.name"};
constexpr std::size_t kMaxFields = 3;
constexpr std::size_t kMaxExceptions = 4;

using Row = std::vector<std::string>;
using FieldSet = std::vector<std::string>;

// The values of the fields; empty when one is missing.
Row row_of(const PastAlert& alert, const FieldSet& fields) {
  Row row;
  for (const std::string& field : fields) {
    const auto value = alert.fields.find(field);
    if (value == alert.fields.end() || value->second.empty() || value->second == "<NA>") {
      return {};
    }
    row.push_back(value->second);
  }
  return row;
}

struct Candidate {
  FieldSet fields;
  std::map<Row, std::size_t> rows;  // and how many alerts each silences
  std::size_t silenced = 0;
};

Candidate make_candidate(const FieldSet& fields, const std::vector<const PastAlert*>& noise,
                         const std::vector<PastAlert>& keep, std::size_t max_rows) {
  std::set<Row> forbidden;
  for (const PastAlert& alert : keep) {
    forbidden.insert(row_of(alert, fields));
  }
  Candidate candidate{fields, {}, 0};
  for (const PastAlert* alert : noise) {
    const Row row = row_of(*alert, fields);
    if (!row.empty() && forbidden.count(row) == 0) {
      ++candidate.rows[row];
    }
  }
  while (candidate.rows.size() > max_rows) {
    candidate.rows.erase(
        std::ranges::min_element(candidate.rows, {}, [](const auto& one) { return one.second; }));
  }
  for (const auto& [row, count] : candidate.rows) {
    candidate.silenced += count;
  }
  return candidate;
}

bool is_better(const Candidate& a, const Candidate& b) {
  if (a.silenced != b.silenced) {
    return a.silenced > b.silenced;
  }
  if (a.rows.size() != b.rows.size()) {
    return a.rows.size() < b.rows.size();
  }
  return a.fields.size() > b.fields.size();
}

std::vector<FieldSet> field_sets(const std::vector<std::string>& fields) {
  std::vector<FieldSet> sets = {{}};
  for (const std::string& field : fields) {
    const std::size_t count = sets.size();
    for (std::size_t i = 0; i < count; ++i) {
      if (sets[i].size() < kMaxFields) {
        FieldSet more = sets[i];
        more.push_back(field);
        sets.push_back(std::move(more));
      }
    }
  }
  std::erase(sets, FieldSet{});
  return sets;
}

std::vector<std::string> usable_fields(const SuggestRequest& request) {
  if (!request.wanted_fields.empty()) {
    return request.wanted_fields;
  }
  std::vector<std::string> fields;
  for (const std::string_view field : kGoodFields) {
    const bool is_there = std::ranges::any_of(request.noise, [&](const PastAlert& alert) {
      return alert.fields.find(std::string(field)) != alert.fields.end();
    });
    if (is_there) {
      fields.emplace_back(field);
    }
  }
  return fields;
}

// In double quotes, so that YAML takes every value for a text.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else {
      out += c;
    }
  }
  return out + "\"";
}

// The value as a condition can hold it. The loader puts quotes around values with a blank, without
// escaping anything; what needs more brings its own.
std::string as_constant(const std::string& value) {
  const bool has_blank = value.find_first_of(" \t\n\r") != std::string::npos;
  const char* special = has_blank ? "\"\\" : "\"'\\(),=";
  if (value.find_first_of(special) == std::string::npos) {
    return value;
  }
  std::string out = "\"";
  for (const char c : value) {
    if (c == '\\') {
      out += "\\x5c";  // a string cannot end with an escaped backslash: falco-compat.md 1.2
    } else {
      out += c == '"' ? "\\\"" : std::string(1, c);
    }
  }
  return out + "\"";
}

}  // namespace

Suggestion suggest_exceptions(const SuggestRequest& request) {
  Suggestion suggestion;
  suggestion.noise_count = request.noise.size();
  std::vector<const PastAlert*> left;
  for (const PastAlert& alert : request.noise) {
    left.push_back(&alert);
  }
  const std::vector<FieldSet> sets = field_sets(usable_fields(request));
  while (!left.empty() && suggestion.exceptions.size() < kMaxExceptions) {
    Candidate best;
    for (const FieldSet& fields : sets) {
      Candidate candidate = make_candidate(fields, left, request.keep, request.max_rows);
      if (candidate.silenced > 0 && is_better(candidate, best)) {
        best = std::move(candidate);
      }
    }
    if (best.silenced == 0) {
      break;
    }
    SuggestedException& exception = suggestion.exceptions.emplace_back();
    exception.fields = best.fields;
    exception.silenced = best.silenced;
    for (const auto& [row, count] : best.rows) {
      exception.values.push_back(row);
    }
    suggestion.silenced_count += best.silenced;
    std::erase_if(left, [&](const PastAlert* alert) {
      return best.rows.find(row_of(*alert, best.fields)) != best.rows.end();
    });
  }
  return suggestion;
}

std::string exceptions_yaml(const std::string& rule, const Suggestion& suggestion) {
  std::string out = "- rule: " + quoted(rule) + "\n  exceptions:\n";
  for (std::size_t i = 0; i < suggestion.exceptions.size(); ++i) {
    const SuggestedException& exception = suggestion.exceptions[i];
    std::vector<std::string> operators(exception.fields.size(), "=");
    out += "    - name: suggested_" + std::to_string(i + 1) + "\n      fields: [" +
           join(exception.fields, ", ") + "]\n      comps: [" + join(operators, ", ") +
           "]\n      values:\n";
    for (const Row& row : exception.values) {
      std::vector<std::string> cells;
      for (const std::string& value : row) {
        cells.push_back(quoted(as_constant(value)));
      }
      out += "        - [" + join(cells, ", ") + "]\n";
    }
  }
  return out + "  override:\n    exceptions: append\n";
}

}  // namespace saker::kit
