#include "core/evolve.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "model/fold_case.h"

namespace throughline {
namespace {

void MergeAttributes(const std::vector<Attribute>& changes, std::vector<Attribute>& attributes) {
  for (const Attribute& change : changes) {
    const auto at =
        std::lower_bound(attributes.begin(), attributes.end(), change,
                         [](const Attribute& a, const Attribute& b) { return a.name < b.name; });
    const bool found = at != attributes.end() && at->name == change.name;
    if (change.value.empty()) {
      if (found) attributes.erase(at);
    } else if (found) {
      at->value = change.value;
    } else {
      attributes.insert(at, change);
    }
  }
}

void AddExternalIds(Rows& rows, EntityKind entity, int64_t id,
                    const std::vector<ExternalKey>& keys) {
  for (const ExternalKey& key : keys) {
    rows.external_ids.Put(ExternalIdRow{entity, key.system, key.key, id});
  }
}

// A backdated stage change of an observed record takes no negative time.
template <class Record>
void EnterStage(Record& record, const StageRef& stage, const std::string& reason, Date return_on,
                Time at) {
  record.stage = stage.id;
  record.phase = stage.phase;
  record.kind = stage.kind;
  record.stage_since = std::max(record.stage_since, at);
  record.reason = reason;
  record.return_on.reset();
  if (stage.kind == StageKind::kParked && return_on != Date{}) record.return_on = return_on;
  record.closed_at.reset();
  if (stage.kind == StageKind::kClosed) record.closed_at = at;
  if (IsOpen(record)) record.open_stage = stage.id;
}

bool Before(const Moment& a, EventId a_id, const Source& b, bool b_day) {
  if (a.at != b.at) return a.at < b.at;
  if (a.day != b_day) return a.day;
  return a_id < b.touch;
}

// Which of the registered domains of an event is that of `domain`; itself, if it says none.
const std::string& RegisteredOf(const std::string& domain,
                                const std::vector<std::string>& registered) {
  const std::string* longest = &domain;
  size_t size = 0;
  for (const std::string& each : registered) {
    if (each.size() <= size || each.size() >= domain.size() || !domain.ends_with(each)) continue;
    if (domain[domain.size() - each.size() - 1] != '.') continue;
    longest = &each;
    size = each.size();
  }
  return *longest;
}

std::optional<std::string> NameKeyOf(const std::string& name, const std::string& key) {
  std::string by = key.empty() ? FoldName(name) : key;
  return by.empty() ? std::nullopt : std::optional(std::move(by));
}

// One overload for each event that changes rows.
struct Evolver {
  Rows& rows;
  const RecordedEvent& recorded;

  const Event& event() const { return recorded.event; }

  void operator()(const std::monostate&) {}

  void operator()(const AccountOpened& e) {
    AccountRow row;
    row.account = e.account;
    row.name = e.name;
    row.opened_at = event().occurred_at;
    row.name_key = NameKeyOf(row.name, e.name_key);
    MergeAttributes(e.attributes, row.attributes);
    if (const AccountRow* old = rows.accounts.Find(e.account)) row.version = old->version;
    rows.accounts.Put(std::move(row));
    AddDomains(e);
    AddExternalIds(rows, EntityKind::kAccount, e.account.value, e.external_ids);
  }

  void operator()(const AccountUpdated& e) {
    AccountRow* row = rows.accounts.Change(e.account);
    if (row == nullptr) return;
    if (e.name) {
      row->name = *e.name;
      row->name_key = NameKeyOf(row->name, e.name_key);
    }
    MergeAttributes(e.attributes, row->attributes);
    AddDomains(e);
    for (const std::string& d : e.removed_domains) rows.account_domains.Erase({e.account, d, ""});
    AddExternalIds(rows, EntityKind::kAccount, e.account.value, e.external_ids);
  }

  void operator()(const AccountMerged& e) {
    Answer(e.account, e.merged, ReviewState::kMerged);
    if (recorded.stream == e.merged) {
      if (AccountRow* alias = rows.accounts.Change(e.merged)) alias->merged_into = e.account;
    } else if (AccountRow* account = rows.accounts.Change(e.account)) {
      ++account->aliases;
      rows.account_merges.Put({e.account, e.merged, event().occurred_at});
    }
  }

