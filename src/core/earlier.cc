#include "core/earlier.h"

#include <algorithm>
#include <utility>

namespace throughline {

const Past* EarlierRecords::Lead(LeadId id) const {
  if (!id) return nullptr;
  const auto at = std::ranges::find_if(records_, [&](const Past* p) { return p->lead == id; });
  return at == records_.end() ? nullptr : *at;
}

int64_t EarlierRecords::HighestEpisode() const {
  int64_t highest = 0;
  for (const Past* p : records_) highest = std::max(highest, p->lineage->episode);
  return highest;
}

const Past* EarlierRecords::LatestOpen(const PlaceInHistory& place) const {
  const Past* latest = nullptr;
  for (const Past* p : records_) {
    if (!p->OpenAt(place)) continue;
    if (latest == nullptr || p->opened.at >= latest->opened.at) latest = p;
  }
  return latest;
}

Closing EarlierRecords::LatestClosed(const PlaceInHistory& place, bool won) const {
  Closing latest;
  for (const Past* p : records_) {
    const std::optional<Time> closed_at = p->ClosedAt(place);
    if (!closed_at || (p->At(place)->phase == Phase::kWon) != won) continue;
    if (latest.record == nullptr || *closed_at >= latest.at) latest = {p, *closed_at};
  }
  return latest;
}

std::optional<Time> EarlierRecords::EndBefore(const PlaceInHistory& place, int64_t episode) const {
  std::optional<Time> end;
  for (const Past* p : records_) {
    const std::optional<Time> closed_at = p->ClosedAt(place);
    if (p->lineage->episode >= episode || !closed_at) continue;
    end = std::max(end.value_or(*closed_at), *closed_at);
  }
  return end;
}

void EarlierSweep::Add(const Past& record) {
  const auto number = static_cast<size_t>(&record - past_.data());
  has_[number] = true;
  highest_episode_ = std::max(highest_episode_, record.lineage->episode);
  Enter(number);
}

bool EarlierSweep::MoveTo(const PlaceInHistory& place) {
  if (Before(place, place_)) return false;
  place_ = place;
  while (!changes_.empty() && !Before(place, changes_.top().since)) {
    const size_t record = changes_.top().record;
    changes_.pop();
    Leave(record);
    Enter(record);
  }
  return true;
}

EarlierRecords EarlierSweep::Added() const {
  std::vector<const Past*> records;
  for (size_t i = 0; i < past_.size(); ++i) {
    if (has_[i]) records.push_back(&past_[i]);
  }
  return EarlierRecords(std::move(records));
}

// As it stands at place_, and to be looked at again when that changes.
void EarlierSweep::Enter(size_t record) {
  const Past& past = past_[record];
  const Standing* const standing = standings_[record] = past.At(place_);
  const Standing* const next = standing == nullptr ? past.standings.data() : standing + 1;
  if (next != past.standings.data() + past.standings.size()) {
    changes_.push({next->since, record});
  }
  if (past.OpenAt(place_)) open_.emplace(past.opened.at, record);
  if (const std::optional<Time> closed_at = past.ClosedAt(place_)) {
    (standing->phase == Phase::kWon ? won_ : ended_).emplace(*closed_at, record);
    Close(past.lineage->episode, *closed_at);
  }
}

void EarlierSweep::Leave(size_t record) {
  const Past& past = past_[record];
  const Standing* const standing = standings_[record];
  if (standing == nullptr) return;
  open_.erase({past.opened.at, record});
  if (standing->kind != StageKind::kClosed) return;
  (standing->phase == Phase::kWon ? won_ : ended_).erase({standing->entered_at, record});
  Reopen(past.lineage->episode, standing->entered_at);
}

void EarlierSweep::Close(int64_t episode, Time at) {
  std::multiset<Time>& closings = closings_[episode];
  if (!closings.empty()) ends_.erase({*closings.rbegin(), episode});
  closings.insert(at);
  ends_.emplace(*closings.rbegin(), episode);
}

void EarlierSweep::Reopen(int64_t episode, Time at) {
  std::multiset<Time>& closings = closings_[episode];
  ends_.erase({*closings.rbegin(), episode});
  closings.erase(closings.find(at));
  if (!closings.empty()) ends_.emplace(*closings.rbegin(), episode);
}

const Past* EarlierSweep::Lead(LeadId id) const {
  const Past* const lead = FindLead(past_, id);
  if (lead == nullptr) return nullptr;
  const auto number = static_cast<size_t>(lead - past_.data());
  return has_[number] ? lead : nullptr;
}

const Past* EarlierSweep::LatestOpen(const PlaceInHistory& place) {
  if (!MoveTo(place)) return Added().LatestOpen(place);
  return open_.empty() ? nullptr : &past_[open_.rbegin()->second];
}

Closing EarlierSweep::LatestClosed(const PlaceInHistory& place, bool won) {
  if (!MoveTo(place)) return Added().LatestClosed(place, won);
  const ByTime& closed = won ? won_ : ended_;
  if (closed.empty()) return {};
  return {&past_[closed.rbegin()->second], closed.rbegin()->first};
}

std::optional<Time> EarlierSweep::EndBefore(const PlaceInHistory& place, int64_t episode) {
  if (!MoveTo(place)) return Added().EndBefore(place, episode);
  const auto end = std::find_if(ends_.rbegin(), ends_.rend(),
                                [&](const auto& each) { return each.second < episode; });
  return end == ends_.rend() ? std::nullopt : std::optional(end->first);
}

}  // namespace throughline
