#include "generator/world.h"

#include <algorithm>
#include <utility>

#include "generator/calendar.h"

namespace throughline {
namespace {

constexpr int64_t kDefinedOn = DayNumber(2022, 12, 1);
constexpr int64_t kMonths = 24;
constexpr int64_t kEventsOfCosts = 20'000;  // the costs below are those of a company of this size

constexpr std::array<std::string_view, kChannels> kKeys = {"WEB", "SHOW", "PPC", "MAIL",
                                                           "CON", "PAR",  "SEO", "REF"};
constexpr std::array<std::string_view, kChannels> kNames = {
    "Webinar", "Trade show",     "Search ads",        "Newsletter",
    "Guide",   "Partner scheme", "Search visibility", "Referral scheme"};

constexpr int64_t MonthStart(int64_t month) {  // 0: January 2023
  return DayNumber(2023 + static_cast<int>(month / 12), static_cast<unsigned>(month % 12 + 1), 1);
}

// A fact of which only the day is known.
Context OnDay(int64_t day, int64_t entered_day) {
  Context context;
  context.occurred_at = Moment{StartOf(DateOfDay(day)), true};
  context.entered_at = TimeOf(entered_day * kDaySeconds + 9 * kHourSeconds);
  return context;
}

constexpr std::array<Currency, 2> kForeign = {{{{'U', 'S', 'D'}}, {{'G', 'B', 'P'}}}};
constexpr Currency kEuro = {{'E', 'U', 'R'}};
constexpr std::array<int64_t, 2> kRates = {925'000'000, 1'155'000'000};

}  // namespace

// How many of each there are: a few for a small company, so that its accounts are not outnumbered.
struct World::Size {
  int64_t reps, teams, partners;
  int64_t webinars, shows, searches, mailings, guides, schemes;
  int64_t months_between_costs, months_between_rates;

