#ifndef THROUGHLINE_ANALYTICS_SNAPSHOT_RECORD_STATE_H_
#define THROUGHLINE_ANALYTICS_SNAPSHOT_RECORD_STATE_H_

#include <algorithm>
#include <cstdint>
#include <optional>

#include "throughline/event.h"

namespace throughline {

// A source of a record.
struct OriginTouch {
  EventId touch;
  Time at;
  uint32_t channel = 0;
  uint32_t campaign = 0;
};

// Where a record came from.
struct Origin {
  OriginTouch original;
  OriginTouch latest;
  uint32_t previous = 0;  // id of the record linked to
  bool previous_is_lead = false;
  Link link = Link::kNone;
  uint16_t episode = 0;
};

// A lead or an opportunity as of (through, known_at).
struct RecordState {
  bool exists = false;
  uint32_t stage = 0;        // number
  uint32_t left_stage = 0;   // number: the one before it; the same if it never moved
  uint16_t detail = 0;       // number of the lead type; the opportunity type
  uint16_t reason = 0;       // number: of the last stage change
  uint32_t owner = 0;        // id
  uint32_t first_owner = 0;  // id: who owned it first
  uint32_t contact = 0;      // id
  uint32_t opportunity = 0;  // id: what a lead was converted into
  Time opened_at;
  Time stage_since;
  Time entered_at;      // of the stage, as its event says: when it closed, for one that is closed
  uint64_t stages = 0;  // all that it was in: a bit for each number; kManyStages: others, too
  std::optional<Time> handed_off_at;
  EventId handed_off;              // the event
  std::optional<Date> close_date;  // expected
  const Money* amount = nullptr;   // null: not known
  const Money* booked = nullptr;
  const Origin* origin = nullptr;

  static constexpr uint32_t kStageBits = 63;
  static constexpr uint64_t kManyStages = uint64_t{1} << kStageBits;

  void AddStage(uint32_t number) { stages |= uint64_t{1} << std::min(number, kStageBits); }

  OpportunityType type() const { return static_cast<OpportunityType>(detail); }

  // Of an opportunity: what win rates and sourcing are about. Else it is a follow-on.
  bool IsNewBusiness() const {
    return type() != OpportunityType::kExpansion && type() != OpportunityType::kRenewal;
  }
};

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_SNAPSHOT_RECORD_STATE_H_
