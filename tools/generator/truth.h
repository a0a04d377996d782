#ifndef THROUGHLINE_TOOLS_GENERATOR_TRUTH_H_
#define THROUGHLINE_TOOLS_GENERATOR_TRUTH_H_

#include <string>
#include <vector>

#include "generator/generator.h"
#include "generator/world.h"

namespace throughline {

struct Fact {
  Command command;
  Context context;
};

// What is true of an account once all its facts are known.
struct AccountTruth {
  std::vector<GeneratedTruth> records;  // in the order they were opened
  int64_t touches = 0;                  // that count
  int64_t responses = 0;
};

// The rules of docs/episodes-and-sources.md, read from the facts alone and without the library's
// core: a second opinion to test it against. `facts` are those of one account in the order of their
// times, no two at the same time.
AccountTruth TruthOf(const World& world, const std::vector<const Fact*>& facts);

}  // namespace throughline

#endif  // THROUGHLINE_TOOLS_GENERATOR_TRUTH_H_
