#ifndef THROUGHLINE_LEDGER_IMPORT_SALESFORCE_STAGE_MAP_H_
#define THROUGHLINE_LEDGER_IMPORT_SALESFORCE_STAGE_MAP_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "throughline/policy.h"

namespace throughline::salesforce {

// Which stage of the policy a stage of Salesforce is: as the user says, else the one of that key,
// name or alias, else what the standard picklists mean. The policy must outlive the map.
class StageMap {
 public:
  // What an export says about a stage besides its name.
  enum class Outcome : uint8_t { kUnknown, kConverted, kWon, kLost };

  // `json`: {"lead": {"Hot": "sql"}, "opportunity": {...}}, or empty.
  static absl::StatusOr<StageMap> Parse(std::string_view json, const Policy& policy);

  // A row that has this stage.
  void Note(bool of_lead, std::string_view name, Outcome outcome);

  // INVALID_ARGUMENT names all stages noted that the policy does not have, and what to do.
  absl::Status Check() const;

  // Null for a stage that was not noted, or none.
  const Stage* Find(bool of_lead, std::string_view name) const;

 private:
  struct Noted {
    const Stage* stage = nullptr;
    Outcome outcome = Outcome::kUnknown;
    int64_t rows = 0;
  };
  using Names = std::map<std::string, Noted, std::less<>>;

  explicit StageMap(const Policy& policy) : policy_(&policy) {}
  const Stage* Resolve(bool of_lead, std::string_view name, Outcome outcome) const;
  const Stage* ByOutcome(Outcome outcome) const;
  const Stage* StageNamed(bool of_lead, std::string_view text) const;
  std::string StagesOf(bool of_lead) const;

  const Policy* policy_;
  std::map<std::string, const Stage*, std::less<>> said_[2];  // by the name in lower case
  Names noted_[2];
};

}  // namespace throughline::salesforce

#endif  // THROUGHLINE_LEDGER_IMPORT_SALESFORCE_STAGE_MAP_H_
