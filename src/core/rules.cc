#include "core/rules.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/episode.h"
#include "core/fold.h"
#include "model/abseil_text.h"
#include "model/domain.h"
#include "model/fold_case.h"
#include "model/text.h"
#include "throughline/error.h"
#include "throughline/limits.h"

namespace throughline {

Moment OccurredAt(const Situation& s) {
  return s.context.occurred_at.value_or(Moment{s.now, false});
}

namespace {

std::string Item(std::string_view field, size_t i) {
  return absl::StrCat(ToAbsl(field), "[", i, "]");
}

int64_t HolderOf(const Situation& s, EntityKind entity, const ExternalId& id) {
  if (entity == EntityKind::kContact) {
    const ContactExternalIdRow* row = s.rows.contact_external_ids.Find({id.system, id.key});
    return row == nullptr ? 0 : row->contact.value;
  }
  const ExternalIdRow* row = s.rows.external_ids.Find({entity, id.system, id.key});
  return row == nullptr ? 0 : row->id;
}

absl::Status TakenError(const std::string& field, const ExternalId& id, EntityKind entity,
                        int64_t holder) {
  ErrorDetail detail;
  detail.field = field;
  detail.id = holder;
  return WithDetail(
      absl::AlreadyExistsError(absl::StrCat(field, ": ", id.system, ":", id.key, " is that of ",
                                            ToAbsl(NameOf(entity)), " ", holder)),
      detail);
}

}  // namespace

absl::StatusOr<std::vector<ExternalKey>> CheckExternalIds(const Situation& s, EntityKind entity,
                                                          int64_t self,
                                                          std::span<const ExternalId> ids) {
  if (ids.size() > kMaxListItems) return InvalidField("external_ids", "too many");
  std::vector<ExternalKey> fresh;
  for (size_t i = 0; i < ids.size(); ++i) {
    const std::string field = Item("external_ids", i);
    THROUGHLINE_RETURN_IF_ERROR(CheckExternalId(field, ids[i]));
    const int64_t holder = HolderOf(s, entity, ids[i]);
    if (holder != 0 && holder != self) return TakenError(field, ids[i], entity, holder);
    if (holder == 0 && entity == EntityKind::kContact) {
      if (absl::Status status = CheckExternalIdNotErased(s, field, ids[i]); !status.ok()) {
        return status;
      }
    }
    ExternalKey key{ids[i].system, ids[i].key};
    if (holder == 0 && std::find(fresh.begin(), fresh.end(), key) == fresh.end()) {
      fresh.push_back(std::move(key));
    }
  }
  return fresh;
}

absl::Status CheckAttributes(const Situation& s, EntityKind entity,
                             std::span<const Attribute> attributes) {
  if (attributes.size() > kMaxListItems) return InvalidField("attributes", "too many");
  for (const Attribute& attribute : attributes) {
    const std::string field = absl::StrCat("attributes.", attribute.name);
    if (s.policy.FindAttribute(entity, attribute.name) == nullptr) {
      return InvalidField(
          field, absl::StrCat("the policy declares no such attribute of ", ToAbsl(NameOf(entity))));
    }
    THROUGHLINE_RETURN_IF_ERROR(CheckText(field, attribute.value, kMaxNameBytes));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> CheckDomains(std::string_view field,
                                                      std::span<const std::string> domains) {
  if (domains.size() > kMaxListItems) return InvalidField(field, "too many");
  std::vector<std::string> normal;
  for (size_t i = 0; i < domains.size(); ++i) {
    THROUGHLINE_RETURN_IF_ERROR(CheckText(Item(field, i), domains[i], kMaxNameBytes));
    std::string domain = NormalDomain(domains[i]);
    if (domain.empty()) {
      return InvalidField(Item(field, i), absl::StrCat("'", domains[i], "' is not a domain"));
    }
    if (std::find(normal.begin(), normal.end(), domain) == normal.end()) {
      normal.push_back(std::move(domain));
    }
  }
  return normal;
}

std::vector<std::string> RegisteredBeside(const Situation& s,
                                          std::span<const std::string> domains) {
  std::vector<std::string> beside;
  for (const std::string& domain : domains) {
    std::string registered = RegisteredDomain(domain, s.policy.matching().two_label_suffixes);
    if (registered.empty() || registered == domain) continue;
    if (std::ranges::count(beside, registered) == 0) beside.push_back(std::move(registered));
  }
  return beside;
}

std::string NameKeyBeside(const Situation& s, std::string_view name) {
  std::string key = NameKey(name, s.policy.matching().legal_forms);
  return key == FoldName(name) ? "" : key;
}

absl::Status CheckOptionalKey(std::string_view field, std::string_view key) {
  return key.empty() ? absl::OkStatus() : CheckKey(field, key);
}

absl::Status CheckAmount(std::string_view field, const Money& amount) {
  if (absl::StatusOr<Currency> c = ParseCurrency(amount.currency.view()); !c.ok()) {
    return InvalidField(field, "needs an ISO 4217 currency code");
  }
  if (amount.minor > kMaxMinor || amount.minor < -kMaxMinor) {
    return InvalidField(field, "is beyond 10^18 minor units");
  }
  return absl::OkStatus();
}

absl::Status CheckDate(std::string_view field, Date date) {
  if (date < DateOf(kMinTime) || date > DateOf(kMaxTime)) {
    return InvalidField(field, "is not within 1900..2199");
  }
  return absl::OkStatus();
}

absl::StatusOr<uint32_t> Refuse(const Situation& s, Breach breach, std::string_view why) {
  if (s.context.mode == Mode::kObserve) return BreachBit(breach);
  return RefusedByRule(NameOf(breach), why);
}

Lineage LineageOfNew(const Situation& s, const Opening& opening, const EventPayload& opened) {
  if (s.history.empty()) return LineageOf(s.rows, opening, s.policy);
  Draft draft(s);
  draft.AddTo(s.account, opened);
  const auto* lead = std::get_if<LeadOpened>(&opened);
  const auto* deal = std::get_if<OpportunityOpened>(&opened);
  const std::vector<RecordedEvent> added = draft.Added();
  const EffectiveHistory effective(s.history, added);
  for (const auto& group : effective.Groups()) {
    for (const Relink& relink : RelinksOf(group, s.policy, opening.at.at)) {
      const bool is_it =
          lead != nullptr ? relink.lead == lead->lead : relink.opportunity == deal->opportunity;
      if (is_it) return relink.lineage;
    }
  }
  return {};
}

}  // namespace throughline
