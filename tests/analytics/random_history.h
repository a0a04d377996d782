#ifndef THROUGHLINE_TESTS_ANALYTICS_RANDOM_HISTORY_H_
#define THROUGHLINE_TESTS_ANALYTICS_RANDOM_HISTORY_H_

#include <optional>
#include <random>
#include <vector>

#include "analytics/history.h"

namespace throughline {

// Four accounts through about a year, by the rules of the core, with facts entered late, disordered
// moves, amendments, voids and retractions, merged and parted accounts.
class RandomHistory {
 public:
  explicit RandomHistory(uint32_t seed) : random_(seed) {
    ledger.SetNow(kBegin);
    for (const OwnerKind kind : {OwnerKind::kRep, OwnerKind::kRep, OwnerKind::kPartner}) {
      owners_.push_back(
          {ledger.Must(OwnerDefine{.kind = kind, .name = kOwnerNames[owners_.size()]})});
    }
    ledger.Must(ExchangeRate{*ParseCurrency("USD"), *ParseCurrency("EUR"), Date{0}, 900'000'000});
    for (const char* name : {"Spring", "Autumn"}) {
      campaigns_.push_back({ledger.Must(CampaignDefine{.name = name})});
    }
    for (int i = 0; i < 4; ++i) {
      const AccountId account = ledger.OpenAccount();
      contacts_.push_back({ledger.Must(ContactAdd{.account = account, .name = "A"})});
    }
    for (int i = 0; i < 220; ++i) Step();
  }

  TestLedger ledger;
  int64_t leads = 0;
  int64_t opportunities = 0;

  uint32_t Below(uint32_t n) { return std::uniform_int_distribution<uint32_t>(0, n - 1)(random_); }

  // Some time between the beginning of the history and its end.
  Time SomeTime() { return Time{kBegin.micros + Below(400) * kMicrosPerDay}; }

 private:
  static constexpr Time kBegin{1'704'067'200'000'000};  // 2024-01-01

  static constexpr const char* kOwnerNames[] = {"Ann", "Bob", "Resale Ltd"};
  static constexpr const char* kChannels[] = {"", "web", "fair", "mail"};
  static constexpr const char* kLeadStages[] = {"inquiry", "mql",  "nurture",     "assigned",
                                                "sql",     "dead", "disqualified"};
  static constexpr const char* kDealStages[] = {"discovery", "proposal", "on_hold",
                                                "won",       "lost",     "negotiation"};

  // Mostly a little before now; now and then known before it is written down.
  Context SomeContext() {
    Context context;
    context.mode = Mode::kObserve;
    const int64_t back = Below(3) == 0 ? Below(200) : 0;
    context.occurred_at = Moment{Time{ledger.now().micros - back * kMicrosPerDay}, false};
    if (Below(4) == 0) {
      context.occurred_at = Moment{StartOf(DateOf(context.occurred_at->at)), true};
    }
    if (Below(4) == 0) context.entered_at = Time{ledger.now().micros - Below(50) * kMicrosPerDay};
    return context;
  }

  AccountRef SomeAccount() { return ledger.accounts()[Below(4)]; }
  std::optional<Money> SomeAmount() {
    if (Below(3) == 0) return std::nullopt;
    return Money{Below(100) * 100, *ParseCurrency(Below(3) == 0 ? "USD" : "EUR")};
  }

  CampaignRef SomeCampaign() {
    return Below(2) == 0 ? CampaignRef() : CampaignRef(campaigns_[Below(2)]);
  }

  EventRef SomeEvent() {
    const auto& history = ledger.History(ledger.accounts()[Below(4)].value);
    return EventRef{history[Below(static_cast<uint32_t>(history.size()))].id};
  }

  void Step() {
    ledger.SetNow(Time{ledger.now().micros + Below(4) * kMicrosPerDay});
    const absl::StatusOr<Decision> decision = ledger.Execute(SomeCommand(), SomeContext());
    if (!decision.ok()) return;  // refused: no part of the history
    if (decision->entity == EntityKind::kLead) ++leads;
    if (decision->entity == EntityKind::kOpportunity) ++opportunities;
  }

  Command SomeCommand() {
    const LeadRef lead{LeadId{1 + Below(static_cast<uint32_t>(leads + 1))}};
    const OpportunityRef deal{OpportunityId{1 + Below(static_cast<uint32_t>(opportunities + 1))}};
    switch (Below(18)) {
      case 0:
      case 1:
        return LeadOpen{.account = SomeAccount(),
                        .stage = kLeadStages[Below(7)],
                        .source = kChannels[Below(4)]};
      case 2:
      case 3:
        return LeadMove{.lead = lead, .stage = kLeadStages[Below(7)]};
      case 4:
      case 5: {
        const uint32_t account = Below(4);
        return TouchRecord{.account = ledger.accounts()[account],
                           .contact = contacts_[account],
                           .campaign = SomeCampaign(),
                           .channel = kChannels[Below(4)],
                           .kind = Below(2) == 0 ? "form" : "email_send"};
      }
      case 6:
        return OpportunityOpen{.leads = {lead},
                               .type = static_cast<OpportunityType>(Below(4)),
                               .amount = SomeAmount()};
      case 7:
        return OpportunityOpen{
            .account = SomeAccount(), .source = kChannels[Below(4)], .amount = SomeAmount()};
      case 8:
      case 9:
        return OpportunityMove{.opportunity = deal, .stage = kDealStages[Below(6)]};
      case 10:
        return OpportunityValue{.opportunity = deal, .amount = SomeAmount()};
      case 11:
        return Amend{.event = SomeEvent(),
                     .occurred_at = Moment{SomeTime(), Below(2) == 0},
                     .reason = "date"};
      case 12:
        return Amend{.event = SomeEvent(), .changes = {SomeChange()}, .reason = "value"};
      case 13:
      case 14:
        return LeadAssign{.lead = lead, .owner = owners_[Below(3)]};
      case 15: {
        const uint32_t account = Below(4);
        return TouchRecord{.account = ledger.accounts()[account],
                           .contact = contacts_[account],
                           .lead = Below(2) == 0 ? lead : LeadRef(),
                           .channel = "phone",
                           .kind = "call"};
      }
      case 16:
        if (Below(4) > 0) return AccountUnmerge{.account = SomeAccount()};
        return AccountMerge{.account = SomeAccount(), .merged = SomeAccount()};
      default:
        if (Below(3) == 0) return TouchRetract{.touch = SomeEvent()};
        return Void{.event = SomeEvent(), .reason = "mistake"};
    }
  }

  Attribute SomeChange() {
    if (Below(2) == 0) return {"channel", "post"};
    return {"amount", "77 EUR"};
  }

  std::mt19937 random_;
  std::vector<ContactId> contacts_;
  std::vector<OwnerId> owners_;
  std::vector<CampaignId> campaigns_;
};

}  // namespace throughline

#endif  // THROUGHLINE_TESTS_ANALYTICS_RANDOM_HISTORY_H_
