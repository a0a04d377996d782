#include "analytics/attribution/path_assembler.h"

#include <algorithm>

namespace throughline {
namespace {

bool HasAmounts(AttributionCredit credit) {
  return credit != AttributionCredit::kLeads && credit != AttributionCredit::kWins;
}

// Of each shape, the mark of direct traffic, if it is that.
std::vector<uint16_t> DirectMarks(const std::vector<TouchShape>& shapes,
                                  const SnapshotFacts& facts) {
  const std::vector<std::string>& direct = facts.policy().direct_channels();
  std::vector<uint16_t> marks;
  for (const TouchShape& shape : shapes) {
    const std::string& channel = facts.dictionaries->channels[shape.channel];
    const bool is_direct = channel.empty() || std::ranges::find(direct, channel) != direct.end();
    marks.push_back(is_direct ? kDirectMark : 0);
  }
  return marks;
}

}  // namespace

bool HasAgedOut(const PathRequest& request) {
  return request.credit != AttributionCredit::kLosses && request.report.filters.empty();
}

int64_t AgedOutDays(const PathRequest& request, const Policy& policy) {
  return request.aged_out_days.value_or(policy.sourcing_window_days());
}

PathAssembler::PathAssembler(const ReportScope& scope, const PathRequest& request,
                             const std::vector<std::string>& stages)
    : scope_(scope),
      request_(request),
      stages_(stages.size()),
      money_(HasAmounts(request.credit)),
      has_aged_out_(HasAgedOut(request)),
      aged_out_micros_(AgedOutDays(request, scope.facts().policy()) * kMicrosPerDay),
      shapes_(ShapesOf(scope.dictionaries())),
      direct_marks_(DirectMarks(shapes_, scope.facts())),
      records_(scope, request, stages),
      touches_(shapes_, scope.as_of(), request.side, request.collapse_minutes),
      keys_(request.by, scope.dictionaries(), scope.dimensions()) {
  columns_->request = request;
  columns_->begins.push_back(0);
}

void PathAssembler::Reserve(size_t paths, size_t touches) {
  LedgerColumns& to = *columns_;
  to.keys.reserve(touches), to.days.reserve(touches);
  to.milestones.reserve(touches), to.touches.reserve(touches);
  to.begins.reserve(paths + 1), to.conversions.reserve(paths), to.nulls.reserve(paths);
  to.amounts.reserve(paths), to.amount_currencies.reserve(paths), to.records.reserve(paths);
}

void PathAssembler::Take(const Group& group) {
  records_.Read(group);
  ForEachCompany(group, scope_.as_of().known_at,
                 [&](const AccountPlaces& accounts) { TakeCompany(group, accounts); });
}

void PathAssembler::TakeCompany(const Group& group, const AccountPlaces& accounts) {
  const std::span<const Touch* const> touches = touches_.Of(group, accounts);
  for (const PathRecord& record : records_.records()) {
    if (std::ranges::find(accounts, record.account) != accounts.end()) {
      TakeRecord(group, record, touches);
    }
  }
  if (has_aged_out_ && !touches.empty()) TakeAgedOut(accounts, touches);
}

void PathAssembler::TakeRecord(const Group& group, const PathRecord& record,
                               std::span<const Touch* const> touches) {
  const PathOutcome outcome = records_.OutcomeOf(record);
  if (outcome == PathOutcome::kNone || !scope_.InPeriod(records_.SettledAt(record))) return;
  if (!scope_.Passes({group, *record.record, record.state})) return;
  const size_t begin = columns_->keys.size();
  const PathFrame frame = records_.FrameOf(record);
  AddTouches(frame, touches, records_.ContactsOf(record));
  Mark(frame, begin);
  if (outcome == PathOutcome::kConversion && money_) {
    AddAmount(record);
  } else {
    AddNoAmount();
  }
  EndPath(record.record->id, outcome);
}

// A company that nothing came of, and that nobody, of either side, has touched for long.
void PathAssembler::TakeAgedOut(const AccountPlaces& accounts,
                                std::span<const Touch* const> touches) {
  const Time last_touch = touches_.last_touch_at();
  const Time aged_at{last_touch.micros + aged_out_micros_};
  if (aged_at > scope_.as_of().through || !scope_.InPeriod(aged_at)) return;
  for (const PathRecord& record : records_.records()) {
    if (std::ranges::find(accounts, record.account) == accounts.end()) continue;
    if (!record.IsLead() || request_.credit == AttributionCredit::kLeads) return;
    const StageKind kind = scope_.StageOf(record.state.stage).kind;
    if (kind == StageKind::kOpen || kind == StageKind::kParked) return;
  }
  const size_t begin = columns_->keys.size();
  AddTouches(records_.FrameOfAgedOut(last_touch), touches, std::nullopt);
  if (columns_->keys.size() == begin) return;
  AddNoAmount();
  EndPath(0, PathOutcome::kNull);
}

void PathAssembler::AddTouches(const PathFrame& frame, std::span<const Touch* const> touches,
                               const std::optional<std::vector<uint32_t>>& contacts) {
  std::vector<uint32_t> persons;
  if (contacts) {
    for (const uint32_t contact : *contacts) persons.push_back(touches_.PersonOf(contact));
  }
  for (const Touch* const touch : TouchesWithin(frame, touches)) {
    if (contacts &&
        (touch->contact == 0 ||
         std::ranges::find(persons, touches_.PersonOf(touch->contact)) == persons.end())) {
      continue;
    }
    AddTouch(*touch);
  }
}

void PathAssembler::AddTouch(const Touch& touch) {
  LedgerColumns& to = *columns_;
  to.keys.push_back(keys_.KeyOf(touch, touches_.PersonOf(touch.contact)));
  to.days.push_back(static_cast<double>(touch.occurred_at.micros) /
                    static_cast<double>(kMicrosPerDay));
  to.milestones.push_back(direct_marks_[touch.shape]);
  to.touches.push_back(&touch);
}

void PathAssembler::Mark(const PathFrame& frame, size_t begin) {
  if (begin == columns_->keys.size()) return;
  MarkOne(frame.lead, kLeadMilestone, begin);
  MarkOne(frame.opportunity, kOpportunityMilestone, begin);
  for (size_t i = 0; i < stages_; ++i) {
    MarkOne(frame.stages[i], static_cast<uint16_t>(kFirstStageMilestone << i), begin);
  }
}

// The latest touch at or before the milestone.
void PathAssembler::MarkOne(Time at, uint16_t mark, size_t begin) {
  if (at == kForever) return;
  LedgerColumns& to = *columns_;
  for (size_t i = to.touches.size(); i > begin; --i) {
    if (to.touches[i - 1]->occurred_at > at) continue;
    to.milestones[i - 1] |= mark;
    return;
  }
}

void PathAssembler::EndPath(int64_t record, PathOutcome outcome) {
  LedgerColumns& to = *columns_;
  to.begins.push_back(to.keys.size());
  to.conversions.push_back(outcome == PathOutcome::kConversion ? 1 : 0);
  to.nulls.push_back(outcome == PathOutcome::kNull ? 1 : 0);
  to.records.push_back(static_cast<uint32_t>(record));
}

void PathAssembler::AddAmount(const PathRecord& record) {
  const Money* const own = record.state.amount;
  Money kept;
  const bool closed = scope_.StageOf(record.state.stage).kind == StageKind::kClosed;
  const Time day = closed ? record.state.entered_at : scope_.as_of().through;
  const Money* const amount = scope_.Convert(own, day, kept, errors_);
  if (amount == nullptr) {
    ++unknown_amounts_;
    return AddNoAmount();
  }
  columns_->amounts.push_back(amount->minor);
  columns_->amount_currencies.push_back(CurrencyNumber(amount->currency));
  if (scope_.context().request.currency) columns_->own_amounts.push_back(own->minor);
}

void PathAssembler::AddNoAmount() {
  columns_->amounts.push_back(0);
  columns_->amount_currencies.push_back(kNoCurrency);
  if (scope_.context().request.currency) columns_->own_amounts.push_back(0);
}

uint8_t PathAssembler::CurrencyNumber(Currency currency) {
  const auto at = std::ranges::find(currencies_, currency);
  const auto number = static_cast<uint8_t>(at - currencies_.begin());
  if (at == currencies_.end()) currencies_.push_back(currency);
  return number;
}

std::shared_ptr<LedgerColumns> PathAssembler::Finish() {
  columns_->labels = keys_.TakeLabels();
  return columns_;
}

}  // namespace throughline
