#ifndef THROUGHLINE_ANALYTICS_SNAPSHOT_FACT_LOG_H_
#define THROUGHLINE_ANALYTICS_SNAPSHOT_FACT_LOG_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <iterator>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "analytics/snapshot/column.h"
#include "throughline/event.h"

namespace throughline {

// Facts or touches on their way into a block. Each is about something with a number; those of one
// account that come in a row stand in the order of these numbers. So those of a journal in which
// accounts follow each other stand where the block has them: each is written once, which is what
// taking a snapshot spends its time on.
template <class Item>
class FactLog {
 public:
  void push_back(const Item& item, uint32_t about) { run_.push_back({item, about}); }

  // The next items are another account's, or versions of what was dropped.
  void EndRun();

  // What came of these events, which are sorted, counts for nothing: versions of them follow. To be
  // called once, after EndRun().
  void Drop(const std::vector<EventId>& events);

  // Puts the items into `out` by place_of(about), which is less than `places`, and keeps their
  // order otherwise, but that versions take the places of what they revise; the beginnings of the
  // places, and the end.
  template <class PlaceOf>
  std::vector<uint32_t> Distribute(size_t places, PlaceOf&& place_of, Column<Item>& out);

 private:
  static constexpr uint32_t kDropped = UINT32_MAX;
  // With more strays it is quicker to put each item into its place.
  static constexpr size_t kItemsPerStray = 8;

  struct Entry {
    Item item;
    uint32_t about = 0;
  };

  // An item that stands behind some whose place is behind its own, and its place.
  struct Stray {
    Item item;
    size_t place;
  };
  void EndShortRun();
  void Append(const Entry& entry) {
    items_.push_back(entry.item);
    about_.push_back(entry.about);
  }
  // Calls visit(index, place, is_stray) with each item that counts.
  template <class PlaceOf, class Visit>
  void ForEach(PlaceOf&& place_of, Visit&& visit) const;
  template <class PlaceOf>
  std::vector<size_t> PlacesOfVersions(PlaceOf&& place_of) const;
  template <class PlaceOf>
  void Settle(PlaceOf&& place_of, const std::vector<Stray>& strays);

  std::vector<Entry> run_;
  Column<Item> items_;
  Column<uint32_t> about_;           // kDropped: the item counts for nothing
  size_t first_version_ = SIZE_MAX;  // from here on they are versions
};

template <class Item>
void FactLog<Item>::EndRun() {
  constexpr size_t kFew = 64;
  if (run_.size() <= kFew) {
    EndShortRun();
  } else {
    std::ranges::stable_sort(run_, {}, &Entry::about);
    for (const Entry& entry : run_) Append(entry);
  }
  run_.clear();
}

// They are about a few things: gone through once for each of these, none has to be moved.
template <class Item>
void FactLog<Item>::EndShortRun() {
  constexpr uint32_t kNone = UINT32_MAX;
  uint32_t about = run_.empty() ? kNone : std::ranges::min_element(run_, {}, &Entry::about)->about;
  while (about != kNone) {
    uint32_t next = kNone;
    for (const Entry& entry : run_) {
      if (entry.about == about) {
        Append(entry);
      } else if (entry.about > about) {
        next = std::min(next, entry.about);
      }
    }
    about = next;
  }
}

template <class Item>
void FactLog<Item>::Drop(const std::vector<EventId>& events) {
  first_version_ = items_.size();
  // Neighbours are of events near each other.
  auto at = events.begin();
  for (size_t i = 0; i < items_.size(); ++i) {
    const EventId event = items_[i].event;
    while (at != events.begin() && !(*(at - 1) < event)) --at;
    while (at != events.end() && *at < event) ++at;
    if (at != events.end() && *at == event) about_[i] = kDropped;
  }
}

template <class Item>
template <class PlaceOf>
std::vector<uint32_t> FactLog<Item>::Distribute(size_t places, PlaceOf&& place_of,
                                                Column<Item>& out) {
  std::vector<uint32_t> begins(places + 1);
  std::vector<Stray> strays;
  const size_t few = items_.size() / kItemsPerStray;
  ForEach(place_of, [&](size_t i, size_t place, bool is_stray) {
    ++begins[place + 1];
    if (is_stray && strays.size() <= few) strays.push_back({items_[i], place});
  });
  std::partial_sum(begins.begin(), begins.end(), begins.begin());
  const std::vector<size_t> revised = PlacesOfVersions(place_of);
  if (strays.size() <= few) {
    std::ranges::stable_sort(strays, {}, &Stray::place);
    Settle(place_of, strays);
    out = std::move(items_);
  } else {
    std::vector<Stray>().swap(strays);  // before as much is taken again
    out.resize(begins.back());
    std::vector<uint32_t> next(begins.begin(), begins.end() - 1);
    ForEach(place_of, [&](size_t i, size_t place, bool) { out[next[place]++] = items_[i]; });
  }
  for (const size_t place : revised) {
    const std::span part(out.data() + begins[place], out.data() + begins[place + 1]);
    std::ranges::stable_sort(part, {}, &Item::event);
  }
  *this = {};
  return begins;
}

template <class Item>
template <class PlaceOf, class Visit>
void FactLog<Item>::ForEach(PlaceOf&& place_of, Visit&& visit) const {
  size_t last = 0;
  for (size_t i = 0; i < about_.size(); ++i) {
    if (about_[i] == kDropped) continue;
    const size_t place = place_of(about_[i]);
    visit(i, place, place < last);
    last = std::max(last, place);
  }
}

// In order, each once.
template <class Item>
template <class PlaceOf>
std::vector<size_t> FactLog<Item>::PlacesOfVersions(PlaceOf&& place_of) const {
  std::vector<size_t> places;
  for (size_t i = first_version_; i < about_.size(); ++i) places.push_back(place_of(about_[i]));
  std::ranges::sort(places);
  places.erase(std::unique(places.begin(), places.end()), places.end());
  return places;
}

// Brings strays, which are in the order of their places, behind the items of these. Each item moves
// once, and not at all where as many were dropped before it as came in.
template <class Item>
template <class PlaceOf>
void FactLog<Item>::Settle(PlaceOf&& place_of, const std::vector<Stray>& strays) {
  auto stray = strays.begin();
  std::deque<Item> moving;
  size_t to = 0;
  ForEach(place_of, [&](size_t i, size_t place, bool is_stray) {
    if (is_stray) return;
    const bool stays = moving.empty() && to == i;
    if (stays && (stray == strays.end() || stray->place >= place)) return void(++to);
    const Item item = items_[i];
    for (; stray != strays.end() && stray->place < place; ++stray) moving.push_back(stray->item);
    moving.push_back(item);
    for (; !moving.empty() && to <= i; moving.pop_front()) items_[to++] = moving.front();
  });
  items_.resize(to);
  for (const Item& item : moving) items_.push_back(item);
  for (; stray != strays.end(); ++stray) items_.push_back(stray->item);
}

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_SNAPSHOT_FACT_LOG_H_
