#include "attributed_journal.h"

#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "analytics/journal_store.h"
#include "throughline/policy.h"
#include "workload.h"

namespace throughline {
namespace {

constexpr Time kBegin{1'672'531'200'000'000};  // 2023-01-01

StageRef StageNamed(const std::string& key) {
  const Stage* stage = Policy::Default()->FindStage(key);
  return {stage->id, stage->phase, stage->kind};
}

Event At(Time when, EventPayload payload) {
  Event event;
  event.occurred_at = when;
  event.payload = std::move(payload);
  return event;
}

// The events of one company, in the order in which they happened.
std::vector<Event> Story(int64_t id, uint32_t channels, std::mt19937& random) {
  Time now{kBegin.micros + static_cast<int64_t>(random() % 300) * kMicrosPerDay};
  std::vector<Event> events;
  AccountOpened account;
  account.account = AccountId{id};
  events.push_back(At(now, account));
  for (uint32_t touches = 1 + random() % 9; touches > 0; --touches) {
    TouchRecorded touch;
    const double share = static_cast<double>(random()) / 4294967296.0;
    touch.channel = "ch" + std::to_string(static_cast<uint32_t>(share * share * channels));
    touch.kind = "form";
    touch.side = Side::kMarketing;
    touch.direction = Direction::kInbound;
    touch.response = true;
    now.micros += static_cast<int64_t>(random() % 20) * kMicrosPerDay + 1;
    events.push_back(At(now, touch));
  }
  OpportunityOpened opened;
  opened.opportunity = OpportunityId{id};
  opened.type = OpportunityType::kNewBusiness;
  opened.stage = StageNamed("discovery");
  opened.amount = Money{static_cast<int64_t>(random() % 1'000'000), *ParseCurrency("EUR")};
  // Some touches come behind the opening, and before the close.
  const auto place = events.end() - static_cast<ptrdiff_t>(random() % events.size());
  events.insert(place, At((place - 1)->occurred_at, opened));
  OpportunityMoved moved;
  moved.opportunity = OpportunityId{id};
  moved.from = opened.stage;
  moved.to = StageNamed(random() % 2 == 0 ? "won" : "lost");
  events.push_back(At(Time{now.micros + kMicrosPerDay}, moved));
  return events;
}

std::shared_ptr<const Snapshot> Make(size_t paths, uint32_t channels) {
  JournalStore store;
  std::mt19937 random(1);
  PolicySet policy;
  policy.version = 1;
  policy.json = std::string(Policy::DefaultJson());
  const Time recorded{kBegin.micros + 1'000 * kMicrosPerDay};
  store.Append(1, kNoAccount, recorded, EncodeEvents(std::vector<Event>{At(kBegin, policy)}));
  for (size_t path = 1; path <= paths; ++path) {
    const auto id = static_cast<int64_t>(path);
    store.Append(id + 1, AccountId{id}, Time{recorded.micros + id},
                 EncodeEvents(Story(id, channels, random)));
  }
  return Take(Snapshot::Take(store));
}

}  // namespace

std::shared_ptr<const Snapshot> SnapshotOfPaths(size_t paths, uint32_t channels) {
  static std::map<std::pair<size_t, uint32_t>, std::shared_ptr<const Snapshot>> made;
  std::shared_ptr<const Snapshot>& snapshot = made[{paths, channels}];
  if (snapshot == nullptr) snapshot = Make(paths, channels);
  return snapshot;
}

}  // namespace throughline
