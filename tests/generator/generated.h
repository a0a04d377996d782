#ifndef THROUGHLINE_TESTS_GENERATOR_GENERATED_H_
#define THROUGHLINE_TESTS_GENERATOR_GENERATED_H_

#include <algorithm>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "generator/generator.h"
#include "gtest/gtest.h"

namespace throughline {

struct GeneratedFact {
  Command command;
  Context context;
};

// An account's facts in the order of their times, and what is true of its records.
struct GeneratedAccount {
  std::vector<GeneratedFact> facts;
  std::vector<GeneratedTruth> truth;
};

struct Generated {
  std::vector<GeneratedFact> reference;  // what belongs to no company
  std::vector<GeneratedAccount> accounts;
  GeneratedTotals totals;
};

inline Time TimeOf(const GeneratedFact& fact) { return fact.context.occurred_at->at; }

inline Generated Generate(int64_t events, uint64_t seed) {
  Generated all;
  const auto take = [&](const Command& command, const Context& context) {
    if (std::holds_alternative<AccountOpen>(command)) all.accounts.emplace_back();
    (all.accounts.empty() ? all.reference : all.accounts.back().facts)
        .push_back({command, context});
  };
  const auto learn = [&](const GeneratedTruth& truth) {
    all.accounts.back().truth.push_back(truth);
  };
  absl::StatusOr<GeneratedTotals> totals = GenerateFacts({events, seed}, take, learn);
  EXPECT_TRUE(totals.ok()) << totals.status();
  all.totals = *std::move(totals);
  for (GeneratedAccount& account : all.accounts) {
    std::sort(account.facts.begin(), account.facts.end(),
              [](const auto& a, const auto& b) { return TimeOf(a) < TimeOf(b); });
  }
  return all;
}

}  // namespace throughline

#endif  // THROUGHLINE_TESTS_GENERATOR_GENERATED_H_