  void operator()(const AccountUnmerged& e) {
    Answer(e.account, e.merged, ReviewState::kOpen);
    if (recorded.stream == e.merged) {
      if (AccountRow* alias = rows.accounts.Change(e.merged)) alias->merged_into = {};
    } else if (AccountRow* account = rows.accounts.Change(e.account)) {
      --account->aliases;
      rows.account_merges.Erase({e.account, e.merged, {}});
    }
  }

  void operator()(const ContactMerged& e) {
    if (ContactRow* alias = rows.contacts.Change(e.merged)) alias->merged_into = e.contact;
    if (ContactRow* contact = rows.contacts.Change(e.contact)) ++contact->aliases;
  }

  void operator()(const ContactUnmerged& e) {
    if (ContactRow* alias = rows.contacts.Change(e.merged)) alias->merged_into = {};
    if (ContactRow* contact = rows.contacts.Change(e.contact)) --contact->aliases;
  }

  void operator()(const ContactAdded& e) {
    rows.contacts.Put(
        {e.contact, recorded.stream, e.profile.revision, event().occurred_at, {}, 0, {}});
  }

  void operator()(const ContactUpdated& e) {
    if (ContactRow* row = rows.contacts.Change(e.contact)) row->revision = e.profile.revision;
  }

  void operator()(const ContactMoved& e) {
    const ContactRow row{e.contact, e.to, e.profile.revision, event().occurred_at, {}, 0, {}};
    if (recorded.stream == e.to) {
      rows.contacts.Put(row);
    } else {
      rows.contacts.Erase(row);
    }
  }

  // When it was recorded: nothing was erased before, whatever date the erasure bears.
  void operator()(const ContactErased& e) {
    if (ContactRow* row = rows.contacts.Change(e.contact)) row->erased_at = recorded.recorded_at;
  }

  void operator()(const TouchRecorded& e) {
    const Moment at = event().occurred();
    if (rows.touches_known) {
      rows.touches.push_back({recorded.id, at, e.channel, e.campaign, e.response});
    }
    if (AccountRow* account = rows.accounts.Change(recorded.stream)) {
      CountTouch(e, at, *account);
    }
    if (e.follow_up) FollowUp(e, at.at);
  }

  void operator()(const LeadOpened& e) {
    LeadRow row;
    row.lead = e.lead;
    row.account = recorded.stream;
    row.contact = e.contact;
    row.owner = e.owner;
    row.type = e.type;
    row.opened_at = event().occurred_at;
    row.stage_since = row.opened_at;
    row.source = e.source;
    row.lineage = e.lineage;
    MergeAttributes(e.attributes, row.attributes);
    EnterStage(row, e.stage, "", e.return_on, row.opened_at);
    rows.leads.Put(std::move(row));
    AddExternalIds(rows, EntityKind::kLead, e.lead.value, e.external_ids);
    CountRecord(e.lineage.episode);
  }

  void operator()(const LeadMoved& e) {
    LeadRow* row = rows.leads.Change(e.lead);
    if (row == nullptr) return;
    EnterStage(*row, e.to, e.reason, e.return_on, event().occurred_at);
    row->opportunity = e.to.kind == StageKind::kConverted ? e.opportunity : OpportunityId{};
  }

  void operator()(const LeadAssigned& e) {
    if (LeadRow* row = rows.leads.Change(e.lead)) row->owner = e.owner;
  }

  void operator()(const LeadHandedOff& e) {
    LeadRow* row = rows.leads.Change(e.lead);
    if (row != nullptr && !row->handed_off_at) row->handed_off_at = event().occurred_at;
  }

  void operator()(const LeadRelinked& e) {
    LeadRow* row = rows.leads.Change(e.lead);
    if (row == nullptr) return;
    row->lineage = e.lineage;
    CountEpisodes();
  }

