#ifndef THROUGHLINE_ANALYTICS_ATTRIBUTION_COMPANY_TOUCHES_H_
#define THROUGHLINE_ANALYTICS_ATTRIBUTION_COMPANY_TOUCHES_H_

#include <cstdint>
#include <span>
#include <vector>

#include "analytics/snapshot/dictionaries.h"
#include "analytics/snapshot/persons.h"
#include "analytics/snapshot/states_as_of.h"
#include "throughline/ledger_paths.h"

namespace throughline {

// By number.
std::vector<TouchShape> ShapesOf(const Dictionaries& dictionaries);

// visit(const AccountPlaces&) once for the accounts of each company: those merged, by then.
template <class Visit>
void ForEachCompany(const Group& group, Time known_at, Visit&& visit) {
  const size_t first = group.first_account(), accounts = group.end_account() - first;
  if (accounts == 1) return visit(AccountPlaces{first});
  std::vector<bool> taken(accounts);
  for (size_t account = first; account < group.end_account(); ++account) {
    if (taken[account - first]) continue;
    const AccountPlaces company = MergedWith(group, account, known_at);
    for (const size_t each : company) taken[each - first] = true;
    visit(company);
  }
}

// Of the touches of one company after another, those that may earn, in the order in which they
// happened, without repeats.
class CompanyTouches {
 public:
  // The shapes outlive it.
  CompanyTouches(const std::vector<TouchShape>& shapes, const AsOf& as_of, TouchSide side,
                 int64_t collapse_minutes);

  // Of a company's accounts; good until the next call.
  std::span<const Touch* const> Of(const Group& group, const AccountPlaces& accounts);

  // When the last of its touches was, of either side; kMinTime: it has none.
  Time last_touch_at() const { return last_touch_at_; }

  // Who the contact is, in the group of the last call.
  uint32_t PersonOf(uint32_t contact) const {
    return has_persons_ ? persons_.RootOf(contact) : contact;
  }

 private:
  bool IsOfSide(const Touch& touch) const;
  void Sort();
  void Collapse();
  bool Repeats(const Touch& touch, size_t kept) const;

  const std::vector<TouchShape>& shapes_;
  AsOf as_of_;
  TouchSide side_;
  int64_t collapse_micros_;
  bool has_persons_ = false;
  Aliases<uint32_t> persons_;
  std::vector<const Touch*> touches_;
  Time last_touch_at_ = kMinTime;
};

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_ATTRIBUTION_COMPANY_TOUCHES_H_
