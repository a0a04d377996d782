#include "absl/strings/str_cat.h"
#include "core/rules.h"
#include "model/text.h"
#include "throughline/error.h"
#include "throughline/limits.h"

// What belongs to no company: owners, campaigns and their cost, exchange rates, the policy.

namespace throughline {

Outcome DecideOn(const OwnerDefine& c, const Situation& s) {
  if (c.name) THROUGHLINE_RETURN_IF_ERROR(CheckText("name", *c.name, kMaxNameBytes));
  const OwnerRow* old = s.rows.owners.Find(c.owner.id);
  auto external_ids = CheckExternalIds(s, EntityKind::kOwner, c.owner.id.value, c.external_ids);
  if (!external_ids.ok()) return external_ids.status();
  const OwnerRow* team = c.team ? s.rows.owners.Find(c.team.id) : nullptr;
  if (team != nullptr && (team->kind != OwnerKind::kTeam || team == old)) {
    return InvalidField("team", absl::StrCat("owner ", team->owner.value, " is not another team"));
  }
  OwnerDefined defined;
  if (old != nullptr) {
    defined = {old->owner, old->kind, old->side, old->name, old->team, old->retired, {}};
  } else {
    defined.owner = OwnerId{s.supply.NextId(EntityKind::kOwner)};
    defined.kind = OwnerKind::kRep;
    defined.side = Side::kSales;
  }
  if (c.kind != OwnerKind::kNone) defined.kind = c.kind;
  if (c.side != Side::kNone) defined.side = c.side;
  if (c.name) defined.name = *c.name;
  if (c.team) defined.team = c.team.id;
  if (c.retired) defined.retired = *c.retired;
  defined.external_ids = *std::move(external_ids);
  Draft draft(s);
  draft.Opened(EntityKind::kOwner, defined.owner.value);
  draft.Add(std::move(defined));
  return std::move(draft).Finish();
}

Outcome DecideOn(const CampaignDefine& c, const Situation& s) {
  if (c.name) THROUGHLINE_RETURN_IF_ERROR(CheckText("name", *c.name, kMaxNameBytes));
  if (c.channel) THROUGHLINE_RETURN_IF_ERROR(CheckOptionalKey("channel", *c.channel));
  if (c.starts_on) THROUGHLINE_RETURN_IF_ERROR(CheckDate("starts_on", *c.starts_on));
  if (c.ends_on) THROUGHLINE_RETURN_IF_ERROR(CheckDate("ends_on", *c.ends_on));
  auto external_ids =
      CheckExternalIds(s, EntityKind::kCampaign, c.campaign.id.value, c.external_ids);
  if (!external_ids.ok()) return external_ids.status();
  const CampaignRow* old = s.rows.campaigns.Find(c.campaign.id);
  CampaignDefined defined;
  if (old != nullptr) {
    defined = {old->campaign, old->name, old->channel, old->parent, old->starts_on,
               old->ends_on,  {}};
  }
  if (c.name) defined.name = *c.name;
  if (c.channel) defined.channel = *c.channel;
  if (c.parent) defined.parent = c.parent.id;
  if (c.starts_on) defined.starts_on = c.starts_on;
  if (c.ends_on) defined.ends_on = c.ends_on;
  if (defined.starts_on && defined.ends_on && *defined.ends_on < *defined.starts_on) {
    return InvalidField("ends_on", "is before starts_on");
  }
  if (defined.parent && defined.parent == defined.campaign) {
    return InvalidField("parent", "a campaign is not its own parent");
  }
  if (!defined.campaign) defined.campaign = CampaignId{s.supply.NextId(EntityKind::kCampaign)};
  defined.external_ids = *std::move(external_ids);
  Draft draft(s);
  draft.Opened(EntityKind::kCampaign, defined.campaign.value);
  draft.Add(std::move(defined));
  return std::move(draft).Finish();
}

Outcome DecideOn(const CampaignCost& c, const Situation& s) {
  if (!c.campaign) return InvalidField("campaign", "is needed");
  THROUGHLINE_RETURN_IF_ERROR(CheckDate("spent_on", c.spent_on));
  THROUGHLINE_RETURN_IF_ERROR(CheckAmount("amount", c.amount));
  if (c.amount.minor < 0) return InvalidField("amount", "a cost is not negative");
  Draft draft(s);
  draft.Add(CampaignCostSet{c.campaign.id, c.spent_on, c.amount});
  return std::move(draft).Finish();
}

Outcome DecideOn(const ExchangeRate& c, const Situation& s) {
  for (const auto& [field, currency] : {std::pair("base", c.base), std::pair("quote", c.quote)}) {
    if (!ParseCurrency(currency.view()).ok()) {
      return InvalidField(field, "needs an ISO 4217 currency code");
    }
  }
  if (c.base == c.quote) return InvalidField("quote", "is the base currency");
  THROUGHLINE_RETURN_IF_ERROR(CheckDate("valid_from", c.valid_from));
  if (c.rate_e9 <= 0) return InvalidField("rate_e9", "is not positive");
  Draft draft(s);
  draft.Add(ExchangeRateSet{c.base, c.quote, c.valid_from, c.rate_e9});
  return std::move(draft).Finish();
}

Outcome DecideOn(const PolicyChange& c, const Situation& s) {
  if (c.json.size() > kMaxPolicyBytes) return InvalidField("json", "is longer than 4 MiB");
  absl::StatusOr<std::shared_ptr<const Policy>> next = Policy::Parse(c.json);
  if (!next.ok()) return next.status();
  THROUGHLINE_RETURN_IF_ERROR(s.policy.CheckSuccessor(**next));
  Draft draft(s);
  draft.Add(PolicySet{s.policy_version + 1, c.json});
  return std::move(draft).Finish();
}

}  // namespace throughline
