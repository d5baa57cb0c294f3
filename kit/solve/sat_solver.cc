// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The usual scheme: decide, propagate over clauses that have one open literal left, and on a
// contradiction walk back to the decision that caused it (first unique implication point), keep
// the clause that says so, and jump back.
#include "kit/solve/sat_solver.h"

#include <algorithm>
#include <utility>

namespace saker::kit {

SatLiteral SatSolver::add_variable() {
  const auto variable = static_cast<std::uint32_t>(values_.size());
  values_.push_back(Truth::kOpen);
  levels_.push_back(0);
  reasons_.push_back(kNoReason);
  seen_.push_back(false);
  watches_.resize(watches_.size() + 2);
  return SatLiteral{variable * 2};
}

SatSolver::Truth SatSolver::truth(SatLiteral literal) const {
  const Truth value = values_[literal.variable()];
  if (value == Truth::kOpen || !literal.is_negated()) {
    return value;
  }
  return value == Truth::kTrue ? Truth::kFalse : Truth::kTrue;
}

void SatSolver::add_clause(std::span<const SatLiteral> literals) {
  backtrack(0);
  std::vector<SatLiteral> kept(literals.begin(), literals.end());
  std::ranges::sort(kept);
  kept.erase(std::unique(kept.begin(), kept.end()), kept.end());
  for (std::size_t i = 0; i + 1 < kept.size(); ++i) {
    if (kept[i + 1] == ~kept[i]) {
      return;  // always true
    }
  }
  if (std::ranges::any_of(kept, [&](SatLiteral l) { return truth(l) == Truth::kTrue; })) {
    return;
  }
  std::erase_if(kept, [&](SatLiteral l) { return truth(l) == Truth::kFalse; });
  if (kept.empty()) {
    is_impossible_ = true;
  } else if (kept.size() == 1) {
    assign(kept.front(), kNoReason);
    is_impossible_ = is_impossible_ || propagate() != kNoReason;
  } else {
    attach(std::move(kept));
  }
}

SatSolver::ClauseIndex SatSolver::attach(std::vector<SatLiteral> literals) {
  const auto index = static_cast<ClauseIndex>(clauses_.size());
  watches_[(~literals[0]).code].push_back(index);
  watches_[(~literals[1]).code].push_back(index);
  clauses_.push_back(std::move(literals));
  return index;
}

void SatSolver::assign(SatLiteral literal, ClauseIndex reason) {
  values_[literal.variable()] = literal.is_negated() ? Truth::kFalse : Truth::kTrue;
  levels_[literal.variable()] = level();
  reasons_[literal.variable()] = reason;
  trail_.push_back(literal);
}

SatSolver::ClauseIndex SatSolver::propagate() {
  while (next_propagation_ < trail_.size()) {
    const SatLiteral now_true = trail_[next_propagation_++];
    std::vector<ClauseIndex>& watching = watches_[now_true.code];
    std::size_t kept = 0;
    for (std::size_t i = 0; i < watching.size(); ++i) {
      const ClauseIndex index = watching[i];
      std::vector<SatLiteral>& clause = clauses_[index];
      if (clause[0] == ~now_true) {
        std::swap(clause[0], clause[1]);
      }
      if (truth(clause[0]) == Truth::kTrue) {
        watching[kept++] = index;
        continue;
      }
      const auto other = std::find_if(clause.begin() + 2, clause.end(),
                                      [&](SatLiteral l) { return truth(l) != Truth::kFalse; });
      if (other != clause.end()) {
        std::iter_swap(clause.begin() + 1, other);
        watches_[(~clause[1]).code].push_back(index);
        continue;
      }
      watching[kept++] = index;
      if (truth(clause[0]) == Truth::kFalse) {
        for (++i; i < watching.size(); ++i) {
          watching[kept++] = watching[i];
        }
        watching.resize(kept);
        return index;
      }
      assign(clause[0], index);
    }
    watching.resize(kept);
  }
  return kNoReason;
}

void SatSolver::backtrack(std::uint32_t to_level) {
  if (level() <= to_level) {
    return;
  }
  const std::size_t size = starts_[to_level];
  for (std::size_t i = trail_.size(); i > size; --i) {
    const std::uint32_t variable = trail_[i - 1].variable();
    values_[variable] = Truth::kOpen;
    next_decision_ = std::min(next_decision_, variable);
  }
  trail_.resize(size);
  starts_.resize(to_level);
  next_propagation_ = size;
}

bool SatSolver::learn(ClauseIndex conflict) {
  if (level() == 0) {
    return false;
  }
  std::vector<SatLiteral> learned(1);
  std::size_t open = 0;  // literals of this level still to be resolved
  std::size_t at = trail_.size();
  ClauseIndex reason = conflict;
  SatLiteral pivot{};
  bool has_pivot = false;
  do {
    for (const SatLiteral literal : clauses_[reason]) {
      const std::uint32_t variable = literal.variable();
      if ((has_pivot && literal == pivot) || seen_[variable] || levels_[variable] == 0) {
        continue;
      }
      seen_[variable] = true;
      if (levels_[variable] == level()) {
        ++open;
      } else {
        learned.push_back(literal);
      }
    }
    do {
      pivot = trail_[--at];
    } while (!seen_[pivot.variable()]);
    has_pivot = true;
    reason = reasons_[pivot.variable()];
    seen_[pivot.variable()] = false;
    --open;
  } while (open > 0);
  learned[0] = ~pivot;
  for (const SatLiteral literal : learned) {
    seen_[literal.variable()] = false;
  }
  if (learned.size() == 1) {
    backtrack(0);
    if (truth(learned[0]) == Truth::kFalse) {
      return false;
    }
    if (truth(learned[0]) == Truth::kOpen) {
      assign(learned[0], kNoReason);
    }
    return true;
  }
  const auto deepest = std::max_element(
      learned.begin() + 1, learned.end(),
      [&](SatLiteral a, SatLiteral b) { return levels_[a.variable()] < levels_[b.variable()]; });
  std::iter_swap(learned.begin() + 1, deepest);
  backtrack(levels_[learned[1].variable()]);
  const SatLiteral first = learned[0];
  assign(first, attach(std::move(learned)));
  return true;
}

bool SatSolver::decide() {
  while (next_decision_ < values_.size() && values_[next_decision_] != Truth::kOpen) {
    ++next_decision_;
  }
  if (next_decision_ == values_.size()) {
    return false;
  }
  starts_.push_back(trail_.size());
  assign(SatLiteral{next_decision_ * 2 + 1}, kNoReason);
  return true;
}

SatAnswer SatSolver::solve(std::span<const SatLiteral> assumptions, std::size_t max_conflicts) {
  backtrack(0);
  std::size_t conflicts = 0;
  while (!is_impossible_) {
    const ClauseIndex conflict = propagate();
    if (conflict != kNoReason) {
      if (++conflicts > max_conflicts) {
        backtrack(0);
        return SatAnswer::kUnknown;
      }
      is_impossible_ = !learn(conflict);
      continue;
    }
    if (level() < assumptions.size()) {
      const SatLiteral assumed = assumptions[level()];
      if (truth(assumed) == Truth::kFalse) {
        backtrack(0);
        return SatAnswer::kNo;
      }
      starts_.push_back(trail_.size());
      if (truth(assumed) == Truth::kOpen) {
        assign(assumed, kNoReason);
      }
      continue;
    }
    if (!decide()) {
      model_.resize(values_.size());
      for (std::size_t i = 0; i < values_.size(); ++i) {
        model_[i] = values_[i] == Truth::kTrue;
      }
      backtrack(0);
      return SatAnswer::kYes;
    }
  }
  return SatAnswer::kNo;
}

}  // namespace saker::kit
