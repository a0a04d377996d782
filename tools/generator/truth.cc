#include "generator/truth.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <variant>

#include "model/json.h"

namespace throughline {
namespace {

constexpr int64_t kWindow = 730 * kMicrosPerDay;

constexpr std::array<std::string_view, 15> kResponses = {
    "form",     "demo_request", "content_download", "free_trial",  "survey",
    "reply",    "chat",         "call_in",          "webinar",     "event",
    "referral", "trade_show",   "ad_click",         "email_click", "sales_reply"};

bool IsResponse(std::string_view kind) {
  return std::find(kResponses.begin(), kResponses.end(), kind) != kResponses.end();
}

enum class State { kOpen, kConverted, kEnded, kWon };

State StateIn(std::string_view stage) {
  if (stage == "converted") return State::kConverted;
  if (stage == "won") return State::kWon;
  const bool ended = stage == "dead" || stage == "disqualified" || stage == "lost";
  return ended ? State::kEnded : State::kOpen;
}

struct Touch {
  GeneratedSource source;
  bool response = false;
};

struct Record {
  GeneratedTruth truth;
  State state = State::kOpen;
  std::string open_stage;  // where it was before it was closed
  bool assigned = false;   // to sales or a partner
  Time ClosedAt() const { return *truth.closed_at; }
};

// Reads the facts one after the other. Those that were corrected are read as corrected.
class Reader {
 public:
  Reader(const World& world, const std::vector<const Fact*>& facts) : world_(world) {
    for (const Fact* fact : facts) Correct(fact->command);
    for (const Fact* fact : facts) {
      at_ = fact->context.occurred_at->at;
      fact_ = fact->context.fact;
      const bool gone = !voided_.empty() && std::count(voided_.begin(), voided_.end(), fact_) > 0;
      if (!gone) std::visit(*this, fact->command);
    }
  }

  AccountTruth Finish() && {
    AccountTruth truth;
    for (Record& record : records_) truth.records.push_back(std::move(record.truth));
    truth.touches = std::ssize(touches_);
    truth.responses = std::count_if(touches_.begin(), touches_.end(),
                                    [](const Touch& touch) { return touch.response; });
    return truth;
  }

  template <class Other>
  void operator()(const Other&) {}

  void operator()(const AccountOpen& c) { account_ = c.external_ids.front().key; }

  void operator()(const TouchRecord& c) {
    const std::string& campaign = c.campaign.external.key;
    std::string channel = c.channel;
    if (channel.empty() && c.campaign) channel = world_.ChannelOfCampaign(campaign);
    touches_.push_back({{true, at_, std::move(channel), campaign}, IsResponse(c.kind)});
  }

  void operator()(const LeadOpen& c) {
    Record& record = Open(EntityKind::kLead, c.external_ids.front().key, nullptr, c.source);
    record.assigned = static_cast<bool>(c.owner);
    Enter(record, c.stage.empty() ? "inquiry" : c.stage);
  }

  void operator()(const LeadMove& c) { Enter(Lead(c.lead), c.stage); }
  void operator()(const LeadNurture& c) { Enter(Lead(c.lead), "nurture"); }
  void operator()(const LeadClose& c) { Enter(Lead(c.lead), c.stage); }
  void operator()(const LeadConvert& c) { Enter(Lead(c.lead), "converted"); }
  void operator()(const LeadReopen& c) { Reopen(Lead(c.lead), c.stage); }

  void operator()(const LeadAssign& c) {
    Record& lead = Lead(c.lead);
    if (!std::exchange(lead.assigned, true)) Enter(lead, "assigned");
  }

  void operator()(const OpportunityOpen& c) {
    const Record* first_lead = c.leads.empty() ? nullptr : &Lead(c.leads.front());
    Record& deal = Open(EntityKind::kOpportunity, c.external_ids.front().key, first_lead, c.source);
    deal.truth.type = c.type;
    deal.truth.amount = c.amount;
    Enter(deal, c.stage.empty() ? "discovery" : c.stage);
    for (const LeadRef& lead : c.leads) Enter(Lead(lead), "converted");
  }

  void operator()(const OpportunityMove& c) { Enter(Deal(c.opportunity), c.stage); }
  void operator()(const OpportunityLose& c) { Enter(Deal(c.opportunity), "lost"); }
  void operator()(const OpportunityReopen& c) { Reopen(Deal(c.opportunity), c.stage); }

  void operator()(const OpportunityValue& c) {
    std::optional<Money> amount = c.amount;
    for (const auto& [fact, amended] : amended_) {
      if (fact == fact_) amount = amended;
    }
    if (amount) Deal(c.opportunity).truth.amount = amount;
  }

  void operator()(const OpportunityWin& c) {
    Record& deal = Deal(c.opportunity);
    if (c.amount) deal.truth.amount = c.amount;
    Enter(deal, "won");
  }

  void operator()(const OpportunityBook& c) { Deal(c.opportunity).truth.booked = c.amount; }

 private:
  void Correct(const Command& command) {
    if (const auto* c = std::get_if<TouchRetract>(&command)) {
      voided_.push_back(FactKeyOf(c->touch.key));
    }
    if (const auto* c = std::get_if<Void>(&command)) voided_.push_back(FactKeyOf(c->event.key));
    if (const auto* c = std::get_if<Amend>(&command)) {
      const absl::StatusOr<Money> amount = ParseMoney(c->changes.front().value);
      if (amount.ok()) amended_.emplace_back(FactKeyOf(c->event.key), *amount);
    }
  }

