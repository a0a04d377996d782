#include "absl/strings/str_cat.h"
#include "ledger/import/salesforce/row_facts.h"
#include "ledger/import/salesforce/stage_facts.h"

// Rows of the three histories. What a row changes is seen from the row before it.

namespace throughline::salesforce {
namespace {

// The change before this one in its run; null for the first.
const Change* Before(std::span<const Change> run, const Change& change) {
  return &change == run.data() ? nullptr : &change - 1;
}

const Stage* StageAfter(const Change& change, bool of_lead, const ExportContext& context) {
  return context.index().StageOf(of_lead, context.index().Text(change.to));
}

const Stage* StageBeforeOf(const Change& change, bool of_lead, const ExportContext& context) {
  return context.index().StageOf(of_lead, context.index().Text(change.from));
}

// The change that the row tells, if it tells one that matters.
const Change* ChangeOf(ExportRow& row, Column parent, Change::Kind kind,
                       const ExportContext& context) {
  return context.index().history().At(row.IdOf(parent), kind, row.file().number, row.line());
}

std::optional<Change::Kind> KindOf(HistoryField field) {
  switch (field) {
    case HistoryField::kStage:
      return Change::Kind::kStage;
    case HistoryField::kOwner:
      return Change::Kind::kOwner;
    case HistoryField::kAmount:
      return Change::Kind::kAmount;
    case HistoryField::kCloseDate:
      return Change::Kind::kCloseDate;
    case HistoryField::kOther:
      break;
  }
  return std::nullopt;
}

std::string KeyOf(std::string_view fact, SalesforceId id, const Change& change) {
  return absl::StrCat(std::string(fact), "/", id.Long(), "/", change.at.micros / kMicrosPerSecond);
}

// Whether the ledger has a later change of stage of the record: then it has had this one as well.
template <class Record>
bool IsPast(const std::optional<Record>& known, const Change& change) {
  return known && change.at <= known->stage_since;
}

// What is new in a state: against the one before it, else against the ledger.
OpportunityValue ValueIn(const Change& change, const Change* before,
                         const std::optional<OpportunityRow>& known) {
  const std::optional<Money> amount = before != nullptr ? before->amount : known->amount;
  const std::optional<Date> close_date = before != nullptr ? before->close_date : known->close_date;
  OpportunityValue value;
  value.opportunity = ExternalOf(change.record);
  if (change.amount && change.amount != amount) value.amount = change.amount;
  if (change.close_date && change.close_date != close_date) value.close_date = change.close_date;
  return value;
}

void AddState(const Change& change, std::span<const Change> run, ExportContext& context,
              FactList& facts) {
  const Change* before = Before(run, change);
  const auto known = context.records().Opportunity(ExternalOf(change.record));
  // The first state is told by the opening.
  if ((before == nullptr && !known) || IsPast(known, change)) return;
  const Stage* to = StageAfter(change, false, context);
  const Stage* from = before != nullptr ? StageAfter(*before, false, context)
                                        : context.policy().FindStage(known->stage);
  const bool closes = to != nullptr && to != from && to->kind == StageKind::kClosed;
  const When when =
      closes ? ClosedWhen(change, change.close_date, run) : EnteredAt(change.moment());
  // A deal closed with the values that were entered with it, if none were entered since that day.
  const bool at_close = before == nullptr || before->at < when.at->at;
  OpportunityValue value = ValueIn(change, before, known);
  if (value.amount || value.close_date) {
    facts.Add(std::move(value), at_close ? when : EnteredAt(change.moment()),
              KeyOf("opportunity.value", change.record, change));
  }
  AddOpportunityStep(change.record, {from, to, when}, std::nullopt, context, facts);
}

// Only the last closing can be the one that CloseDate is about.
std::optional<Date> CloseDateOf(const Change& change, std::span<const Change> run,
                                const ExportContext& context) {
  const ExportIndex::Opportunity* deal = context.index().FindOpportunity(change.record);
  if (deal == nullptr || &change != &run.back()) return std::nullopt;
  return deal->close_date;
}

void AddDealStage(const Change& change, ExportContext& context, FactList& facts) {
  const ChangeHistory& history = context.index().history();
  // OpportunityHistory has the same changes, and amounts with them.
  if (!history.Of(change.record, Change::Kind::kState).empty()) return;
  if (IsPast(context.records().Opportunity(ExternalOf(change.record)), change)) return;
  const Stage* to = StageAfter(change, false, context);
  const auto run = history.Of(change.record, Change::Kind::kStage);
  const bool closes = to != nullptr && to->kind == StageKind::kClosed;
  const When when = closes ? ClosedWhen(change, CloseDateOf(change, run, context), run)
                           : EnteredAt(change.moment());
  AddOpportunityStep(change.record, {StageBeforeOf(change, false, context), to, when}, std::nullopt,
                     context, facts);
}

void AddDealValue(ExportRow& row, const Change& change, ExportContext& context, FactList& facts) {
  const ChangeHistory& history = context.index().history();
  if (!history.Of(change.record, Change::Kind::kState).empty()) return;
  if (IsPast(context.records().Opportunity(ExternalOf(change.record)), change)) return;
  OpportunityValue value;
  value.opportunity = ExternalOf(change.record);
  const bool of_amount = change.kind == Change::Kind::kAmount;
  if (of_amount) {
    value.amount = row.MoneyOf(Column::kNewValue);
  } else {
    value.close_date = row.DateOf(Column::kNewValue);
  }
  if (!value.amount && !value.close_date) return;
  facts.Add(
      std::move(value), EnteredAt(change.moment()),
      KeyOf(of_amount ? "opportunity.amount" : "opportunity.close_date", change.record, change));
}

SalesforceId NewOwner(const Change& change, const ExportContext& context) {
  const auto owner = SalesforceId::Parse(context.index().Text(change.to));
  return owner.ok() ? *owner : SalesforceId();
}

}  // namespace

void LeadHistoryFacts(ExportRow& row, ExportContext& context, FactList& facts) {
  const SalesforceId lead = RequiredId(row, Column::kLeadId);
  RequiredTime(row, Column::kCreatedDate);
  const auto kind = KindOf(FieldOf(row.Text(Column::kField)));
  if (!kind || !row.fault().ok() || context.index().Master(lead) != lead) return;
  const Change* change = ChangeOf(row, Column::kLeadId, *kind, context);
  if (change == nullptr) return;
  if (*kind == Change::Kind::kStage) {
    if (IsPast(context.records().Lead(ExternalOf(lead)), *change)) return;
    AddLeadStep(lead,
                {StageBeforeOf(*change, true, context), StageAfter(*change, true, context),
                 EnteredAt(change->moment())},
                facts);
  } else if (*kind == Change::Kind::kOwner) {
    const OwnerRef owner = context.OwnerById(NewOwner(*change, context), "", facts);
    facts.Add(LeadAssign{ExternalOf(lead), owner}, EnteredAt(change->moment()),
              KeyOf("lead.assign", lead, *change));
  }
}

void OpportunityHistoryFacts(ExportRow& row, ExportContext& context, FactList& facts) {
  const SalesforceId deal = RequiredId(row, Column::kOpportunityId);
  RequiredTime(row, Column::kCreatedDate);
  const Change* change = ChangeOf(row, Column::kOpportunityId, Change::Kind::kState, context);
  if (change == nullptr || !row.fault().ok()) return;
  AddState(*change, context.index().history().Of(deal, Change::Kind::kState), context, facts);
}

void OpportunityFieldHistoryFacts(ExportRow& row, ExportContext& context, FactList& facts) {
  const SalesforceId deal = RequiredId(row, Column::kOpportunityId);
  RequiredTime(row, Column::kCreatedDate);
  const auto kind = KindOf(FieldOf(row.Text(Column::kField)));
  if (!kind || !row.fault().ok()) return;
  const Change* change = ChangeOf(row, Column::kOpportunityId, *kind, context);
  if (change == nullptr) return;
  if (*kind == Change::Kind::kStage) return AddDealStage(*change, context, facts);
  if (*kind != Change::Kind::kOwner) return AddDealValue(row, *change, context, facts);
  const OwnerRef owner = context.OwnerById(NewOwner(*change, context), "", facts);
  facts.Add(OpportunityAssign{ExternalOf(deal), owner}, EnteredAt(change->moment()),
            KeyOf("opportunity.assign", deal, *change));
}

}  // namespace throughline::salesforce