  static Size Of(int64_t events) {
    if (events < 500) return {2, 1, 1, 1, 0, 1, 1, 0, 1, 12, 24};
    if (events < 5'000) return {4, 2, 1, 4, 2, 1, 2, 1, 1, 3, 6};
    if (events < 100'000) return {10, 3, 3, 8, 4, 2, 4, 3, 2, 1, 3};
    const int64_t reps = 24 + events / 50'000;
    return {reps, reps / 6, 8, 24, 8, 4, 8, 6, 4, 1, 1};
  }
};

World::World(int64_t events, uint64_t seed) {
  Rng rng = Rng::Of(seed, 0);
  const Size size = Size::Of(events);
  months_between_costs_ = size.months_between_costs;
  months_between_rates_ = size.months_between_rates;
  AddOwners(size, rng);
  AddCampaigns(size, rng);
  for (Campaign& campaign : campaigns_) {
    const int64_t scaled = campaign.cost_minor * events / kEventsOfCosts;
    campaign.cost_minor = std::max(scaled, campaign.cost_minor / 10) / 100 * 100;
  }
}

void World::AddOwners(const Size& size, Rng& rng) {
  partners_ = size.partners;
  reps_ = size.reps;
  first_rep_ = 1 + size.partners + size.teams;
  const auto add = [this](std::string name, Owner owner) {
    owner.key = "U-" + std::to_string(owners_.size() + 1);
    owner.name = std::move(name);
    owners_.push_back(std::move(owner));
  };
  add("Marketing", {.kind = OwnerKind::kTeam, .side = Side::kMarketing});
  for (int64_t i = 1; i <= size.partners; ++i) {
    add("Partner " + std::to_string(i), {.kind = OwnerKind::kPartner,
                                         .diligence = rng.Between(25, 80),
                                         .skill = rng.Between(-8, 4)});
  }
  for (int64_t i = 1; i <= size.teams; ++i) {
    add("Sales team " + std::to_string(i), {.kind = OwnerKind::kTeam});
  }
  for (int64_t i = 1; i <= size.reps; ++i) {
    add("Rep " + std::to_string(i), {.team = static_cast<int>(1 + size.partners + i % size.teams),
                                     .diligence = rng.Between(40, 90),
                                     .skill = rng.Between(-10, 12)});
  }
}

void World::AddCampaigns(const Size& size, Rng& rng) {
  AddDated(Channel::kWebinar, size.webinars, DayNumber(2023, 1, 24), 350'000, rng);
  AddDated(Channel::kTradeShow, size.shows, DayNumber(2023, 3, 14), 2'800'000, rng);
  AddRunning(Channel::kPaidSearch, size.searches, 600'000, rng);
  AddRunning(Channel::kEmail, size.mailings, 80'000, rng);
  AddRunning(Channel::kContent, size.guides, 250'000, rng);
  AddRunning(Channel::kPartner, size.schemes, 120'000, rng);
}

void World::AddDated(Channel channel, int64_t count, int64_t first_day, int64_t cost, Rng& rng) {
  const int64_t weeks = (MonthStart(kMonths) - first_day) / 7;
  for (int64_t i = 0; i < count; ++i) {
    const int64_t day = first_day + weeks * i / count * 7;
    const int64_t scaled = cost * 6 / std::max<int64_t>(count, 6) * rng.Between(70, 130) / 100;
    Add({.name =
             std::string(kNames[static_cast<size_t>(channel)]) + " " + FormatDate(DateOfDay(day)),
         .channel = channel,
         .first_day = day,
         .last_day = day,
         .cost_minor = scaled});
  }
}

void World::AddRunning(Channel channel, int64_t count, int64_t cost, Rng& rng) {
  for (int64_t i = 0; i < count; ++i) {
    Add({.name = std::string(kNames[static_cast<size_t>(channel)]) + " " + std::to_string(i + 1),
         .channel = channel,
         .first_day = DayOf(kFirstSecond),
         .last_day = DayOf(kLastSecond),
         .cost_minor = cost / count * rng.Between(70, 130) / 100});
  }
}

void World::Add(Campaign campaign) {
  const auto channel = static_cast<size_t>(campaign.channel);
  std::vector<int>& of_channel = by_channel_[channel];
  of_channel.push_back(static_cast<int>(campaigns_.size()));
  campaign.key = std::string(kKeys[channel]) + "-" + std::to_string(of_channel.size());
  channel_of_.emplace(campaign.key, campaign.channel);
  campaigns_.push_back(std::move(campaign));
}

int World::PickCampaign(Channel channel, Rng& rng) const {
  const std::vector<int>& of_channel = by_channel_[static_cast<size_t>(channel)];
  if (of_channel.empty()) return -1;
  return of_channel[static_cast<size_t>(rng.Below(static_cast<int64_t>(of_channel.size())))];
}

int World::RunningCampaign(Channel channel, int64_t day, Rng& rng) const {
  const int index = PickCampaign(channel, rng);
  if (index < 0) return -1;
  const Campaign& campaign = campaigns_[static_cast<size_t>(index)];
  return campaign.first_day <= day && day <= campaign.last_day ? index : -1;
}

std::string_view World::ChannelOfCampaign(const std::string& key) const {
  return TraitsOf(channel_of_.at(key)).name;
}

void World::Describe(const std::function<void(Command, Context)>& fact) const {
  DescribeOwners(fact);
  DescribeCampaigns(fact);
  DescribeCosts(fact);
  DescribeRates(fact);
}

void World::DescribeOwners(const std::function<void(Command, Context)>& fact) const {
  for (const Owner& owner : owners_) {
    OwnerDefine define;
    define.kind = owner.kind;
    define.side = owner.side;
    define.name = owner.name;
    if (owner.team >= 0) define.team = OwnerRef(kSystem, this->owner(owner.team).key);
    define.external_ids = {{kSystem, owner.key}};
    fact(std::move(define), OnDay(kDefinedOn, kDefinedOn));
  }
}

void World::DescribeCampaigns(const std::function<void(Command, Context)>& fact) const {
  for (const Campaign& campaign : campaigns_) {
    CampaignDefine define;
    define.name = campaign.name;
    define.channel = std::string(TraitsOf(campaign.channel).name);
    define.starts_on = DateOfDay(campaign.first_day);
    define.ends_on = DateOfDay(campaign.last_day);
    define.external_ids = {{kSystem, campaign.key}};
    Context context = OnDay(kDefinedOn, kDefinedOn + 1);
    context.actor = OwnerRef(kSystem, owner(marketing()).key);
    fact(std::move(define), std::move(context));
  }
}

void World::DescribeCosts(const std::function<void(Command, Context)>& fact) const {
  const auto spend = [&](const Campaign& campaign, int64_t day, int64_t minor) {
    Context context = OnDay(day, std::min(day + 10, DayOf(kLastSecond)));
    context.actor = OwnerRef(kSystem, owner(marketing()).key);
    fact(CampaignCost{CampaignRef(kSystem, campaign.key), DateOfDay(day), Money{minor, kEuro}},
         std::move(context));
  };
  for (const Campaign& campaign : campaigns_) {
    if (campaign.dated()) {
      spend(campaign, campaign.first_day, campaign.cost_minor);
      continue;
    }
    for (int64_t month = 0; month < kMonths; month += months_between_costs_) {
      // Budgets are spent towards the end of the year.
      const int64_t season = 90 + month % 12 * 2;
      spend(campaign, MonthStart(month),
            campaign.cost_minor * months_between_costs_ * season / 100);
    }
  }
}

void World::DescribeRates(const std::function<void(Command, Context)>& fact) const {
  for (int64_t month = 0; month < kMonths; month += months_between_rates_) {
    for (size_t i = 0; i < kForeign.size(); ++i) {
      const int64_t drift = (month * 7 + static_cast<int64_t>(i) * 5) % 13 - 6;
      const int64_t day = MonthStart(month);
      fact(ExchangeRate{kForeign[i], kEuro, DateOfDay(day), kRates[i] + drift * 4'000'000},
           OnDay(day, day));
    }
  }
}

}  // namespace throughline
