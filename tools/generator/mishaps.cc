#include <algorithm>
#include <string>
#include <variant>

#include "generator/calendar.h"
#include "generator/story.h"

// What goes wrong or changes on the side: corrections, people who take another post or leave.

namespace throughline {

void Story::Mishaps(int64_t neighbour_since) {
  if (rng_.PerMille(40)) Retract();
  if (rng_.PerMille(60)) CorrectValue();
  if (rng_.PerMille(90)) ChangePeople();
  if (rng_.PerMille(20)) LeaveCompany(neighbour_since);
  if (rng_.PerMille(30)) {
    scribe_.Note(Later(opened_, 10, 200), -1, -1,
                 "Moved to the new plant; the old phones are off.");
  }
  if (rng_.PerMille(40)) {
    scribe_.UpdateAccount(Later(opened_, 20, 300), "employees",
                          std::to_string(rng_.Between(10, 5000)));
  }
}

// A touch that marketing's tools counted twice: retracted, or voided, some days later.
void Story::Retract() {
  const auto draft = static_cast<int>(rng_.Below(static_cast<int64_t>(scribe_.drafts().size())));
  const FactDraft& fact = scribe_.drafts()[static_cast<size_t>(draft)];
  const auto* touch = std::get_if<TouchRecord>(&fact.command);
  if (touch == nullptr || touch->owner) return;
  const int64_t at = Later(fact.at, 1, 20);
  if (rng_.Chance(70)) {
    scribe_.RetractTouch(at, draft);
  } else {
    scribe_.VoidFact(at, draft);
  }
}

// A revised amount with a slip of the pen, or on the wrong deal; noticed before the deal moves on.
void Story::CorrectValue() {
  if (value_drafts_.empty()) return;
  const ValueDraft& value = value_drafts_.back();
  const int64_t at = value.at + rng_.Between(60, 500);
  if (rng_.Chance(70)) {
    scribe_.AmendAmount(at, value.draft, Amount(value.minor * 11 / 10));
  } else {
    scribe_.VoidFact(at, value.draft);
  }
}

void Story::ChangePeople() {
  if (scribe_.contacts() == 0) return;
  const int contact = static_cast<int>(rng_.Below(scribe_.contacts()));
  scribe_.UpdateContact(Later(scribe_.ContactSince(contact), 30, 300), contact, Title());
}

// Somebody goes to the company told of before. Nothing is told of them afterwards.
void Story::LeaveCompany(int64_t neighbour_since) {
  if (scribe_.account() < 3 || scribe_.contacts() < 2) return;
  const int contact = static_cast<int>(rng_.Below(scribe_.contacts()));
  int64_t last = std::max(scribe_.ContactSince(contact), neighbour_since);
  for (const FactDraft& fact : scribe_.drafts()) {
    if (fact.contact == contact) last = std::max(last, fact.at);
  }
  scribe_.MoveContact(Later(last, 20, 120), contact, scribe_.account() - 1);
}

}  // namespace throughline
