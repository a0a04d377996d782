#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "generator/generated.h"
#include "gtest/gtest.h"
#include "model/json.h"
#include "throughline/policy.h"

// The truth that the generator tells, worked out again from its facts in another way: for every
// opening, everything is looked up anew in all that happened before.

namespace throughline {
namespace {

struct StageChange {
  Time at;
  std::string stage;
};

struct Record {
  EntityKind kind = EntityKind::kNone;
  std::string key;
  bool new_business = true;
  Time opened_at;
  std::string claimed;
  std::string first_lead;
  std::vector<StageChange> changes;

  // Where it stood just before `at`; null if it was not there.
  const StageChange* At(Time at) const {
    const StageChange* last = nullptr;
    for (const StageChange& change : changes) {
      if (change.at < at) last = &change;
    }
    return last;
  }
};

struct Touch {
  GeneratedSource source;
  bool response;
};

class Past {
 public:
  Past(const std::map<std::string, std::string>& channels, const GeneratedAccount& account)
      : channels_(channels) {
    for (const GeneratedFact& fact : account.facts) {
      if (const auto* c = std::get_if<TouchRetract>(&fact.command)) gone_.push_back(c->touch.key);
      if (const auto* c = std::get_if<Void>(&fact.command)) gone_.push_back(c->event.key);
    }
    for (const GeneratedFact& fact : account.facts) {
      if (!IsGone(fact.context.fact))
        std::visit([&](const auto& c) { Read(c, TimeOf(fact)); }, fact.command);
    }
  }

  const std::vector<Record>& records() const { return records_; }
  const Record* Find(const std::string& key) const {
    for (const Record& record : records_) {
      if (record.key == key) return &record;
    }
    return nullptr;
  }

  std::pair<Link, std::string> LinkOf(const Record& record) const {
    if (!record.first_lead.empty()) return {Link::kConverts, record.first_lead};
    const Time at = record.opened_at;
    const Record* open = nullptr;
    const Record* closed = nullptr;  // won ones included
    for (const Record& other : records_) {
      const StageChange* stands = other.opened_at < at ? other.At(at) : nullptr;
      if (stands == nullptr || stands->stage == "converted") continue;
      if (IsClosed(stands->stage)) {
        if (closed == nullptr || closed->At(at)->at < stands->at) closed = &other;
      } else if (other.new_business) {
        if (open == nullptr || open->opened_at < other.opened_at) open = &other;
      }
    }
    if (open != nullptr) return {Link::kJoins, open->key};
    if (closed == nullptr) return {Link::kNone, ""};
    const Link link = closed->At(at)->stage == "won" ? Link::kFollowsOn : Link::kReengages;
    return {link, closed->key};  // no record is older than the window of 730 days
  }

  int64_t EpisodeOf(const Record& record) const {
    const auto [link, previous] = LinkOf(record);
    if (link == Link::kJoins || link == Link::kConverts) return EpisodeOf(*Find(previous));
    int64_t episode = 1;
    for (const Record& other : records_) {
      if (other.opened_at >= record.opened_at) continue;
      const Link of_other = LinkOf(other).first;
      if (of_other != Link::kJoins && of_other != Link::kConverts) ++episode;
    }
    return episode;
  }

  GeneratedSource OriginalOf(const Record& record) const {
    const auto [link, previous] = LinkOf(record);
    if (link != Link::kNone && link != Link::kFollowsOn) return OriginalOf(*Find(previous));
    const Time after = link == Link::kNone ? kMinTime : Find(previous)->At(record.opened_at)->at;
    return SourceIn(after, record, /*first=*/true);
  }

  GeneratedSource LatestOf(const Record& record) const {
    return SourceIn(kMinTime, record, /*first=*/false);
  }

 private:
  static bool IsClosed(const std::string& stage) {
    return Policy::Default()->FindStage(stage)->kind == StageKind::kClosed;
  }

  bool IsGone(uint64_t fact) const {
    for (const std::string& key : gone_) {
      if (FactKeyOf(key) == fact) return true;
    }
    return false;
  }

  GeneratedSource SourceIn(Time after, const Record& record, bool first) const {
    const Touch* best[2] = {nullptr, nullptr};  // of all touches, of responses
    for (const Touch& touch : touches_) {
      if (touch.source.at <= after || touch.source.at > record.opened_at) continue;
      for (int of = 0; of <= static_cast<int>(touch.response); ++of) {
        if (best[of] == nullptr || !first) best[of] = &touch;
      }
    }
    if (best[1] != nullptr) return best[1]->source;
    if (best[0] != nullptr) return best[0]->source;
    if (record.claimed.empty()) return {};
    return {false, record.opened_at, record.claimed, ""};
  }

  template <class Other>
  void Read(const Other&, Time) {}

  void Read(const TouchRecord& c, Time at) {
    const TouchKind* kind = Policy::Default()->FindTouchKind(c.kind);
    ASSERT_NE(kind, nullptr) << c.kind;
    const std::string& campaign = c.campaign.external.key;
    const std::string channel = c.channel.empty() ? channels_.at(campaign) : c.channel;
    touches_.push_back({{true, at, channel, campaign}, kind->response});
  }

