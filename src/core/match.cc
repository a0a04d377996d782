#include "core/match.h"

#include <algorithm>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "core/rules.h"
#include "model/domain.h"
#include "model/fold_case.h"
#include "model/text.h"
#include "throughline/error.h"
#include "throughline/limits.h"

namespace throughline {
namespace {

absl::Status CheckIds(std::string_view field, std::span<const ExternalId> ids) {
  if (ids.size() > kMaxListItems) return InvalidField(field, "too many");
  for (size_t i = 0; i < ids.size(); ++i) {
    const std::string item = absl::StrCat(std::string(field), "[", i, "]");
    THROUGHLINE_RETURN_IF_ERROR(CheckExternalId(item, ids[i]));
  }
  return absl::OkStatus();
}

absl::Status CheckIdentity(const Identity& identity) {
  const std::pair<std::string_view, std::string_view> texts[] = {
      {"match.email", identity.email},     {"match.name", identity.name},
      {"match.phone", identity.phone},     {"match.title", identity.title},
      {"match.company", identity.company}, {"match.domain", identity.domain}};
  for (const auto& [field, text] : texts) {
    THROUGHLINE_RETURN_IF_ERROR(CheckText(field, text, kMaxNameBytes));
  }
  THROUGHLINE_RETURN_IF_ERROR(
      CheckIds("match.contact_external_ids", identity.contact_external_ids));
  return CheckIds("match.account_external_ids", identity.account_external_ids);
}

// The keys of an identity, as its records have them.
struct MatchKeys {
  std::string email;
  std::vector<std::string> domains;  // of the web site, then of the email
  std::string name;
};

// "": it says nothing of a company.
std::string CompanyDomain(std::string_view domain, const Matching& matching) {
  std::string registered = RegisteredDomain(domain, matching.two_label_suffixes);
  if (matching.free_mail.contains(registered) || matching.free_mail.contains(domain)) return "";
  return registered;
}

MatchKeys KeysOf(const Identity& identity, const Matching& matching) {
  MatchKeys keys;
  keys.email = EmailKey(identity.email);
  const auto add = [&](std::string_view host) {
    std::string domain = CompanyDomain(host, matching);
    if (domain.empty() || std::ranges::count(keys.domains, domain) != 0) return;
    keys.domains.push_back(std::move(domain));
  };
  if (!identity.domain.empty()) add(NormalDomain(identity.domain));
  if (!keys.email.empty()) add(std::string_view(keys.email).substr(keys.email.find('@') + 1));
  keys.name = NameKey(identity.company, matching.legal_forms);
  return keys;
}

void AddIds(MatchLookup::By by, std::span<const ExternalId> ids, MatchPlan& plan) {
  for (const ExternalId& id : ids) {
    plan.lookups.push_back({by, MatchRule::kExternalId, absl::StrCat(id.system, ":", id.key), id});
  }
}

void AddLookups(MatchRule rule, const Identity& identity, MatchKeys& keys, MatchPlan& plan) {
  using By = MatchLookup::By;
  switch (rule) {
    case MatchRule::kExternalId:
      AddIds(By::kContactId, identity.contact_external_ids, plan);
      return AddIds(By::kAccountId, identity.account_external_ids, plan);
    case MatchRule::kEmail:
      if (!keys.email.empty()) plan.lookups.push_back({By::kEmail, rule, keys.email, {}});
      return;
    case MatchRule::kDomain:
      for (const std::string& domain : keys.domains) {
        plan.lookups.push_back({By::kDomain, rule, domain, {}});
      }
      return;
    case MatchRule::kName:
      if (!keys.name.empty()) plan.lookups.push_back({By::kName, rule, keys.name, {}});
      return;
    case MatchRule::kNone:
      return;
  }
}

const MatchCandidate& OldestOf(std::span<const MatchCandidate> candidates) {
  return *std::ranges::min_element(candidates, [](const auto& a, const auto& b) {
    return std::tie(a.opened_at, a.account, a.contact) <
           std::tie(b.opened_at, b.account, b.contact);
  });
}

const MatchCandidate& FirstOf(AccountId account, std::span<const MatchCandidate> candidates) {
  return *std::ranges::find_if(candidates, [&](const auto& c) { return c.account == account; });
}

std::vector<AccountId> AccountsOf(std::span<const MatchCandidate> candidates) {
  std::vector<AccountId> accounts;
  for (const MatchCandidate& candidate : candidates) accounts.push_back(candidate.account);
  std::ranges::sort(accounts);
  accounts.erase(std::ranges::unique(accounts).begin(), accounts.end());
  return accounts;
}

// Whether the newest account was opened because of all the others.
absl::StatusOr<bool> AskedOfNewest(std::span<const AccountId> accounts, const AskedBefore& asked) {
  for (const AccountId older : accounts.first(accounts.size() - 1)) {
    absl::StatusOr<bool> before = asked(accounts.back(), older);
    if (!before.ok() || !*before) return before;
  }
  return true;
}

void Note(const MatchLookup& lookup, int64_t candidates, MatchOutcome& outcome) {
  outcome.evidence.rule = lookup.rule;
  outcome.evidence.value = lookup.value;
  outcome.evidence.candidates = candidates;
  outcome.personal = lookup.of_person();
}

}  // namespace

absl::StatusOr<MatchPlan> MatchNeeds(const Identity& identity, const Policy& policy) {
  THROUGHLINE_RETURN_IF_ERROR(CheckIdentity(identity));
  MatchPlan plan;
  MatchKeys keys = KeysOf(identity, policy.matching());
  for (const MatchRule rule : policy.matching().order) AddLookups(rule, identity, keys, plan);
  const bool known_again = !keys.email.empty() || !keys.domains.empty() || !keys.name.empty() ||
                           !identity.contact_external_ids.empty() ||
                           !identity.account_external_ids.empty();
  if (!known_again) {
    return InvalidField("match", "needs an email, a domain, a company or an external id");
  }
  if (!keys.domains.empty()) plan.domain = std::move(keys.domains.front());
  plan.person_key = FoldName(identity.name);
  return plan;
}

absl::Status Judge(const MatchLookup& lookup, std::span<const MatchCandidate> candidates,
                   Ambiguity ambiguous, const AskedBefore& asked, MatchOutcome& outcome) {
  if (candidates.empty()) return absl::OkStatus();
  outcome.candidates = AccountsOf(candidates);
  Note(lookup, std::ssize(outcome.candidates), outcome);
  const MatchCandidate* chosen = &OldestOf(candidates);
  if (outcome.candidates.size() > 1 && ambiguous == Ambiguity::kReview) {
    absl::StatusOr<bool> before = AskedOfNewest(outcome.candidates, asked);
    if (!before.ok()) return before.status();
    chosen = *before ? &FirstOf(outcome.candidates.back(), candidates) : nullptr;
  }
  if (chosen == nullptr) {
    outcome.review = outcome.candidates;
    return absl::OkStatus();
  }
  outcome.evidence.account = chosen->account;
  outcome.evidence.contact = chosen->contact;
  return absl::OkStatus();
}

absl::Status JudgePerson(const MatchLookup& lookup, std::span<const MatchCandidate> candidates,
                         MatchOutcome& outcome) {
  const AccountId account = outcome.evidence.account;
  for (const MatchCandidate& candidate : candidates) {
    if (candidate.account == account) {
      Note(lookup, 1, outcome);
      outcome.evidence.contact = candidate.contact;
      break;
    }
    if (lookup.by != MatchLookup::By::kContactId) continue;
    return InvalidField("match.contact_external_ids",
                        absl::StrCat(lookup.value, " is somebody of account ",
                                     candidate.account.value, ", not ", account.value));
  }
  return absl::OkStatus();
}

bool AsksForName(const Identity& identity, const MatchPlan& plan, const MatchOutcome& outcome) {
  return outcome.evidence.account && !outcome.evidence.contact && !plan.person_key.empty() &&
         EmailKey(identity.email).empty() && identity.contact_external_ids.empty();
}

void FoundByName(ContactId contact, MatchOutcome& outcome) {
  outcome.evidence.contact = contact;
  if (outcome.evidence.rule != MatchRule::kNone) return;
  outcome.evidence.rule = MatchRule::kName;
  outcome.evidence.candidates = 1;
}

void Conclude(const Identity& identity, MatchOutcome& outcome) {
  MatchEvidence& evidence = outcome.evidence;
  evidence.opens_account = !evidence.account;
  evidence.opens_contact =
      !evidence.contact && (!identity.email.empty() || !identity.name.empty() ||
                            !identity.phone.empty() || !identity.contact_external_ids.empty());
}

const Identity* IdentityOf(const Command& command) {
  return std::visit(
      [](const auto& c) -> const Identity* {
        if constexpr (requires { c.match; }) {
          if constexpr (requires { c.contact; }) {
            if (c.contact) return nullptr;
          }
          return c.match ? &c.match : nullptr;
        } else {
          return nullptr;
        }
      },
      command);
}

}  // namespace throughline
