#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "ledger/import/salesforce/row_facts.h"
#include "model/abseil_text.h"
#include "model/text.h"

// Users become owners.

namespace throughline::salesforce {
namespace {

OwnerDefine OwnerOfUser(ExportRow& row, SalesforceId id) {
  OwnerDefine define;
  define.external_ids = {ExternalOf(id)};
  define.kind = absl::StrContains(ToAbsl(LowerAscii(row.Text(Column::kUserType))), "partner")
                    ? OwnerKind::kPartner
                    : OwnerKind::kRep;
  define.side = absl::StrContains(ToAbsl(LowerAscii(row.Text(Column::kDepartment))), "marketing")
                    ? Side::kMarketing
                    : Side::kSales;
  define.name = PersonName(row);
  if (row.Has(Column::kIsActive)) define.retired = !row.Flag(Column::kIsActive);
  return define;
}

bool Changes(const OwnerDefine& define, const OwnerRow& known, const ExportRow& row) {
  return (define.name && *define.name != known.name) ||
         (define.retired && *define.retired != known.retired) ||
         (row.Has(Column::kUserType) && define.kind != known.kind) ||
         (row.Has(Column::kDepartment) && define.side != known.side);
}

}  // namespace

void UserFacts(ExportRow& row, ExportContext& context, FactList& facts) {
  const SalesforceId id = RequiredId(row);
  OwnerDefine define = OwnerOfUser(row, id);
  const auto known = context.records().Owner(ExternalOf(id));
  if (!known) {
    facts.Add(std::move(define), {}, absl::StrCat("owner.define/", id.Long()));
  } else if (Changes(define, *known, row)) {
    if (!row.Has(Column::kUserType)) define.kind = OwnerKind::kNone;
    if (!row.Has(Column::kDepartment)) define.side = Side::kNone;
    facts.Add(std::move(define), {}, absl::StrCat("owner.define/", id.Long(), "/", known->version));
  }
}

}  // namespace throughline::salesforce
