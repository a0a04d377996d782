#include "core/earlier.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>
#include <vector>

#include "core/touch_order.h"

namespace throughline {
namespace {

constexpr int kTimes = 12;  // few, so that many are equal

class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}
  int Below(int limit) { return static_cast<int>(engine_() % static_cast<unsigned>(limit)); }
  Time SomeTime() { return Time{Below(kTimes)}; }

 private:
  std::mt19937 engine_;
};

const Lineage kLineages[] = {{.episode = 1}, {.episode = 2}, {.episode = 3}, {.episode = 4}};

// Leads, then opportunities, that open, close, are won and open again.
std::vector<Past> SomePast(Random& random) {
  std::vector<Past> past(static_cast<size_t>(random.Below(12)));
  const size_t leads =
      past.empty() ? 0 : static_cast<size_t>(random.Below(static_cast<int>(past.size())));
  int64_t event = 0;
  for (size_t i = 0; i < past.size(); ++i) {
    Past& p = past[i];
    (i < leads ? p.lead.value : p.opportunity.value) = static_cast<int64_t>(i) + 1;
    p.counts_as_open_work = random.Below(4) > 0;
    p.lineage = &kLineages[random.Below(4)];
    PlaceInHistory since{random.SomeTime(), EventId::Of(++event, 0)};
    p.opened = since;
    for (int moves = random.Below(5); moves >= 0; --moves) {
      static constexpr StageKind kKinds[] = {StageKind::kOpen, StageKind::kParked,
                                             StageKind::kClosed, StageKind::kClosed,
                                             StageKind::kConverted};
      const StageKind kind = kKinds[random.Below(5)];
      const Phase phase = random.Below(2) == 0 ? Phase::kWon : Phase::kLost;
      p.standings.push_back({since, kind, phase, std::min(since.at, random.SomeTime())});
      since.at = std::max(since.at, random.SomeTime());
      since.event = EventId::Of(++event, 0);
    }
  }
  return past;
}

void ExpectSame(EarlierSweep& sweep, const EarlierRecords& all, const PlaceInHistory& place,
                size_t records) {
  EXPECT_EQ(sweep.HighestEpisode(), all.HighestEpisode());
  EXPECT_EQ(sweep.LatestOpen(place), all.LatestOpen(place));
  for (const bool won : {false, true}) {
    EXPECT_EQ(sweep.LatestClosed(place, won).record, all.LatestClosed(place, won).record);
    EXPECT_EQ(sweep.LatestClosed(place, won).at, all.LatestClosed(place, won).at);
  }
  for (int64_t episode = 1; episode <= 6; ++episode) {
    EXPECT_EQ(sweep.EndBefore(place, episode), all.EndBefore(place, episode));
  }
  for (size_t id = 1; id <= records + 1; ++id) {
    const LeadId lead{static_cast<int64_t>(id)};
    EXPECT_EQ(sweep.Lead(lead), all.Lead(lead));
  }
}

class EarlierTest : public testing::TestWithParam<unsigned> {};

TEST_P(EarlierTest, ASweepAnswersAsIfAllWereGoneThrough) {
  Random random(GetParam());
  for (int round = 0; round < 200; ++round) {
    const std::vector<Past> past = SomePast(random);
    std::vector<size_t> order(past.size());
    for (size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::ranges::stable_sort(order, {}, [&](size_t i) { return past[i].opened.at; });
    EarlierSweep sweep(past);
    std::vector<bool> added(past.size());
    PlaceInHistory place{Time{0}, {}};
    for (size_t next = 0; next <= order.size(); ++next) {
      for (int question = random.Below(4); question > 0; --question) {
        // Mostly onwards.
        place.at = random.Below(5) == 0 ? random.SomeTime() : std::max(place.at, random.SomeTime());
        place.event = EventId::Of(random.Below(60), 0);
        std::vector<const Past*> records;
        for (size_t i = 0; i < past.size(); ++i) {
          if (added[i]) records.push_back(&past[i]);
        }
        ExpectSame(sweep, EarlierRecords(records), place, past.size());
        ASSERT_FALSE(HasFailure()) << "seed " << GetParam() << ", round " << round;
      }
      if (next == order.size()) break;
      added[order[next]] = true;
      sweep.Add(past[order[next]]);
    }
  }
}

TEST_P(EarlierTest, TouchesInOrderArePickedAsIfAllWereGoneThrough) {
  Random random(GetParam());
  for (int round = 0; round < 500; ++round) {
    std::vector<TouchFact> touches(static_cast<size_t>(random.Below(10)));
    for (size_t i = 0; i < touches.size(); ++i) {
      touches[i].id = EventId::Of(static_cast<int64_t>(i) + 1, 0);
      touches[i].at = {random.SomeTime(), random.Below(3) == 0};
      touches[i].response = random.Below(3) == 0;
    }
    const TouchOrder order(touches);
    for (const Which which : {Which::kFirst, Which::kLast}) {
      for (int until = 0; until < kTimes; ++until) {
        for (int after = -1; after < kTimes; ++after) {
          const auto behind = after < 0 ? std::nullopt : std::optional(Time{after});
          const TouchFact* const expected = Pick(touches, which, behind, Time{until});
          const TouchFact* const picked = Pick(order, which, behind, Time{until});
          ASSERT_EQ(picked == nullptr, expected == nullptr);
          ASSERT_TRUE(picked == nullptr || picked->id == expected->id);
        }
      }
    }
  }
}

// Claimed times can make a merge known before the undoing of others.
TEST(AliasesTest, NoCircleIsClosed) {
  Aliases<AccountId> aliases;
  aliases.Merge(AccountId{1}, AccountId{2});
  aliases.Merge(AccountId{2}, AccountId{3});
  aliases.Merge(AccountId{3}, AccountId{1});
  aliases.Merge(AccountId{2}, AccountId{1});
  for (int64_t id = 1; id <= 3; ++id) EXPECT_EQ(aliases.RootOf(AccountId{id}), AccountId{3});
}

INSTANTIATE_TEST_SUITE_P(Seeds, EarlierTest, testing::Range(1u, 6u));

}  // namespace
}  // namespace throughline
