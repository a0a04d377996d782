#ifndef THROUGHLINE_TOOLS_GENERATOR_WORLD_H_
#define THROUGHLINE_TOOLS_GENERATOR_WORLD_H_

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "generator/rng.h"
#include "throughline/command.h"

// The company whose data is made: its owners, campaigns and exchange rates.

namespace throughline {

inline constexpr char kSystem[] = "crm";  // of all external ids

enum class Channel : uint8_t {
  kWebinar,
  kTradeShow,
  kPaidSearch,
  kEmail,
  kContent,
  kPartner,
  kOrganicSearch,
  kReferral
};
inline constexpr size_t kChannels = 8;

struct ChannelTraits {
  std::string_view name;
  std::string_view response;  // the touch kind by which people answer
  std::string_view lead_type;
  int64_t share;    // of new leads, in percent
  int64_t quality;  // of its leads, 0..100
};

inline constexpr std::array<ChannelTraits, kChannels> kChannelTraits = {{
    {"webinar", "webinar", "event", 15, 60},
    {"trade_show", "trade_show", "event", 9, 50},
    {"paid_search", "form", "inbound", 22, 22},
    {"email", "reply", "inbound", 11, 40},
    {"content", "content_download", "inbound", 18, 15},
    {"partner", "referral", "partner", 6, 55},
    {"organic_search", "form", "inbound", 13, 42},
    {"referral", "referral", "referral", 6, 75},
}};
constexpr const ChannelTraits& TraitsOf(Channel channel) {
  return kChannelTraits[static_cast<size_t>(channel)];
}

struct Campaign {
  std::string key;
  std::string name;
  Channel channel;
  int64_t first_day;
  int64_t last_day;
  int64_t cost_minor;  // a month if it goes on, else in all

  bool dated() const { return first_day == last_day; }
};

struct Owner {
  std::string key;
  std::string name;
  OwnerKind kind = OwnerKind::kRep;
  Side side = Side::kSales;
  int team = -1;
  int64_t diligence = 0;  // percent of hand-offs that are followed up
  int64_t skill = 0;      // percentage points of deals won more or less
};

class World {
 public:
  World(int64_t events, uint64_t seed);

  const std::vector<Campaign>& campaigns() const { return campaigns_; }
  const Owner& owner(int index) const { return owners_[static_cast<size_t>(index)]; }
  int marketing() const { return 0; }
  int first_rep() const { return static_cast<int>(first_rep_); }
  int PickRep(Rng& rng) const { return static_cast<int>(first_rep_ + rng.Below(reps_)); }
  int PickPartner(Rng& rng) const { return static_cast<int>(1 + rng.Below(partners_)); }
  bool IsPartner(int owner) const { return owner >= 1 && owner <= partners_; }

  // A campaign of the channel; -1 if it has none. `RunningCampaign`: one that runs on that day.
  int PickCampaign(Channel channel, Rng& rng) const;
  int RunningCampaign(Channel channel, int64_t day, Rng& rng) const;

  // The webinar that the demo's story begins with.
  int first_webinar() const { return by_channel_[static_cast<size_t>(Channel::kWebinar)].front(); }

  // The channel of the campaign with this external key.
  std::string_view ChannelOfCampaign(const std::string& key) const;

  // Gives the facts that define all this.
  void Describe(const std::function<void(Command, Context)>& fact) const;

 private:
  struct Size;
  void AddOwners(const Size& size, Rng& rng);
  void AddCampaigns(const Size& size, Rng& rng);
  void AddDated(Channel channel, int64_t count, int64_t first_day, int64_t cost, Rng& rng);
  void AddRunning(Channel channel, int64_t count, int64_t cost, Rng& rng);
  void Add(Campaign campaign);
  void DescribeOwners(const std::function<void(Command, Context)>& fact) const;
  void DescribeCampaigns(const std::function<void(Command, Context)>& fact) const;
  void DescribeCosts(const std::function<void(Command, Context)>& fact) const;
  void DescribeRates(const std::function<void(Command, Context)>& fact) const;

  std::vector<Owner> owners_;  // marketing, partners, teams, reps
  std::vector<Campaign> campaigns_;
  std::array<std::vector<int>, kChannels> by_channel_;
  std::unordered_map<std::string, Channel> channel_of_;
  int64_t partners_ = 0;
  int64_t first_rep_ = 0;
  int64_t reps_ = 0;
  int64_t months_between_costs_ = 1;
  int64_t months_between_rates_ = 1;
};

}  // namespace throughline

#endif  // THROUGHLINE_TOOLS_GENERATOR_WORLD_H_
