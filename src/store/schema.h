#ifndef THROUGHLINE_STORE_SCHEMA_H_
#define THROUGHLINE_STORE_SCHEMA_H_

#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

#include "throughline/row.h"
#include "throughline/store.h"

// The schema catalogue: every table, column and index of a ledger. Columns come from the field
// lists of the rows. A store makes its tables from LedgerSchema(); it needs nothing else of this.

namespace throughline {

// All tables. Append only: the position is the table's number.
using LedgerRows =
    std::tuple<AccountRow, AccountDomainRow, ExternalIdRow, ContactRow, LeadRow, OpportunityRow,
               OpportunityLeadRow, OpportunityRoleRow, OwnerRow, CampaignRow, CampaignCostRow,
               ExchangeRateRow, PolicyRow, IdCounterRow, AccountMergeRow, ReviewRow,
               ContactProfileRow, ContactExternalIdRow, NoteRow, RequestRow, LedgerSettingRow,
               ErasedIdentityRow>;

namespace schema_internal {

template <class Row, size_t... kIndex>
constexpr TableNumber PositionOf(std::index_sequence<kIndex...>) {
  return ((std::is_same_v<Row, std::tuple_element_t<kIndex, LedgerRows>> ? static_cast<int>(kIndex)
                                                                         : 0) +
          ...);
}

}  // namespace schema_internal

inline constexpr size_t kTableCount = std::tuple_size_v<LedgerRows>;

template <class Row>
inline constexpr TableNumber kTableOf =
    schema_internal::PositionOf<Row>(std::make_index_sequence<kTableCount>());

// Positions of indexes in their tables, for Scan::index.
struct AccountIndex {
  static constexpr int kByNameKey = 0;
};
struct AccountDomainIndex {
  static constexpr int kByDomain = 0;
  static constexpr int kByRegistered = 1;
};
struct ExternalIdIndex {
  static constexpr int kById = 0;  // entity, id
};
struct ContactIndex {
  static constexpr int kByAccount = 0;
};
struct LeadIndex {
  static constexpr int kByAccount = 0;
  static constexpr int kByStage = 1;
  static constexpr int kByPhase = 2;
  static constexpr int kByOwner = 3;
  static constexpr int kByOriginalChannel = 4;
  static constexpr int kByReturnOn = 5;
};
struct OpportunityIndex {
  static constexpr int kByAccount = 0;
  static constexpr int kByStage = 1;
  static constexpr int kByPhase = 2;
  static constexpr int kByOwner = 3;
  static constexpr int kByOriginalChannel = 4;
  static constexpr int kByCloseDate = 5;
};
struct OpportunityLeadIndex {
  static constexpr int kByLead = 0;
};
struct OpportunityRoleIndex {
  static constexpr int kByContact = 0;
};
struct ContactProfileIndex {
  static constexpr int kByEmailKey = 0;
};
struct ContactExternalIdIndex {
  static constexpr int kByContact = 0;
};

struct ReviewIndex {
  static constexpr int kByState = 0;
};

const Schema& LedgerSchema();

}  // namespace throughline

#endif  // THROUGHLINE_STORE_SCHEMA_H_
