#include "ledger/import/salesforce/change_history.h"

#include <algorithm>
#include <tuple>

namespace throughline::salesforce {
namespace {

auto RunOf(const Change& change) { return std::tie(change.record, change.kind); }

auto PlaceOf(const Change& change) {
  return std::tie(change.record, change.kind, change.at, change.file, change.line);
}

}  // namespace

uint32_t TextTable::Number(std::string_view text) {
  const auto [found, added] =
      numbers_.try_emplace(std::string(text), static_cast<uint32_t>(texts_.size()));
  if (added) texts_.emplace_back(text);
  return found->second;
}

void ChangeHistory::Sort() {
  std::sort(changes_.begin(), changes_.end(),
            [](const Change& a, const Change& b) { return PlaceOf(a) < PlaceOf(b); });
}

std::span<const Change> ChangeHistory::Of(SalesforceId record, Change::Kind kind) const {
  Change wanted;
  wanted.record = record;
  wanted.kind = kind;
  const auto [begin, end] =
      std::equal_range(changes_.begin(), changes_.end(), wanted,
                       [](const Change& a, const Change& b) { return RunOf(a) < RunOf(b); });
  return {begin, end};
}

const Change* ChangeHistory::At(SalesforceId record, Change::Kind kind, uint32_t file,
                                uint64_t line) const {
  for (const Change& change : Of(record, kind)) {
    if (change.file == file && change.line == line) return &change;
  }
  return nullptr;
}

}  // namespace throughline::salesforce