  Record& Find(EntityKind kind, const std::string& key) {
    return *std::find_if(records_.rbegin(), records_.rend(), [&](const Record& record) {
      return record.truth.kind == kind && record.truth.record == key;
    });
  }
  Record& Lead(const LeadRef& ref) { return Find(EntityKind::kLead, ref.external.key); }
  Record& Deal(const OpportunityRef& ref) {
    return Find(EntityKind::kOpportunity, ref.external.key);
  }

  void Enter(Record& record, std::string_view stage) {
    record.state = StateIn(stage);
    record.truth.stage = stage;
    record.truth.entered.emplace_back(stage);
    record.truth.closed_at.reset();
    if (record.state == State::kOpen) record.open_stage = stage;
    if (record.state == State::kEnded || record.state == State::kWon) record.truth.closed_at = at_;
  }
  void Reopen(Record& record, const std::string& stage) {
    Enter(record, stage.empty() ? std::string(record.open_stage) : stage);
  }

  Record& Open(EntityKind kind, const std::string& key, const Record* first_lead,
               const std::string& claimed);
  std::pair<Link, const Record*> LinkOf(const Record* first_lead) const;
  const Record* LatestOpen() const;
  const Record* LatestClosed() const;
  const Record* LatestWon() const;
  int64_t NextEpisode() const;
  GeneratedSource LatestSource(const std::string& claimed) const;
  GeneratedSource ChainSource(std::optional<Time> after, const std::string& claimed) const;

  const World& world_;
  std::string account_;
  Time at_;
  uint64_t fact_ = 0;
  std::vector<uint64_t> voided_;
  std::vector<std::pair<uint64_t, Money>> amended_;
  std::vector<Touch> touches_;   // by time
  std::vector<Record> records_;  // by opening
};

GeneratedSource Claim(const std::string& claimed, Time at) {
  if (claimed.empty()) return {};
  return {false, at, claimed, ""};
}

Record& Reader::Open(EntityKind kind, const std::string& key, const Record* first_lead,
                     const std::string& claimed) {
  const auto [link, previous] = LinkOf(first_lead);
  Record record;
  GeneratedTruth& truth = record.truth;
  truth.kind = kind;
  truth.account = account_;
  truth.record = key;
  truth.opened_at = at_;
  truth.link = link;
  truth.latest = LatestSource(claimed);
  if (previous != nullptr) {
    truth.previous_kind = previous->truth.kind;
    truth.previous = previous->truth.record;
  }
  const bool same_episode = link == Link::kJoins || link == Link::kConverts;
  truth.episode = same_episode ? previous->truth.episode : NextEpisode();
  if (same_episode || link == Link::kReengages) truth.original = previous->truth.original;
  if (truth.original.channel.empty()) {
    const Record* ended = LatestClosed();
    truth.original = ChainSource(ended == nullptr ? std::nullopt : ended->truth.closed_at, claimed);
  }
  return records_.emplace_back(std::move(record));
}

std::pair<Link, const Record*> Reader::LinkOf(const Record* first_lead) const {
  if (first_lead != nullptr) return {Link::kConverts, first_lead};
  if (const Record* open = LatestOpen()) return {Link::kJoins, open};
  const Record* closed = LatestClosed();
  if (closed != nullptr && closed->state == State::kEnded &&
      at_.micros - closed->ClosedAt().micros <= kWindow) {
    return {Link::kReengages, closed};
  }
  if (const Record* won = LatestWon()) return {Link::kFollowsOn, won};
  return {Link::kNone, nullptr};
}

// Expansions and renewals are no open work that a new record could join.
const Record* Reader::LatestOpen() const {
  const Record* latest = nullptr;
  for (const Record& record : records_) {
    const bool counts = record.truth.kind == EntityKind::kLead ||
                        record.truth.type == OpportunityType::kNewBusiness;
    if (counts && record.state == State::kOpen) latest = &record;
  }
  return latest;
}

const Record* Reader::LatestClosed() const {
  const Record* latest = nullptr;
  for (const Record& record : records_) {
    if (!record.truth.closed_at) continue;
    if (latest == nullptr || record.ClosedAt() > latest->ClosedAt()) latest = &record;
  }
  return latest;
}

const Record* Reader::LatestWon() const {
  const Record* latest = nullptr;
  for (const Record& record : records_) {
    if (record.state != State::kWon) continue;
    if (latest == nullptr || record.ClosedAt() > latest->ClosedAt()) latest = &record;
  }
  return latest;
}

int64_t Reader::NextEpisode() const {
  int64_t highest = 0;
  for (const Record& record : records_) highest = std::max(highest, record.truth.episode);
  return highest + 1;
}

GeneratedSource Reader::LatestSource(const std::string& claimed) const {
  const auto response = std::find_if(touches_.rbegin(), touches_.rend(),
                                     [](const Touch& touch) { return touch.response; });
  if (response != touches_.rend()) return response->source;
  return touches_.empty() ? Claim(claimed, at_) : touches_.back().source;
}

GeneratedSource Reader::ChainSource(std::optional<Time> after, const std::string& claimed) const {
  const Touch* first = nullptr;
  for (const Touch& touch : touches_) {
    if (after && touch.source.at <= *after) continue;
    if (touch.response) return touch.source;
    if (first == nullptr) first = &touch;
  }
  return first == nullptr ? Claim(claimed, at_) : first->source;
}

}  // namespace

AccountTruth TruthOf(const World& world, const std::vector<const Fact*>& facts) {
  return Reader(world, facts).Finish();
}

}  // namespace throughline
