#include "absl/strings/str_cat.h"
#include "core/episode.h"
#include "core/rules.h"
#include "model/text.h"
#include "throughline/error.h"
#include "throughline/limits.h"

// The life of an opportunity.

namespace throughline {
namespace {

absl::StatusOr<const OpportunityRow*> FindOpportunity(const Situation& s,
                                                      const OpportunityRef& ref) {
  const OpportunityRow* row = s.rows.opportunities.Find(ref.id);
  if (row == nullptr) return InvalidField("opportunity", "is needed");
  return row;
}

// A deal that is open has one currency: another one would make its history add apples to pears.
absl::Status CheckValue(const std::optional<Money>& before, const std::optional<Money>& amount) {
  if (!amount) return absl::OkStatus();
  THROUGHLINE_RETURN_IF_ERROR(CheckAmount("amount", *amount));
  if (amount->minor < 0) return InvalidField("amount", "is negative");
  if (before && before->currency != amount->currency) {
    return InvalidField("amount",
                        absl::StrCat("the opportunity is in ", std::string(before->currency.view()),
                                     ", not ", std::string(amount->currency.view())));
  }
  return absl::OkStatus();
}

struct DealEntry {
  std::string_view reason;
  std::optional<Date> return_on;
  bool has_amount = false;
  bool reopening = false;
};

absl::Status AddMove(const Situation& s, const OpportunityRow& deal, const Stage& to,
                     const DealEntry& entry, Draft& draft) {
  // An opportunity has no contact of its own, but roles: a requirement for one is met by any.
  const StageEntry known{entry.reason, entry.return_on, static_cast<bool>(deal.owner),
                         /*has_contact=*/true, deal.amount || entry.has_amount};
  const StageChange change{deal.stage, deal.stage_since, deal.opened_at, &to, entry.reopening};
  absl::StatusOr<uint32_t> breaches = CheckChange(s, change, known);
  if (!breaches.ok()) return breaches.status();
  draft.Add(OpportunityMoved{deal.opportunity, StageOf(deal), RefOf(to), std::string(entry.reason),
                             entry.return_on.value_or(Date{})},
            *breaches);
  return absl::OkStatus();
}

// The leads that an opportunity is opened from, all in its account and not converted yet.
absl::StatusOr<std::vector<LeadId>> LeadsOf(const OpportunityOpen& c, const Situation& s) {
  if (c.leads.size() > kMaxListItems) return InvalidField("leads", "too many");
  std::vector<LeadId> leads;
  for (size_t i = 0; i < c.leads.size(); ++i) {
    const LeadId id = c.leads[i].id;
    if (s.rows.leads.Find(id) == nullptr) {
      return InvalidField(absl::StrCat("leads[", i, "]"), "is needed");
    }
    leads.push_back(id);
  }
  return leads;
}

uint32_t BreachesOfLeads(const std::vector<LeadId>& leads, const Situation& s) {
  for (const LeadId id : leads) {
    if (OccurredAt(s).at < s.rows.leads.Find(id)->opened_at) return BreachBit(Breach::kBeforeLead);
  }
  return 0;
}

OpportunityType TypeOf(const OpportunityOpen& c, const Lineage& lineage) {
  if (c.type != OpportunityType::kNone) return c.type;
  return lineage.link == Link::kFollowsOn ? OpportunityType::kExpansion
                                          : OpportunityType::kNewBusiness;
}

absl::Status CheckOpening(const OpportunityOpen& c, const Situation& s) {
  THROUGHLINE_RETURN_IF_ERROR(CheckText("name", c.name, kMaxNameBytes));
  THROUGHLINE_RETURN_IF_ERROR(CheckOptionalKey("source", c.source));
  THROUGHLINE_RETURN_IF_ERROR(CheckValue(std::nullopt, c.amount));
  if (c.close_date) THROUGHLINE_RETURN_IF_ERROR(CheckDate("close_date", *c.close_date));
  return CheckAttributes(s, EntityKind::kOpportunity, c.attributes);
}

OpportunityOpened OpenedBy(const OpportunityOpen& c, const Situation& s, const Stage& stage,
                           std::vector<LeadId> leads, OpportunityId id) {
  OpportunityOpened opened;
  opened.name = c.name;
  opened.owner = c.owner.id;
  opened.stage = RefOf(stage);
  opened.source = c.source;
  opened.leads = std::move(leads);
  opened.amount = c.amount;
  opened.close_date = c.close_date;
  opened.opportunity = id;
  opened.type = c.type;
  opened.attributes = c.attributes;
  opened.lineage = LineageOfNew(s, {OccurredAt(s), c.source, opened.leads}, opened);
  opened.type = TypeOf(c, opened.lineage);
  return opened;
}

}  // namespace

Outcome DecideOn(const OpportunityOpen& c, const Situation& s) {
  THROUGHLINE_RETURN_IF_ERROR(CheckOpening(c, s));
  auto stage = FindStageOf(s, c.stage, /*of_lead=*/false, s.policy.first_opportunity_stage());
  if (!stage.ok()) return stage.status();
  const StageEntry entry{"", std::nullopt, static_cast<bool>(c.owner), true, c.amount.has_value()};
  absl::StatusOr<uint32_t> breaches = CheckEntry(s, **stage, entry);
  if (!breaches.ok()) return breaches.status();
  auto external_ids = CheckExternalIds(s, EntityKind::kOpportunity, 0, c.external_ids);
  if (!external_ids.ok()) return external_ids.status();
  auto leads = LeadsOf(c, s);
  if (!leads.ok()) return leads.status();
  const uint32_t before_lead = BreachesOfLeads(*leads, s);
  if (before_lead != 0 && s.context.mode != Mode::kObserve) {
    return RefusedByRule(NameOf(Breach::kBeforeLead), "an opportunity opens after its leads");
  }

  Draft draft(s);
  const OpportunityId id{s.supply.NextId(EntityKind::kOpportunity)};
  OpportunityOpened opened = OpenedBy(c, s, **stage, *leads, id);
  opened.external_ids = *std::move(external_ids);
  draft.Opened(EntityKind::kOpportunity, id.value);
  draft.Add(std::move(opened), *breaches | before_lead);
  for (const LeadId lead : *leads) {
    THROUGHLINE_RETURN_IF_ERROR(ConvertLead(s, *s.rows.leads.Find(lead), id, draft));
  }
  return std::move(draft).Finish();
}

Outcome DecideOn(const OpportunityMove& c, const Situation& s) {
  auto deal = FindOpportunity(s, c.opportunity);
  if (!deal.ok()) return deal.status();
  if (c.stage.empty()) return InvalidField("stage", "is needed");
  auto stage = FindStageOf(s, c.stage, /*of_lead=*/false, s.policy.first_opportunity_stage());
  if (!stage.ok()) return stage.status();
  Draft draft(s);
  THROUGHLINE_RETURN_IF_ERROR(
      AddMove(s, **deal, **stage, {c.reason, c.return_on, false, false}, draft));
  return std::move(draft).Finish();
}

Outcome DecideOn(const OpportunityValue& c, const Situation& s) {
  auto deal = FindOpportunity(s, c.opportunity);
  if (!deal.ok()) return deal.status();
  if (!c.amount && !c.close_date) return InvalidField("amount", "an amount or a close date");
  THROUGHLINE_RETURN_IF_ERROR(CheckValue((*deal)->amount, c.amount));
  if (c.close_date) THROUGHLINE_RETURN_IF_ERROR(CheckDate("close_date", *c.close_date));
  Draft draft(s);
  draft.Add(OpportunityValued{(*deal)->opportunity, c.amount, c.close_date});
  return std::move(draft).Finish();
}

Outcome DecideOn(const OpportunityAssign& c, const Situation& s) {
  auto deal = FindOpportunity(s, c.opportunity);
  if (!deal.ok()) return deal.status();
  if (!c.owner) return InvalidField("owner", "is needed");
  Draft draft(s);
  draft.Add(OpportunityAssigned{(*deal)->opportunity, c.owner.id});
  return std::move(draft).Finish();
}

Outcome DecideOn(const OpportunityRole& c, const Situation& s) {
  auto deal = FindOpportunity(s, c.opportunity);
  if (!deal.ok()) return deal.status();
  if (!c.contact) return InvalidField("contact", "is needed");
  THROUGHLINE_RETURN_IF_ERROR(CheckOptionalKey("role", c.role));
  if (!c.role.empty()) THROUGHLINE_RETURN_IF_ERROR(CheckNotErased(s, c.contact.id));
  Draft draft(s);
  draft.Add(OpportunityRoleSet{(*deal)->opportunity, c.contact.id, c.role});
  return std::move(draft).Finish();
}

Outcome DecideOn(const OpportunityWin& c, const Situation& s) {
  auto deal = FindOpportunity(s, c.opportunity);
  if (!deal.ok()) return deal.status();
  THROUGHLINE_RETURN_IF_ERROR(CheckValue((*deal)->amount, c.amount));
  Draft draft(s);
  if (c.amount && c.amount != (*deal)->amount) {
    draft.Add(OpportunityValued{(*deal)->opportunity, c.amount, std::nullopt});
  }
  THROUGHLINE_RETURN_IF_ERROR(AddMove(s, **deal, s.policy.won_stage(),
                                      {c.reason, std::nullopt, c.amount.has_value(), false},
                                      draft));
  return std::move(draft).Finish();
}

Outcome DecideOn(const OpportunityLose& c, const Situation& s) {
  auto deal = FindOpportunity(s, c.opportunity);
  if (!deal.ok()) return deal.status();
  Draft draft(s);
  THROUGHLINE_RETURN_IF_ERROR(
      AddMove(s, **deal, s.policy.lost_stage(), {c.reason, std::nullopt, false, false}, draft));
  return std::move(draft).Finish();
}

Outcome DecideOn(const OpportunityBook& c, const Situation& s) {
  auto deal = FindOpportunity(s, c.opportunity);
  if (!deal.ok()) return deal.status();
  THROUGHLINE_RETURN_IF_ERROR(CheckValue((*deal)->amount, c.amount));
  THROUGHLINE_RETURN_IF_ERROR(CheckDate("booked_on", c.booked_on));
  THROUGHLINE_RETURN_IF_ERROR(CheckOptionalKey("order", c.order));
  Draft draft(s);
  draft.Add(OpportunityBooked{(*deal)->opportunity, c.amount, c.booked_on, c.order});
  return std::move(draft).Finish();
}

Outcome DecideOn(const OpportunityReopen& c, const Situation& s) {
  auto found = FindOpportunity(s, c.opportunity);
  if (!found.ok()) return found.status();
  const OpportunityRow& deal = **found;
  const Stage* last = s.policy.FindStage(deal.open_stage);
  auto stage = FindStageOf(s, c.stage, /*of_lead=*/false,
                           last == nullptr ? s.policy.first_opportunity_stage() : *last);
  if (!stage.ok()) return stage.status();
  if (IsOpen(deal)) {
    absl::StatusOr<uint32_t> refused = Refuse(s, Breach::kTransition, "the opportunity is open");
    if (!refused.ok()) return refused.status();
  }
  if ((*stage)->kind == StageKind::kClosed) {
    return InvalidField("stage", absl::StrCat("'", (*stage)->key, "' is not an open stage"));
  }
  std::optional<Date> return_on;
  if ((*stage)->kind == StageKind::kParked) return_on = DateOf(OccurredAt(s).at);
  Draft draft(s);
  THROUGHLINE_RETURN_IF_ERROR(AddMove(s, deal, **stage, {"", return_on, false, true}, draft));
  return std::move(draft).Finish();
}

}  // namespace throughline
