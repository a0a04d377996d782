#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "generator/calendar.h"
#include "generator/story.h"

// Opportunities, and what comes after them: returns through a colleague, further business.

namespace throughline {
namespace {

constexpr std::array<int64_t, 16> kValues = {  // minor units; the upper ones are large accounts'
    350'000,   500'000,   700'000,   900'000,   1'100'000, 1'400'000, 1'700'000,  2'000'000,
    2'500'000, 3'000'000, 3'800'000, 4'800'000, 6'000'000, 9'000'000, 14'000'000, 26'000'000};
constexpr std::array<std::string_view, 8> kLost = {"no_decision", "no_decision",    "no_decision",
                                                   "price",       "competitor",     "no_budget",
                                                   "bad_timing",  "missing_feature"};
constexpr std::array<std::string_view, 3> kMeetings = {"meeting", "demo", "call"};
constexpr std::array<std::string_view, 4> kRoles = {"decision_maker", "champion", "user",
                                                    "purchasing"};
constexpr int kMostReturns = 4;

}  // namespace

Story::Deal Story::OpenDeal(DealNote note, int contact, int64_t quality) {
  const int64_t draw = rng_.Below(enterprise_ ? 16 : 14);
  const int64_t value =
      kValues[static_cast<size_t>(draw)] * rng_.Between(80, 120) / 100 / 10'000 * 10'000;
  const int64_t close_day = WorkdayFrom(DayOf(note.at) + rng_.Between(30, 120));
  const bool value_known = rng_.Chance(60);
  if (value_known) note.amount = Amount(value);
  if (rng_.Chance(80)) note.close_day = close_day;
  const int id = scribe_.OpenDeal(note);
  return {id, contact, note.owner, quality, note.at, value, close_day, value_known};
}

// Through proposal and negotiation, or lost on the way; what is not over by the end stays open.
Story::Ending Story::RunDeal(Deal& deal) {
  AddRoles(deal);
  for (int64_t i = rng_.Between(0, 2); i > 0; --i) Meet(deal);
  if (rng_.Chance(22)) return Lose(deal);
  if (!Advance(deal, "proposal")) return Over(deal, End::kOpen);
  if (!deal.value_known || rng_.Chance(40)) Revise(deal);
  if (rng_.Chance(25)) return Lose(deal);
  if (rng_.Chance(80) && !Advance(deal, "negotiation")) return Over(deal, End::kOpen);
  if (rng_.Chance(45)) Revise(deal);
  if (rng_.Chance(5)) {
    deal.at = Later(deal.at, 1, 10);
    deal.owner = world_.PickRep(rng_);
    scribe_.AssignDeal(deal.at, deal.id, deal.owner);
  }
  const int64_t chance = 35 + deal.quality / 4 + world_.owner(deal.owner).skill;
  return rng_.Chance(chance) ? Win(deal) : Lose(deal);
}

// Meetings, then the next stage; false if it is put on hold and does not come back.
bool Story::Advance(Deal& deal, std::string_view stage) {
  for (int64_t i = rng_.Between(0, 2); i > 0; --i) Meet(deal);
  if (rng_.Chance(6)) {
    deal.at = Later(deal.at, 3, 20);
    const int64_t until = WorkdayFrom(DayOf(deal.at) + rng_.Between(30, 120));
    scribe_.HoldDeal(deal.at, deal.id, until);
    if (rng_.Chance(35)) return false;
    deal.at = Later(until * kDaySeconds, 0, 5);
  } else {
    deal.at = Later(deal.at, 4, enterprise_ ? 40 : 25);
  }
  scribe_.MoveDeal(deal.at, deal.id, stage);
  return true;
}

void Story::Meet(Deal& deal) {
  deal.at = Later(deal.at, 2, 12);
  scribe_.Touch({.at = deal.at,
                 .kind = rng_.Pick(kMeetings),
                 .channel = "sales",
                 .contact = deal.contact,
                 .opportunity = deal.id,
                 .owner = deal.owner});
}

// Another amount, or the close date slips by a month or two.
void Story::Revise(Deal& deal) {
  deal.at = Soon(deal.at);
  std::optional<Money> amount;
  if (!deal.value_known || rng_.Chance(50)) {
    deal.value = std::max<int64_t>(deal.value * rng_.Between(75, 125) / 100 / 10'000, 10) * 10'000;
    deal.value_known = true;
    amount = Amount(deal.value);
  }
  std::optional<int64_t> close_day;
  if (!amount || rng_.Chance(50)) {
    deal.close_day = WorkdayFrom(deal.close_day + rng_.Between(14, 75));
    close_day = deal.close_day;
  }
  const int draft = scribe_.ValueDeal(deal.at, deal.id, amount, close_day);
  if (amount) value_drafts_.push_back({draft, deal.at, deal.value});
}

void Story::AddRoles(Deal& deal) {
  const int64_t at = Soon(deal.at);
  scribe_.SetRole(at, deal.id, deal.contact, rng_.Pick(kRoles));
  if (rng_.Chance(40)) {
    const int contact = NewContact(at + 60);
    scribe_.SetRole(at + 120, deal.id, contact, rng_.Pick(kRoles));
    if (rng_.Chance(50)) deal.contact = contact;
    if (rng_.Chance(6)) scribe_.SetRole(Later(at, 3, 20), deal.id, contact, "");
  }
  deal.at = at + 180;
}

Story::Ending Story::Win(Deal& deal) {
  deal.at = rng_.Chance(35) ? QuarterClose(deal.at, 5) : Later(deal.at, 4, 40);
  std::optional<Money> amount = Amount(deal.value);
  if (deal.value_known ? rng_.Chance(50) : rng_.Chance(60)) amount.reset();
  scribe_.WinDeal(deal.at, deal.id, amount);
  if (rng_.PerMille(15)) {  // the customer withdraws
    deal.at = Later(deal.at, 3, 20);
    scribe_.ReopenDeal(deal.at, deal.id, "negotiation");
    return Lose(deal);
  }
  const bool known = amount || deal.value_known;
  if (known && rng_.Chance(85)) {
    const int64_t booked = deal.value * (rng_.Chance(85) ? 100 : rng_.Between(90, 99)) / 100;
    scribe_.BookDeal(Later(deal.at, 1, 12), deal.id, Amount(booked));
  }
  return Over(deal, End::kWon);
}

Story::Ending Story::Lose(Deal& deal) {
  deal.at = rng_.Chance(45) ? QuarterClose(deal.at, 10) : Later(deal.at, 6, 50);
  scribe_.LoseDeal(deal.at, deal.id, rng_.Pick(kLost));
  if (rng_.Chance(4)) {
    deal.at = Later(deal.at, 5, 35);
    scribe_.ReopenDeal(deal.at, deal.id, rng_.Chance(50) ? "" : "proposal");
    return rng_.Chance(50) ? Win(deal) : Lose(deal);
  }
  return Over(deal, End::kLost);
}

// --- What comes after. ---

void Story::GoOn(const Ending& ending) {
  if (ending.at > kLastSecond || returns_ >= kMostReturns) return;
  if (ending.end == End::kWon) {
    if (rng_.Chance(40)) {
      FollowOn(ending, OpportunityType::kExpansion, Later(ending.at, 60, 300));
    }
    if (rng_.Chance(45)) FollowOn(ending, OpportunityType::kRenewal, Later(ending.at, 320, 380));
    return;
  }
  const int64_t chance = ending.end == End::kDead           ? 34
                         : ending.end == End::kLost         ? 32
                         : ending.end == End::kDisqualified ? 8
                                                            : 0;
  if (rng_.Chance(chance)) ComeBack(ending);
}

// Months later somebody else at the same company calls in, or the rep meets them.
void Story::ComeBack(const Ending& ending) {
  ++returns_;
  int64_t at = Later(ending.at, 90, 420);
  if (rng_.Chance(30)) BackgroundTouch(at - rng_.Between(5, 60) * kDaySeconds);
  const int known = AnyContactAt(at);
  const bool colleague = known >= 0 && known != ending.contact && rng_.Chance(30);
  const int contact = colleague ? known : NewContact(at - 60);
  const int64_t draw = rng_.Below(100);
  if (draw < 60) {
    scribe_.Touch({.at = at, .kind = "call_in", .channel = "phone", .contact = contact});
  } else if (draw < 75) {
    scribe_.Touch(
        {.at = at, .kind = "demo_request", .channel = "organic_search", .contact = contact});
  }
  Ending back = ending;
  if (back.owner < 0 || rng_.Chance(50)) back.owner = world_.PickRep(rng_);
  at = Later(at, 0, 10);
  const bool meets = draw >= 75 || rng_.Chance(50);
  if (meets) {
    scribe_.Touch(
        {.at = at, .kind = "meeting", .channel = "sales", .contact = contact, .owner = back.owner});
  }
  TypeIn(back, contact, Soon(at));
}

// The rep types in a deal or a lead without history, and calls it sales' own.
void Story::TypeIn(const Ending& ending, int contact, int64_t at) {
  if (rng_.Chance(40)) {
    const int id = scribe_.OpenLead({.at = at,
                                     .contact = contact,
                                     .owner = ending.owner,
                                     .stage = "working",
                                     .type = "outbound",
                                     .source = "sales"});
    Lead lead = {id, contact, ending.owner, 55, at};
    return GoOn(Work(lead, "working"));
  }
  DealNote note = {.at = at, .owner = ending.owner, .source = "sales"};
  if (rng_.Chance(55)) note.entered = at + rng_.Between(14, 70) * kDaySeconds;
  Deal deal = OpenDeal(std::move(note), contact, 55);
  GoOn(RunDeal(deal));
}

void Story::FollowOn(const Ending& ending, OpportunityType type, int64_t at) {
  ++returns_;
  scribe_.Touch({.at = at - rng_.Between(1, 20) * kHourSeconds,
                 .kind = "call",
                 .channel = "sales",
                 .contact = ending.contact,
                 .owner = ending.owner});
  DealNote note = {.at = at, .type = type, .owner = ending.owner, .source = "customer"};
  Deal deal = OpenDeal(std::move(note), ending.contact, 100);
  GoOn(RunDeal(deal));
}

}  // namespace throughline
