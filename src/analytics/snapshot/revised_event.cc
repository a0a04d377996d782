#include "analytics/snapshot/revised_event.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "analytics/snapshot/facts.h"
#include "core/fold.h"

namespace throughline {
namespace {

EventId TargetOf(const EventPayload& payload) {
  if (const auto* amended = std::get_if<Amended>(&payload)) return amended->event;
  if (const auto* voided = std::get_if<Voided>(&payload)) return voided->event;
  if (const auto* retracted = std::get_if<TouchRetracted>(&payload)) return retracted->touch;
  return {};
}

// The moments at which more became known.
std::vector<Time> MomentsOf(std::span<const RecordedEvent> chain) {
  std::vector<Time> moments;
  for (const RecordedEvent& event : chain) moments.push_back(event.known_at());
  std::sort(moments.begin(), moments.end());
  moments.erase(std::unique(moments.begin(), moments.end()), moments.end());
  return moments;
}

}  // namespace

std::vector<EventVersion> VersionsOf(std::span<const RecordedEvent> chain) {
  std::vector<EventVersion> versions;
  const std::vector<Time> moments = MomentsOf(chain);
  for (size_t i = 0; i < moments.size(); ++i) {
    std::vector<EffectiveEvent> known = ApplyRevisions(chain, moments[i]);
    if (known.front().event.id != chain.front().id || known.front().voided) continue;
    const Time until = i + 1 < moments.size() ? moments[i + 1] : kForever;
    versions.push_back({moments[i], until, std::move(known.front().event)});
  }
  return versions;
}

void RevisionLog::Add(RecordedEvent revision) {
  const EventId target = TargetOf(revision.event.payload);
  if (target >= revision.id) return;  // the core ignores it too
  const auto revised_revision = roots_.find(target);
  const EventId root = revised_revision == roots_.end() ? target : revised_revision->second;
  roots_[revision.id] = root;
  revised_[root].push_back(std::move(revision));
}

}  // namespace throughline
