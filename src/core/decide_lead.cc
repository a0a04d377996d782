#include "absl/strings/str_cat.h"
#include "core/episode.h"
#include "core/rules.h"
#include "model/text.h"
#include "throughline/error.h"
#include "throughline/limits.h"

// The life of a lead.

namespace throughline {
namespace {

absl::StatusOr<const LeadRow*> FindLead(const Situation& s, const LeadRef& ref) {
  const LeadRow* lead = s.rows.leads.Find(ref.id);
  if (lead == nullptr) return InvalidField("lead", "is needed");
  return lead;
}

struct LeadEntry {
  std::string_view reason;
  std::optional<Date> return_on;
  bool gets_owner = false;
  OpportunityId opportunity;
  bool reopening = false;
};

absl::Status AddMove(const Situation& s, const LeadRow& lead, const Stage& to,
                     const LeadEntry& entry, Draft& draft) {
  const StageEntry known{entry.reason, entry.return_on, lead.owner || entry.gets_owner,
                         static_cast<bool>(lead.contact), /*has_amount=*/false};
  const StageChange change{lead.stage, lead.stage_since, lead.opened_at, &to, entry.reopening};
  absl::StatusOr<uint32_t> breaches = CheckChange(s, change, known);
  if (!breaches.ok()) return breaches.status();
  draft.Add(LeadMoved{lead.lead, StageOf(lead), RefOf(to), std::string(entry.reason),
                      entry.return_on.value_or(Date{}), entry.opportunity},
            *breaches);
  return absl::OkStatus();
}

Outcome Move(const Situation& s, const LeadRow& lead, const Stage& to, const LeadEntry& entry) {
  if (to.kind == StageKind::kConverted && s.context.mode != Mode::kObserve) {
    return RefusedByRule("conversion",
                         "a lead is converted into an opportunity: use lead.convert "
                         "or opportunity.open");
  }
  Draft draft(s);
  THROUGHLINE_RETURN_IF_ERROR(AddMove(s, lead, to, entry, draft));
  return std::move(draft).Finish();
}

// Sales or a partner, as against an owner in marketing.
bool TakesHandOff(const OwnerRow& owner) {
  return owner.side == Side::kSales || owner.kind == OwnerKind::kPartner;
}

// Who a lead is given to when it opens or is assigned; the hand-off, if this is one.
void AddHandOff(const LeadRow& lead, const OwnerRow& owner, Draft& draft) {
  if (!TakesHandOff(owner) || lead.handed_off_at) return;
  draft.Add(LeadHandedOff{lead.lead, owner.owner});
}

absl::Status CheckOpening(const LeadOpen& c, const Situation& s) {
  THROUGHLINE_RETURN_IF_ERROR(CheckOptionalKey("type", c.type));
  if (!c.type.empty() && !s.policy.HasLeadType(c.type)) {
    return InvalidField("type", absl::StrCat("the policy has no lead type '", c.type, "'"));
  }
  THROUGHLINE_RETURN_IF_ERROR(CheckOptionalKey("source", c.source));
  return CheckAttributes(s, EntityKind::kLead, c.attributes);
}

}  // namespace

Outcome DecideOn(const LeadOpen& c, const Situation& s) {
  THROUGHLINE_RETURN_IF_ERROR(CheckOpening(c, s));
  auto stage = FindStageOf(s, c.stage, /*of_lead=*/true, s.policy.first_lead_stage());
  if (!stage.ok()) return stage.status();
  absl::StatusOr<NamedContact> named = NameContact(s, c.contact.id);
  if (!named.ok()) return named.status();
  const StageEntry entry{"", c.return_on, static_cast<bool>(c.owner), static_cast<bool>(c.contact),
                         false};
  absl::StatusOr<uint32_t> breaches = CheckEntry(s, **stage, entry);
  if (!breaches.ok()) return breaches.status();
  auto external_ids = CheckExternalIds(s, EntityKind::kLead, 0, c.external_ids);
  if (!external_ids.ok()) return external_ids.status();

  LeadOpened opened;
  opened.lead = LeadId{s.supply.NextId(EntityKind::kLead)};
  opened.contact = named->contact;
  opened.owner = c.owner.id;
  opened.stage = RefOf(**stage);
  opened.type = c.type;
  opened.source = c.source;
  opened.return_on = c.return_on.value_or(Date{});
  opened.attributes = c.attributes;
  opened.external_ids = *std::move(external_ids);
  opened.lineage = LineageOfNew(s, {OccurredAt(s), c.source, {}}, opened);
  Draft draft(s);
  draft.Opened(EntityKind::kLead, opened.lead.value);
  LeadRow lead;
  lead.lead = opened.lead;
  draft.Add(std::move(opened), *breaches | named->breaches);
  if (const OwnerRow* owner = s.rows.owners.Find(c.owner.id)) AddHandOff(lead, *owner, draft);
  return std::move(draft).Finish();
}

Outcome DecideOn(const LeadMove& c, const Situation& s) {
  auto lead = FindLead(s, c.lead);
  if (!lead.ok()) return lead.status();
  if (c.stage.empty()) return InvalidField("stage", "is needed");
  auto stage = FindStageOf(s, c.stage, /*of_lead=*/true, s.policy.first_lead_stage());
  if (!stage.ok()) return stage.status();
  return Move(s, **lead, **stage, {c.reason, c.return_on, false, {}, false});
}

Outcome DecideOn(const LeadAssign& c, const Situation& s) {
  auto found = FindLead(s, c.lead);
  if (!found.ok()) return found.status();
  const LeadRow& lead = **found;
  const OwnerRow* owner = s.rows.owners.Find(c.owner.id);
  if (owner == nullptr) return InvalidField("owner", "is needed");
  if (owner->retired && s.context.mode != Mode::kObserve) {
    return RefusedByRule("retired_owner",
                         absl::StrCat("owner ", owner->owner.value, " takes no more leads"));
  }
  Draft draft(s);
  draft.Add(LeadAssigned{lead.lead, owner->owner});
  const bool hand_off = TakesHandOff(*owner) && !lead.handed_off_at;
  AddHandOff(lead, *owner, draft);
  if (hand_off && lead.phase == Phase::kMarketing && IsOpen(lead)) {
    THROUGHLINE_RETURN_IF_ERROR(
        AddMove(s, lead, s.policy.hand_off_stage(), {"", std::nullopt, true, {}, false}, draft));
  }
  return std::move(draft).Finish();
}

Outcome DecideOn(const LeadNurture& c, const Situation& s) {
  auto lead = FindLead(s, c.lead);
  if (!lead.ok()) return lead.status();
  THROUGHLINE_RETURN_IF_ERROR(CheckDate("until", c.until));
  if (c.until <= DateOf(OccurredAt(s).at) && s.context.mode != Mode::kObserve) {
    return InvalidField("until", "is not after the day it is set aside");
  }
  return Move(s, **lead, s.policy.nurture_stage(), {"", c.until, false, {}, false});
}

Outcome DecideOn(const LeadClose& c, const Situation& s) {
  auto lead = FindLead(s, c.lead);
  if (!lead.ok()) return lead.status();
  if (c.stage.empty()) return InvalidField("stage", "is needed: which closed stage");
  auto stage = FindStageOf(s, c.stage, /*of_lead=*/true, s.policy.first_lead_stage());
  if (!stage.ok()) return stage.status();
  if ((*stage)->kind != StageKind::kClosed) {
    return InvalidField("stage", absl::StrCat("'", (*stage)->key, "' is not a closed stage"));
  }
  return Move(s, **lead, **stage, {c.reason, std::nullopt, false, {}, false});
}

Outcome DecideOn(const LeadReopen& c, const Situation& s) {
  auto lead = FindLead(s, c.lead);
  if (!lead.ok()) return lead.status();
  const Stage* last = s.policy.FindStage((*lead)->open_stage);
  auto stage = FindStageOf(s, c.stage, /*of_lead=*/true,
                           last == nullptr ? s.policy.first_lead_stage() : *last);
  if (!stage.ok()) return stage.status();
  if (IsOpen(**lead)) {
    absl::StatusOr<uint32_t> refused = Refuse(s, Breach::kTransition, "the lead is open");
    if (!refused.ok()) return refused.status();
  }
  if ((*stage)->kind != StageKind::kOpen && (*stage)->kind != StageKind::kParked) {
    return InvalidField("stage", absl::StrCat("'", (*stage)->key, "' is not an open stage"));
  }
  std::optional<Date> return_on;
  if ((*stage)->kind == StageKind::kParked) return_on = DateOf(OccurredAt(s).at);
  return Move(s, **lead, **stage, {"", return_on, false, {}, true});
}

absl::Status ConvertLead(const Situation& s, const LeadRow& lead, OpportunityId opportunity,
                         Draft& draft) {
  return AddMove(s, lead, s.policy.converted_stage(), {"", std::nullopt, false, opportunity, false},
                 draft);
}

Outcome DecideOn(const LeadConvert& c, const Situation& s) {
  auto lead = FindLead(s, c.lead);
  if (!lead.ok()) return lead.status();
  if (!c.opportunity) return InvalidField("opportunity", "is needed");
  Draft draft(s);
  THROUGHLINE_RETURN_IF_ERROR(ConvertLead(s, **lead, c.opportunity.id, draft));
  draft.Add(OpportunityLinked{c.opportunity.id, (*lead)->lead});
  return std::move(draft).Finish();
}

}  // namespace throughline
