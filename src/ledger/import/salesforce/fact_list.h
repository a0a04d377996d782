#ifndef THROUGHLINE_LEDGER_IMPORT_SALESFORCE_FACT_LIST_H_
#define THROUGHLINE_LEDGER_IMPORT_SALESFORCE_FACT_LIST_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "throughline/command.h"
#include "throughline/ledger.h"

namespace throughline::salesforce {

// When something happened, and when that was entered in Salesforce.
struct When {
  std::optional<Moment> at;
  std::optional<Time> entered;
};

// What Salesforce dates itself: happened and entered at once.
inline When EnteredAt(const std::optional<Moment>& at) {
  return {at, at ? std::optional(at->at) : std::nullopt};
}

// The facts of a row, and what is odd about it.
class FactList {
 public:
  // `key`: what tells the fact from all others of its account, for life.
  void Add(Command command, const When& when, const std::string& key) {
    Request request{std::move(command), {}};
    request.context.occurred_at = when.at;
    request.context.entered_at = when.entered;
    request.context.fact = FactKeyOf("salesforce/" + key);
    facts.push_back(std::move(request));
  }
  // `kind` is counted; `text` says it to people.
  void Warn(std::string kind, std::string text) {
    warnings.emplace_back(std::move(kind), std::move(text));
  }

  std::vector<Request> facts;
  std::vector<std::pair<std::string, std::string>> warnings;
};

}  // namespace throughline::salesforce

#endif  // THROUGHLINE_LEDGER_IMPORT_SALESFORCE_FACT_LIST_H_
