// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/solve/sat_solver.h"

#include <random>

#include <gtest/gtest.h>

namespace saker::kit {
namespace {

using Clause = std::vector<SatLiteral>;

bool is_true(const Clause& clause, std::uint32_t assignment) {
  for (const SatLiteral literal : clause) {
    if (((assignment >> literal.variable() & 1U) != 0) != literal.is_negated()) {
      return true;
    }
  }
  return false;
}

bool fits_all(const std::vector<Clause>& clauses, std::uint32_t assignment) {
  for (const Clause& clause : clauses) {
    if (!is_true(clause, assignment)) {
      return false;
    }
  }
  return true;
}

// Every answer compared with trying all assignments; the solver is asked again and again, so that
// what it learned must be true.
TEST(SatSolver, AgreesWithTryingEverything) {
  constexpr std::uint32_t kVariables = 9;
  std::mt19937 random(7);
  std::size_t yes = 0;
  for (int round = 0; round < 400; ++round) {
    SatSolver solver;
    std::vector<SatLiteral> variables;
    for (std::uint32_t i = 0; i < kVariables; ++i) {
      variables.push_back(solver.add_variable());
    }
    std::vector<Clause> clauses;
    const std::size_t count = 20 + random() % 25;
    for (std::size_t i = 0; i < count; ++i) {
      Clause clause;
      for (std::size_t j = 0; j < 1 + random() % 3 + (i % 4 == 0 ? 0 : 1); ++j) {
        const SatLiteral literal = variables[random() % kVariables];
        clause.push_back(random() % 2 == 0 ? literal : ~literal);
      }
      solver.add_clause(clause);
      clauses.push_back(clause);
    }
    for (int question = 0; question < 10; ++question) {
      Clause assumed;
      for (std::size_t j = 0; j < random() % 4; ++j) {
        const SatLiteral literal = variables[random() % kVariables];
        assumed.push_back(random() % 2 == 0 ? literal : ~literal);
      }
      bool expected = false;
      for (std::uint32_t a = 0; a < (1U << kVariables) && !expected; ++a) {
        expected = fits_all(clauses, a);
        for (const SatLiteral literal : assumed) {
          expected = expected && is_true({literal}, a);
        }
      }
      const SatAnswer answer = solver.solve(assumed, 10'000);
      ASSERT_EQ(answer, expected ? SatAnswer::kYes : SatAnswer::kNo);
      if (expected) {
        ++yes;
        std::uint32_t a = 0;
        for (std::uint32_t i = 0; i < kVariables; ++i) {
          a |= solver.model()[i] ? 1U << i : 0U;
        }
        ASSERT_TRUE(fits_all(clauses, a));
        for (const SatLiteral literal : assumed) {
          ASSERT_TRUE(is_true({literal}, a));
        }
      }
    }
  }
  EXPECT_GT(yes, 500U);
}

}  // namespace
}  // namespace saker::kit
