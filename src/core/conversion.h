#ifndef THROUGHLINE_CORE_CONVERSION_H_
#define THROUGHLINE_CORE_CONVERSION_H_

#include <functional>
#include <span>
#include <string>

#include "core/rules.h"

namespace throughline {

// Whether an opportunity shall no longer come from a lead.
using Parted = std::function<bool(LeadId, OpportunityId)>;

// Undoes conversions: voids the moves by which leads were converted into opportunities that they
// are parted from, and takes the leads off these. `events` is the history as it counts.
void UndoConversions(std::span<const EffectiveEvent> events, const Parted& parted,
                     const std::string& reason, Draft& draft);

// Takes the leads off opportunities that they are parted from, and leaves their moves alone.
void UnlinkLeads(std::span<const EffectiveEvent> events, const Parted& parted,
                 const std::string& reason, Draft& draft);

}  // namespace throughline

#endif  // THROUGHLINE_CORE_CONVERSION_H_