  void operator()(const OpportunityOpened& e) {
    OpportunityRow row;
    row.opportunity = e.opportunity;
    row.account = recorded.stream;
    row.owner = e.owner;
    row.type = e.type;
    row.name = e.name;
    row.opened_at = event().occurred_at;
    row.stage_since = row.opened_at;
    row.amount = e.amount;
    row.close_date = e.close_date;
    row.source = e.source;
    row.lineage = e.lineage;
    MergeAttributes(e.attributes, row.attributes);
    EnterStage(row, e.stage, "", Date{}, row.opened_at);
    rows.opportunities.Put(std::move(row));
    for (const LeadId lead : e.leads) rows.opportunity_leads.Put({e.opportunity, lead});
    AddExternalIds(rows, EntityKind::kOpportunity, e.opportunity.value, e.external_ids);
    CountRecord(e.lineage.episode);
  }

  void operator()(const OpportunityMoved& e) {
    if (OpportunityRow* row = rows.opportunities.Change(e.opportunity)) {
      EnterStage(*row, e.to, e.reason, e.return_on, event().occurred_at);
    }
  }

  void operator()(const OpportunityValued& e) {
    OpportunityRow* row = rows.opportunities.Change(e.opportunity);
    if (row == nullptr) return;
    if (e.amount) row->amount = e.amount;
    if (e.close_date) row->close_date = e.close_date;
  }

  void operator()(const OpportunityAssigned& e) {
    if (OpportunityRow* row = rows.opportunities.Change(e.opportunity)) row->owner = e.owner;
  }

  void operator()(const OpportunityRoleSet& e) {
    if (rows.opportunities.Find(e.opportunity) == nullptr) return;
    if (e.role.empty()) {
      rows.opportunity_roles.Erase({e.opportunity, e.contact, ""});
    } else {
      rows.opportunity_roles.Put({e.opportunity, e.contact, e.role});
    }
  }

  void operator()(const OpportunityBooked& e) {
    OpportunityRow* row = rows.opportunities.Change(e.opportunity);
    if (row == nullptr) return;
    row->booked = e.amount;
    row->booked_on = e.booked_on;
    row->order = e.order;
  }

  void operator()(const OpportunityLinked& e) {
    if (rows.opportunities.Find(e.opportunity) == nullptr) return;
    rows.opportunity_leads.Put({e.opportunity, e.lead});
  }

  void operator()(const OpportunityRelinked& e) {
    OpportunityRow* row = rows.opportunities.Change(e.opportunity);
    if (row == nullptr) return;
    row->lineage = e.lineage;
    CountEpisodes();
  }

  void operator()(const NoteAdded&) {}
  void operator()(const TouchRetracted&) {}
  void operator()(const Amended&) {}
  void operator()(const Voided&) {}

  void operator()(const PolicySet& e) { rows.policies.Put({e.version, e.json}); }

  void operator()(const OwnerDefined& e) {
    const OwnerRow* old = rows.owners.Find(e.owner);
    rows.owners.Put({e.owner, old == nullptr ? 1 : old->version + 1, e.kind, e.side, e.name, e.team,
                     e.retired});
    AddExternalIds(rows, EntityKind::kOwner, e.owner.value, e.external_ids);
  }

  void operator()(const CampaignDefined& e) {
    const CampaignRow* old = rows.campaigns.Find(e.campaign);
    rows.campaigns.Put({e.campaign, old == nullptr ? 1 : old->version + 1, e.name, e.channel,
                        e.parent, e.starts_on, e.ends_on});
    AddExternalIds(rows, EntityKind::kCampaign, e.campaign.value, e.external_ids);
  }

  void operator()(const CampaignCostSet& e) {
    rows.campaign_costs.Put({e.campaign, e.spent_on, e.amount});
  }

  void operator()(const ExchangeRateSet& e) {
    rows.exchange_rates.Put({e.base, e.quote, e.valid_from, e.rate_e9});
  }

  void operator()(const Matched&) {}

  void operator()(const ReviewOpened& e) {
    rows.reviews.Put({e.account, e.other, e.rule, event().occurred_at, ReviewState::kOpen, {}});
  }

  void operator()(const AccountsDistinct& e) { Settle(e.account, e.other, ReviewState::kDistinct); }