  void Read(const LeadOpen& c, Time at) {
    records_.push_back({EntityKind::kLead,
                        c.external_ids[0].key,
                        true,
                        at,
                        c.source,
                        "",
                        {{at, c.stage.empty() ? "inquiry" : c.stage}}});
  }

  void Read(const OpportunityOpen& c, Time at) {
    const std::string lead = c.leads.empty() ? "" : c.leads[0].external.key;
    records_.push_back({EntityKind::kOpportunity,
                        c.external_ids[0].key,
                        c.type == OpportunityType::kNewBusiness,
                        at,
                        c.source,
                        lead,
                        {{at, "discovery"}}});
    for (const LeadRef& ref : c.leads) Move(ref, at, "converted");
  }

  template <class Ref>
  void Move(const Ref& ref, Time at, std::string stage) {
    for (Record& record : records_) {
      if (record.key != ref.external.key) continue;
      if (stage.empty()) stage = LastOpen(record);
      record.changes.push_back({at, stage});
    }
  }

  static std::string LastOpen(const Record& record) {
    for (size_t i = record.changes.size(); i-- > 0;) {
      if (!IsClosed(record.changes[i].stage)) return record.changes[i].stage;
    }
    return "";
  }

  void Read(const LeadMove& c, Time at) { Move(c.lead, at, c.stage); }
  void Read(const LeadNurture& c, Time at) { Move(c.lead, at, "nurture"); }
  void Read(const LeadClose& c, Time at) { Move(c.lead, at, c.stage); }
  void Read(const LeadReopen& c, Time at) { Move(c.lead, at, c.stage); }
  void Read(const LeadConvert& c, Time at) { Move(c.lead, at, "converted"); }
  void Read(const OpportunityMove& c, Time at) { Move(c.opportunity, at, c.stage); }
  void Read(const OpportunityWin& c, Time at) { Move(c.opportunity, at, "won"); }
  void Read(const OpportunityLose& c, Time at) { Move(c.opportunity, at, "lost"); }
  void Read(const OpportunityReopen& c, Time at) { Move(c.opportunity, at, c.stage); }

  // Only the first assignment of a lead that is still marketing's moves it.
  void Read(const LeadAssign& c, Time at) {
    const Record* lead = Find(c.lead.external.key);
    const Stage* stage = Policy::Default()->FindStage(lead->changes.back().stage);
    for (const StageChange& change : lead->changes) {
      if (change.stage == "assigned") return;
    }
    if (stage->phase == Phase::kMarketing) Move(c.lead, at, "assigned");
  }

  const std::map<std::string, std::string>& channels_;
  std::vector<std::string> gone_;
  std::vector<Record> records_;
  std::vector<Touch> touches_;
};

std::map<std::string, std::string> ChannelsOf(const std::vector<GeneratedFact>& reference) {
  std::map<std::string, std::string> channels;
  for (const GeneratedFact& fact : reference) {
    const auto* c = std::get_if<CampaignDefine>(&fact.command);
    if (c != nullptr) channels[c->external_ids[0].key] = *c->channel;
  }
  return channels;
}

void Compare(const Past& past, const GeneratedTruth& truth) {
  SCOPED_TRACE(truth.record);
  const Record* record = past.Find(truth.record);
  ASSERT_NE(record, nullptr);
  const auto [link, previous] = past.LinkOf(*record);
  EXPECT_EQ(NameOf(truth.link), NameOf(link));
  EXPECT_EQ(truth.previous, previous);
  EXPECT_EQ(truth.kind, record->kind);
  EXPECT_EQ(truth.opened_at, record->opened_at);
  EXPECT_EQ(truth.episode, past.EpisodeOf(*record));
  EXPECT_EQ(truth.original, past.OriginalOf(*record));
  EXPECT_EQ(truth.latest, past.LatestOf(*record));
  EXPECT_EQ(truth.stage, record->changes.back().stage);
  EXPECT_EQ(truth.entered.size(), record->changes.size());
}

TEST(TruthTest, IsWhatTheFactsSay) {
  for (const uint64_t seed : {1u, 2u, 3u}) {
    const Generated all = Generate(30'000, seed);
    const std::map<std::string, std::string> channels = ChannelsOf(all.reference);
    for (const GeneratedAccount& account : all.accounts) {
      const Past past(channels, account);
      ASSERT_EQ(account.truth.size(), past.records().size());
      for (const GeneratedTruth& truth : account.truth) Compare(past, truth);
      if (HasFailure()) return;
    }
  }
}

TEST(TruthTest, KnowsTheResponsesOfTheDefaultPolicy) {
  int64_t responses = 0;
  for (const GeneratedAccount& account : Generate(20'000, 4).accounts) {
    for (const GeneratedFact& fact : account.facts) {
      if (const auto* c = std::get_if<TouchRecord>(&fact.command)) {
        responses += Policy::Default()->FindTouchKind(c->kind)->response;
      }
    }
  }
  const GeneratedTotals totals = Generate(20'000, 4).totals;
  EXPECT_NEAR(totals.responses, responses, 20);  // some are retracted
}

}  // namespace
}  // namespace throughline
