#ifndef THROUGHLINE_TESTS_LEDGER_RANDOM_COMMANDS_H_
#define THROUGHLINE_TESTS_LEDGER_RANDOM_COMMANDS_H_

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "throughline/ledger.h"

namespace throughline {

// Commands of all kinds, most of them sensible, about records that may or may not exist. The same
// seed gives the same commands.
class RandomCommands {
 public:
  explicit RandomCommands(uint64_t seed) : random_(seed) {}

  Request Next();

  // The same for one account, so that several fit into one commit.
  Command NextOf(AccountId account);

  // To be told of what was accepted, so that later commands find something to be about.
  void Accepted(const Receipt& receipt);

  int64_t Pick(int64_t n) { return std::uniform_int_distribution<int64_t>(0, n - 1)(random_); }

 private:
  // A record that exists, mostly; now and then one that does not.
  int64_t Known(EntityKind kind) { return 1 + Pick(count_[static_cast<size_t>(kind)] + 1); }
  bool Often() { return Pick(4) != 0; }
  std::string OneOf(std::initializer_list<const char*> texts) {
    return *(texts.begin() + Pick(texts.size()));
  }
  std::string Stage();
  std::vector<ExternalId> SomeIds();
  EventRef SomeEvent();
  std::string SomePolicy();
  Identity Someone();

  Command Reference();
  Command AboutAccounts();
  Command BySomeone();
  Command AboutLeads();
  Command AboutOpportunities();
  Command Correction();
  Context SomeContext();

  std::mt19937_64 random_;
  int64_t count_[8] = {};
  int64_t external_ids_ = 0;
  std::vector<EventId> events_;
};

}  // namespace throughline

#endif  // THROUGHLINE_TESTS_LEDGER_RANDOM_COMMANDS_H_