 private:
  // A merge answers what was asked of the two, and its undoing asks it anew.
  void Answer(AccountId account, AccountId other, ReviewState state) {
    if (account < other) std::swap(account, other);
    if (recorded.stream != account) return;
    const ReviewRow* asked = rows.reviews.Find({account, other});
    if (asked == nullptr || asked->state == ReviewState::kDistinct) return;
    ReviewRow* row = rows.reviews.Change({account, other});
    row->state = state;
    row->settled_at.reset();
    if (state == ReviewState::kMerged) row->settled_at = event().occurred_at;
  }

  // The answer to a pair's question, whether or not it was asked.
  void Settle(AccountId account, AccountId other, ReviewState state) {
    const Time at = event().occurred_at;
    ReviewRow* row = rows.reviews.Change({account, other});
    if (row == nullptr) row = &rows.reviews.Put({account, other, MatchRule::kNone, at, state, {}});
    row->state = state;
    row->settled_at = at;
  }

  template <class AccountEvent>
  void AddDomains(const AccountEvent& e) {
    for (const std::string& domain : e.domains) {
      rows.account_domains.Put({e.account, domain, RegisteredOf(domain, e.registered_domains)});
    }
  }

  void CountTouch(const TouchRecorded& e, const Moment& at, AccountRow& account) {
    const bool first =
        account.touches == 0 || Before(at, recorded.id, account.first, account.first_day);
    if (first) {
      account.first = {recorded.id, at.at, e.channel, e.campaign};
      account.first_day = at.day;
    }
    ++account.touches;
    account.last_touch_at = std::max(account.last_touch_at.value_or(at.at), at.at);
  }

  void CountRecord(int64_t episode) {
    AccountRow* account = rows.accounts.Change(recorded.stream);
    if (account == nullptr) return;
    account->episodes = std::max(account->episodes, episode);
    const Time at = event().occurred_at;
    account->last_opened_at = std::max(account->last_opened_at.value_or(at), at);
  }

  // Of all records of the account: who relinks has them.
  void CountEpisodes() {
    AccountRow* account = rows.accounts.Change(recorded.stream);
    if (account == nullptr) return;
    account->episodes = 0;
    const auto count = [&](const auto& record) {
      if (record.account != recorded.stream) return;
      account->episodes = std::max(account->episodes, record.lineage.episode);
    };
    rows.leads.ForEach(count);
    rows.opportunities.ForEach(count);
  }

  ContactId PersonOf(ContactId contact) const {
    return rows.persons ? rows.persons->RootOf(contact) : RootOf(rows.contacts, contact);
  }

  // A follow-up that names a lead counts for it; one that names only the person, for the leads of
  // that person that are in sales' hands.
  void FollowUp(const TouchRecorded& e, Time at) {
    std::vector<LeadId> leads;
    if (e.lead) {
      leads.push_back(e.lead);
    } else if (e.contact) {
      const ContactId person = PersonOf(e.contact);
      rows.leads.ForEach([&](const LeadRow& lead) {
        if (PersonOf(lead.contact) == person) leads.push_back(lead.lead);
      });
    }
    for (const LeadId id : leads) {
      const LeadRow* lead = rows.leads.Find(id);
      if (lead == nullptr || !lead->handed_off_at || at < *lead->handed_off_at) continue;
      if (lead->followed_up_at && *lead->followed_up_at <= at) continue;
      rows.leads.Change(id)->followed_up_at = at;
    }
  }
};

}  // namespace

void Evolve(Rows& rows, const RecordedEvent& event) {
  std::visit(Evolver{rows, event}, event.event.payload);
  AccountRow* account = rows.accounts.Change(event.stream);
  if (account == nullptr && event.stream == kNoAccount) account = &rows.accounts.Put({});
  if (account != nullptr) account->version = event.version;
}

bool RevisesHistory(const EventPayload& payload) {
  return std::holds_alternative<Amended>(payload) || std::holds_alternative<Voided>(payload) ||
         std::holds_alternative<TouchRetracted>(payload);
}

}  // namespace throughline
