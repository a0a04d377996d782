#include "words.h"

#include <utility>
#include <variant>

#include "throughline/money.h"
#include "throughline/time.h"

namespace throughline {
namespace {

std::string Number(int64_t n) { return std::to_string(n); }

std::string Because(const std::string& reason) { return reason.empty() ? "" : ", " + reason; }

// Looked up once; what has no name is called by its number.
template <class Id, class Look>
std::string NameIn(std::map<Id, std::string>& names, Id id, const char* kind, Look look) {
  if (!id) return "nobody";
  const auto [at, fresh] = names.try_emplace(id);
  if (fresh) {
    at->second = look();
    if (at->second.empty()) at->second = std::string(kind) + " " + Number(id.value);
  }
  return at->second;
}

}  // namespace

std::string Counted(int64_t count, const std::string& noun) {
  return Number(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string BreachesText(uint32_t breaches) {
  std::string names;
  for (const auto& [breach, name] : EnumNames<Breach>::kValues) {
    if ((breaches & BreachBit(breach)) == 0) continue;
    names += names.empty() ? "" : ", ";
    names += name;
  }
  return names.empty() ? "" : " [breach: " + names + "]";
}

Words::Words(Ledger& ledger) : ledger_(ledger) {
  absl::StatusOr<PolicyInForce> now = ledger.CurrentPolicy();
  policy_ = now.ok() ? std::move(now->policy) : Policy::Default();
}

std::string Words::Stage(int64_t id) const {
  const throughline::Stage* stage = policy_->FindStage(id);
  return stage == nullptr ? "stage " + Number(id) : stage->key;
}

std::string Words::Owner(OwnerId owner) {
  return NameIn(owners_, owner, "owner", [&] {
    absl::StatusOr<OwnerRow> row = ledger_.GetOwner(owner);
    return row.ok() ? row->name : std::string();
  });
}

std::string Words::Contact(ContactId contact) {
  if (!contact) return "an anonymous visitor";
  return NameIn(contacts_, contact, "contact", [&] {
    absl::StatusOr<ContactProfileRow> row = ledger_.GetContactProfile(contact);
    return row.ok() ? row->name : std::string();
  });
}

std::string Words::Campaign(CampaignId campaign) {
  return NameIn(campaigns_, campaign, "campaign", [&] {
    absl::StatusOr<CampaignRow> row = ledger_.GetCampaign(campaign);
    return row.ok() ? row->name : std::string();
  });
}

std::string Words::Source(const throughline::Source& source) {
  if (source.channel.empty() && !source.campaign) return "no known source";
  std::string text = source.channel;
  if (source.campaign) text += (text.empty() ? "" : ", ") + Campaign(source.campaign);
  if (source.touch) text += " (" + FormatDate(DateOf(source.at)) + ")";
  return text;
}

std::string Words::Whence(const throughline::Lineage& lineage) {
  return Lineage(lineage) + "; from " + Source(lineage.original);
}

std::string Words::Lineage(const throughline::Lineage& lineage) const {
  const std::string previous = lineage.previous_lead
                                   ? "lead " + Number(lineage.previous_lead.value)
                                   : "opportunity " + Number(lineage.previous_opportunity.value);
  switch (lineage.link) {
    case Link::kNone:
      return "episode " + Number(lineage.episode);
    case Link::kJoins:
      return "joins " + previous;
    case Link::kReengages:
      return "episode " + Number(lineage.episode) + ", re-engages " + previous;
    case Link::kFollowsOn:
      return "episode " + Number(lineage.episode) + ", follows on " + previous;
    case Link::kConverts:
      return "converts " + previous;
  }
  return "";
}

// One overload for each kind of event.
struct Words::Teller {
  Words& w;

  std::string operator()(const std::monostate&) const { return "an event of a newer version"; }
  std::string operator()(const AccountOpened& e) const {
    return "account " + Number(e.account.value) + " opened: " + e.name;
  }
  std::string operator()(const AccountUpdated&) const { return "account updated"; }
  std::string operator()(const ContactAdded& e) const {
    return "contact added: " + w.Contact(e.contact);
  }
  std::string operator()(const ContactUpdated& e) const {
    return "contact updated: " + w.Contact(e.contact);
  }
  std::string operator()(const ContactMoved& e) const {
    return w.Contact(e.contact) + " moved from account " + Number(e.from.value) + " to " +
           Number(e.to.value);
  }
  std::string operator()(const AccountMerged& e) const {
    return "account " + Number(e.merged.value) + " merged into account " + Number(e.account.value) +
           Because(e.reason);
  }
  std::string operator()(const AccountUnmerged& e) const {
    std::string text = "account " + Number(e.merged.value) + " no longer merged into account " +
                       Number(e.account.value) + Because(e.reason);
    if (!e.crossing.empty()) {
      text += "; events that name records of both sides: " + Number(std::ssize(e.crossing));
    }
    return text;
  }
  std::string operator()(const ContactMerged& e) const {
    return "contact " + Number(e.merged.value) + " is " + w.Contact(e.contact) + Because(e.reason);
  }
  std::string operator()(const ContactUnmerged& e) const {
    return "contact " + Number(e.merged.value) + " is not " + w.Contact(e.contact) +
           Because(e.reason);
  }
  std::string operator()(const ContactErased& e) const {
    return w.Contact(e.contact) + " erased" + Because(e.reason);
  }
  std::string operator()(const TouchRecorded& e) const {
    std::string text = e.kind + ": " + w.Contact(e.contact);
    if (e.owner) text += " with " + w.Owner(e.owner);
    if (e.campaign) text += ", " + w.Campaign(e.campaign);
    if (!e.channel.empty()) text += " [" + e.channel + "]";
    if (e.response) text += ", a response";
    return text + (e.follow_up ? ", a follow-up" : "");
  }
  std::string operator()(const TouchRetracted& e) const {
    return "touch " + Number(e.touch.seq()) + ":" + Number(e.touch.ordinal()) + " retracted" +
           Because(e.reason);
  }
  std::string operator()(const LeadOpened& e) const {
    return "lead " + Number(e.lead.value) + " opened in " + w.Stage(e.stage.id) + " for " +
           w.Contact(e.contact) + " (" + w.Whence(e.lineage) + ")";
  }
  std::string operator()(const LeadMoved& e) const {
    std::string text = "lead " + Number(e.lead.value) + ": " + w.Stage(e.from.id) + " -> " +
                       w.Stage(e.to.id) + Because(e.reason);
    if (e.return_on != Date{}) text += " until " + FormatDate(e.return_on);
    return text;
  }
  std::string operator()(const LeadAssigned& e) const {
    return "lead " + Number(e.lead.value) + " assigned to " + w.Owner(e.owner);
  }
  std::string operator()(const LeadHandedOff& e) const {
    return "lead " + Number(e.lead.value) + " handed off to " + w.Owner(e.owner);
  }
  std::string operator()(const LeadRelinked& e) const {
    return "lead " + Number(e.lead.value) + " now: " + w.Whence(e.lineage);
  }
  std::string operator()(const OpportunityOpened& e) const {
    std::string text =
        "opportunity " + Number(e.opportunity.value) + " opened in " + w.Stage(e.stage.id);
    if (!e.source.empty()) text += ", claimed as " + e.source + "-generated";
    if (e.amount) text += ", " + FormatMoney(*e.amount);
    return text + " (" + w.Whence(e.lineage) + ")";
  }
  std::string operator()(const OpportunityMoved& e) const {
    return "opportunity " + Number(e.opportunity.value) + ": " + w.Stage(e.from.id) + " -> " +
           w.Stage(e.to.id) + Because(e.reason);
  }
  std::string operator()(const OpportunityValued& e) const {
    std::string text = "opportunity " + Number(e.opportunity.value);
    if (e.amount) text += " is worth " + FormatMoney(*e.amount);
    if (e.close_date) text += " expected to close on " + FormatDate(*e.close_date);
    return text;
  }
  std::string operator()(const OpportunityAssigned& e) const {
    return "opportunity " + Number(e.opportunity.value) + " assigned to " + w.Owner(e.owner);
  }
  std::string operator()(const OpportunityRoleSet& e) const {
    return w.Contact(e.contact) + (e.role.empty() ? " has no role" : " is " + e.role) +
           " in opportunity " + Number(e.opportunity.value);
  }
  std::string operator()(const OpportunityBooked& e) const {
    return "opportunity " + Number(e.opportunity.value) + " booked: " + FormatMoney(e.amount) +
           (e.order.empty() ? "" : ", order " + e.order);
  }
  std::string operator()(const OpportunityLinked& e) const {
    return "lead " + Number(e.lead.value) + " went into opportunity " + Number(e.opportunity.value);
  }
  std::string operator()(const OpportunityRelinked& e) const {
    return "opportunity " + Number(e.opportunity.value) + " now: " + w.Whence(e.lineage);
  }
  std::string operator()(const NoteAdded& e) const { return "note " + Number(e.note.value); }
  std::string operator()(const Amended& e) const {
    return "event " + Number(e.event.seq()) + ":" + Number(e.event.ordinal()) + " amended" +
           Because(e.reason);
  }
  std::string operator()(const Voided& e) const {
    return "event " + Number(e.event.seq()) + ":" + Number(e.event.ordinal()) + " void" +
           Because(e.reason);
  }
  std::string operator()(const Matched& e) const {
    std::string text = e.rule == MatchRule::kNone
                           ? "nobody known"
                           : "known by " + std::string(NameOf(e.rule)) + " " + e.value;
    while (text.ends_with(' ')) text.pop_back();
    if (e.candidates > 1) text += ", which " + Counted(e.candidates, "account") + " have";
    if (e.contact && !e.opened_contact) text += ": " + w.Contact(e.contact);
    return text;
  }
  std::string operator()(const ReviewOpened& e) const {
    return "may be account " + Number(e.other.value) + ": the same " + std::string(NameOf(e.rule)) +
           ", to be reviewed";
  }
  std::string operator()(const AccountsDistinct& e) const {
    return "is not account " + Number(e.other.value);
  }
  std::string operator()(const PolicySet& e) const { return "policy version " + Number(e.version); }
  std::string operator()(const OwnerDefined& e) const {
    return std::string(NameOf(e.kind)) + " defined: " + e.name;
  }
  std::string operator()(const CampaignDefined& e) const { return "campaign defined: " + e.name; }
  std::string operator()(const CampaignCostSet& e) const {
    return w.Campaign(e.campaign) + " cost " + FormatMoney(e.amount) + " on " +
           FormatDate(e.spent_on);
  }
  std::string operator()(const ExchangeRateSet& e) const {
    return "exchange rate " + std::string(e.base.view()) + "/" + std::string(e.quote.view()) +
           " from " + FormatDate(e.valid_from);
  }
};

std::string Words::Event(const EventPayload& payload) { return std::visit(Teller{*this}, payload); }

}  // namespace throughline
