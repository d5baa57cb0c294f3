// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/solve/text_witness.h"

#include <algorithm>

namespace saker::kit {

namespace {

// A text that a pattern with * and ? fits.
std::string from_glob(std::string_view pattern) {
  std::string text;
  for (const char c : pattern) {
    if (c == '?') {
      text += 'x';
    } else if (c != '*') {
      text += c;
    }
  }
  return text;
}

void keep_longest(std::string& best, const std::string& text) {
  if (text.size() > best.size()) {
    best = text;
  }
}

}  // namespace

std::vector<std::string> guess_texts(const std::vector<const Predicate*>& wanted) {
  std::string prefix;
  std::string suffix;
  std::string middle;
  std::vector<std::string> guesses;
  for (const Predicate* predicate : wanted) {
    for (const std::string& text : predicate->constants.texts) {
      switch (predicate->op) {
        case CompareOp::kStartswith:
          keep_longest(prefix, text);
          break;
        case CompareOp::kEndswith:
          keep_longest(suffix, text);
          break;
        case CompareOp::kContains:
        case CompareOp::kIcontains:
          middle += text;
          break;
        case CompareOp::kGlob:
        case CompareOp::kIglob:
        case CompareOp::kPmatch:
          guesses.push_back(from_glob(text));
          guesses.push_back(from_glob(text) + "/x");
          break;
        default:
          guesses.push_back(text);
      }
    }
  }
  if (prefix.empty() && middle.empty() && suffix.empty()) {
    guesses.insert(guesses.begin(), "something");
  }
  guesses.insert(guesses.begin() + (guesses.empty() ? 0 : 1),
                 {prefix + middle + suffix, prefix + "x" + middle + "x" + suffix,
                  prefix + "some/" + middle + "x" + suffix, "something"});
  return guesses;
}

}  // namespace saker::kit
