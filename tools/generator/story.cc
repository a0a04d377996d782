#include "generator/story.h"

#include <algorithm>
#include <array>

#include "generator/calendar.h"

namespace throughline {
namespace {

constexpr std::array<std::string_view, 12> kTrades = {
    "Millworks", "Foundry",   "Logistics", "Bottling", "Textiles", "Castings",
    "Packaging", "Machining", "Ceramics",  "Printing", "Dairies",  "Timber"};

struct Country {
  std::string_view code;
  Currency currency;
};
constexpr std::array<Country, 8> kCountries = {{{"DE", {{'E', 'U', 'R'}}},
                                                {"FR", {{'E', 'U', 'R'}}},
                                                {"NL", {{'E', 'U', 'R'}}},
                                                {"ES", {{'E', 'U', 'R'}}},
                                                {"AT", {{'E', 'U', 'R'}}},
                                                {"US", {{'U', 'S', 'D'}}},
                                                {"US", {{'U', 'S', 'D'}}},
                                                {"GB", {{'G', 'B', 'P'}}}}};

constexpr std::array<std::string_view, 8> kTitles = {
    "Head of Operations", "Plant Manager", "Buyer",           "Finance Director",
    "IT Manager",         "Engineer",      "Quality Manager", "Managing Director"};

}  // namespace

// --- Times. ---

int64_t Story::Later(int64_t at, int64_t min_days, int64_t max_days) {
  const int64_t day = WorkdayFrom(DayOf(at) + rng_.Between(min_days, max_days));
  const int64_t time = day * kDaySeconds + 8 * kHourSeconds + rng_.Below(10 * kHourSeconds);
  return time > at ? time : Soon(at);
}

int64_t Story::QuarterClose(int64_t at, int64_t min_days) {
  const int64_t last = QuarterEnd(DayOf(at) + min_days);
  const int64_t day = WorkdayUpTo(last - rng_.Below(4));
  const int64_t time = day * kDaySeconds + 9 * kHourSeconds + rng_.Below(10 * kHourSeconds);
  return time > at ? time : Soon(at);
}

// --- The account as a whole. ---

// Most accounts only visit, many become a lead, some become customers, a few have hundreds of
// facts.
void Story::Tell(int64_t room, int64_t neighbour_since) {
  const int64_t draw = room < 45 ? 0 : rng_.Below(1000);
  if (draw < 525) {
    const int64_t at = kFirstSecond + rng_.Below(kLastSecond - kFirstSecond - 30 * kDaySeconds);
    OpenAccount(at);
    Visits(at, rng_.Between(1, 4));
    return;
  }
  if (draw < 535) return WalkIn();
  enterprise_ = draw >= 995 && room > 700;
  int64_t episodes = 1;
  if (draw >= 970 && room > 250) episodes = rng_.Between(2, 3);
  if (enterprise_) episodes = rng_.Between(4, 8);
  std::vector<Origin> origins;
  for (int64_t i = 0; i < episodes; ++i) origins.push_back(DrawOrigin());
  std::sort(origins.begin(), origins.end(),
            [](const Origin& a, const Origin& b) { return a.at < b.at; });
  OpenAccount(origins.front().at);
  if (rng_.Chance(30)) Visits(opened_ + rng_.Between(60, 3000), rng_.Between(1, 2));
  for (const Origin& origin : origins) Episode(origin);
  Background(enterprise_ ? rng_.Between(120, 320) : rng_.Between(0, episodes * 6));
  Mishaps(neighbour_since);
}

Story::Origin Story::DrawOrigin() {
  int64_t draw = rng_.Below(100);
  size_t index = 0;
  while (draw >= kChannelTraits[index].share) draw -= kChannelTraits[index++].share;
  const auto channel = static_cast<Channel>(index);
  const int campaign = world_.PickCampaign(channel, rng_);
  // The first weeks are left to the accounts' beginnings, the last ones are too late for a story.
  int64_t day = DayOf(kFirstSecond) + rng_.Between(5, 700);
  if (campaign >= 0 && world_.campaigns()[static_cast<size_t>(campaign)].dated()) {
    day = world_.campaigns()[static_cast<size_t>(campaign)].first_day;
  }
  return {channel, campaign, day * kDaySeconds + 8 * kHourSeconds + rng_.Below(36'000)};
}

void Story::OpenAccount(int64_t before) {
  const int64_t lead_time = rng_.Chance(30) ? rng_.Between(1, 40) * kDaySeconds : 3600;
  opened_ = std::max(kFirstSecond + rng_.Below(3600), before - lead_time);
  const Country& country = rng_.Pick(kCountries);
  currency_ = country.currency;
  const int64_t size = rng_.Below(100);
  AccountNote note = {.at = opened_,
                      .trade = rng_.Pick(kTrades),
                      .country = country.code,
                      .segment = "small",
                      .employees = rng_.Between(10, 99)};
  if (enterprise_ || size >= 90) {
    note.segment = "large";
    note.employees = rng_.Between(10, 200) * 100;
  } else if (size >= 55) {
    note.segment = "medium";
    note.employees = rng_.Between(100, 999);
  }
  scribe_.OpenAccount(note);
}

// Anonymous page views, and perhaps somebody who leaves a name and is sent mail.
void Story::Visits(int64_t at, int64_t touches) {
  for (int64_t i = 0; i < touches; ++i) {
    at += rng_.Between(30, 900);
    scribe_.Touch({.at = at, .kind = "page_view", .channel = "organic_search"});
  }
  if (!rng_.Chance(45)) return;
  const int contact = NewContact(at + 60);
  at += 120;
  const int campaign = world_.RunningCampaign(Channel::kEmail, DayOf(at), rng_);
  const std::string_view channel = campaign < 0 ? "email" : "";
  const auto mail = [&](int64_t when, std::string_view kind) {
    scribe_.Touch(
        {.at = when, .kind = kind, .channel = channel, .campaign = campaign, .contact = contact});
  };
  for (int64_t i = rng_.Between(1, 3); i > 0; --i) {
    at = Later(at, 1, 45);
    mail(at, "email_send");
    if (rng_.Chance(25)) mail(at + rng_.Between(600, 40'000), "email_open");
  }
}

// A deal that nobody knows the source of.
void Story::WalkIn() {
  const int64_t at = kFirstSecond + rng_.Between(5, 600) * kDaySeconds;
  OpenAccount(Later(at, 0, 3));
  const int64_t opened = Soon(opened_);
  const int contact = NewContact(opened - 60);
  Deal deal = OpenDeal({.at = opened, .owner = world_.PickRep(rng_)}, contact, 40);
  const Ending ending = RunDeal(deal);
  if (ending.end == End::kWon) GoOn(ending);
}

void Story::Background(int64_t touches) {
  const int64_t span = kLastSecond - opened_;
  for (int64_t i = 0; i < touches; ++i) BackgroundTouch(opened_ + 600 + rng_.Below(span));
}

void Story::BackgroundTouch(int64_t at) {
  static constexpr std::array<std::string_view, 10> kMails = {
      "email_send", "email_send", "email_send", "email_send",  "email_open",
      "email_open", "email_send", "email_send", "email_click", "email_open"};
  const int contact = AnyContactAt(at);
  if (contact < 0 || rng_.Chance(25)) {
    const bool advert = rng_.Chance(40);
    const int campaign =
        advert ? world_.RunningCampaign(Channel::kPaidSearch, DayOf(at), rng_) : -1;
    scribe_.Touch({.at = at,
                   .kind = advert ? "ad_impression" : "page_view",
                   .channel = campaign >= 0 ? ""
                              : advert      ? "paid_search"
                                            : "organic_search",
                   .campaign = campaign});
    return;
  }
  const int campaign = world_.RunningCampaign(Channel::kEmail, DayOf(at), rng_);
  scribe_.Touch({.at = at,
                 .kind = rng_.Pick(kMails),
                 .channel = campaign < 0 ? "email" : "",
                 .campaign = campaign,
                 .contact = contact});
}

// -1 if nobody was known then.
int Story::AnyContactAt(int64_t at) {
  if (scribe_.contacts() == 0) return -1;
  const int contact = static_cast<int>(rng_.Below(scribe_.contacts()));
  return scribe_.ContactSince(contact) < at ? contact : -1;
}

int Story::NewContact(int64_t at) { return scribe_.AddContact(at, Title()); }

std::string_view Story::Title() { return rng_.Pick(kTitles); }

}  // namespace throughline
