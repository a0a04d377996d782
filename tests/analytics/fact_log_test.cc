#include "analytics/snapshot/fact_log.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace throughline {
namespace {

struct Item {
  EventId event;
  uint32_t about = 0;
};

constexpr uint32_t kPlaces = 40;

// Numbers have places in another order.
size_t PlaceOf(uint32_t about) { return (about * 7 + 3) % kPlaces; }
size_t SamePlace(uint32_t about) { return about; }

using Places = std::vector<std::vector<EventId>>;

// A log, and what is to come of it, made without it.
class Logged {
 public:
  explicit Logged(size_t (*place_of)(uint32_t)) : place_of_(place_of), places_(kPlaces) {}

  void Add(uint32_t about) {
    const EventId event = EventId::Of(++seq_, 0);
    log_.push_back({event, about}, about);
    places_[place_of_(about)].push_back(event);
  }
  void EndRun() { log_.EndRun(); }

  // Of every step-th event, with the number of versions that it gets.
  void Revise(int step, int versions) {
    log_.EndRun();
    std::vector<EventId> events;
    for (int64_t seq = 1; seq <= seq_; seq += step) events.push_back(EventId::Of(seq, 0));
    log_.Drop(events);
    for (uint32_t about = 0; about < kPlaces; ++about) {
      auto& place = places_[place_of_(about)];
      const std::vector<EventId> before = place;
      place.clear();
      for (const EventId event : before) {
        const bool revised = std::ranges::binary_search(events, event);
        for (int i = 0; i < (revised ? versions : 1); ++i) {
          place.push_back(event);
          if (revised) log_.push_back({event, about}, about);
        }
      }
      log_.EndRun();
    }
  }

  Places Distribute() {
    Column<Item> out;
    log_.EndRun();
    const std::vector<uint32_t> begins = log_.Distribute(kPlaces, place_of_, out);
    EXPECT_EQ(begins.back(), out.size());
    Places places(kPlaces);
    for (size_t place = 0; place < kPlaces; ++place) {
      for (size_t i = begins[place]; i < begins[place + 1]; ++i) {
        EXPECT_EQ(place_of_(out[i].about), place);
        places[place].push_back(out[i].event);
      }
    }
    return places;
  }
  const Places& expected() const { return places_; }

 private:
  size_t (*place_of_)(uint32_t);
  FactLog<Item> log_;
  Places places_;
  int64_t seq_ = 0;
};

TEST(FactLogTest, OfNothingIsNothing) {
  Logged logged(SamePlace);
  EXPECT_EQ(logged.Distribute(), logged.expected());
}

TEST(FactLogTest, RunsAreOrderedByNumber) {
  Logged logged(SamePlace);
  for (const uint32_t about : {2, 0, 1, 0, 2}) logged.Add(about);
  logged.EndRun();
  for (const uint32_t about : {9, 8, 8, 9}) logged.Add(about);
  EXPECT_EQ(logged.Distribute(), logged.expected());
}

TEST(FactLogTest, OneRunMayBeLong) {
  Logged logged(SamePlace);
  for (uint32_t i = 0; i < 5'000; ++i) logged.Add(i * 17 % kPlaces);
  EXPECT_EQ(logged.Distribute(), logged.expected());
}

// Few strays are moved to their places; of many, all items are.
TEST(FactLogTest, PutsStraysIntoTheirPlaces) {
  for (const int in_hundred : {0, 1, 5, 12, 13, 40, 100}) {
    for (unsigned seed = 1; seed <= 20; ++seed) {
      SCOPED_TRACE(testing::Message() << in_hundred << " in 100, seed " << seed);
      std::mt19937 random(seed);
      for (auto* const place_of : {SamePlace, PlaceOf}) {
        for (const int versions : {0, 1, 2, 3}) {
          Logged logged(place_of);
          for (uint32_t i = 0; i < 600; ++i) {
            const bool is_stray = random() % 100 < static_cast<unsigned>(in_hundred);
            logged.Add(is_stray ? random() % kPlaces : i / 15);
            if (random() % 4 == 0) logged.EndRun();
          }
          if (versions > 0)
            logged.Revise(/*step=*/static_cast<int>(random() % 50) + 2, versions - 1);
          ASSERT_EQ(logged.Distribute(), logged.expected());
        }
      }
    }
  }
}

}  // namespace
}  // namespace throughline
