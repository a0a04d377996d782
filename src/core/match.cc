#include "core/match.h"

#include <algorithm>
#include <iterator>
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

// "": it says nothing of a company.
std::string CompanyDomain(std::string_view domain, const Matching& matching) {
  std::string registered = RegisteredDomain(domain, matching.two_label_suffixes);
  if (matching.free_mail.contains(registered) || matching.free_mail.contains(domain)) return "";
  return registered;
}

void AddIds(MatchLookup::By by, std::span<const ExternalId> ids,
            std::vector<MatchLookup>& lookups) {
  for (const ExternalId& id : ids) {
    lookups.push_back({by, MatchRule::kExternalId, absl::StrCat(id.system, ":", id.key), id});
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
  accounts.erase(std::unique(accounts.begin(), accounts.end()), accounts.end());
  return accounts;
}

// Which of several accounts stands for all of them by what was asked before; 0: it has to be asked.
absl::StatusOr<AccountId> AnsweredBefore(std::span<const AccountId> accounts, AccountId oldest,
                                         const QuestionOf& question) {
  bool all_asked = true;
  for (size_t i = accounts.size(); i-- > 0;) {
    bool opened_for_all = true;
    for (const AccountId other : accounts) {
      if (other == accounts[i]) continue;
      absl::StatusOr<Question> known = question(accounts[i], other);
      if (!known.ok()) return known.status();
      opened_for_all &= *known == Question::kOpenedFor;
      all_asked &= *known != Question::kNever;
    }
    if (opened_for_all) return accounts[i];
  }
  return all_asked ? oldest : AccountId{};
}

void Note(const MatchLookup& lookup, int64_t candidates, MatchOutcome& outcome) {
  outcome.evidence.rule = lookup.rule;
  outcome.evidence.value = lookup.value;
  outcome.evidence.candidates = candidates;
  outcome.personal = lookup.of_person();
}

}  // namespace

MatchPlan::MatchPlan(const Identity& identity, const Policy& policy)
    : identity_(identity), matching_(policy.matching()), email_(EmailKey(identity.email)) {}

absl::StatusOr<MatchPlan> MatchPlan::Of(const Identity& identity, const Policy& policy,
                                        bool account_known) {
  THROUGHLINE_RETURN_IF_ERROR(CheckIdentity(identity));
  MatchPlan plan(identity, policy);
  const bool name_is_enough = account_known && !FoldName(identity.name).empty();
  if (!name_is_enough && !plan.KnowsAnything()) {
    return InvalidField("match", "needs an email, a domain, a company or an external id");
  }
  return plan;
}

bool MatchPlan::KnowsAnything() {
  return !email_.empty() || !identity_.contact_external_ids.empty() ||
         !identity_.account_external_ids.empty() || !Domains().empty() || !CompanyKey().empty();
}

// Of the web site, then of the email.
const std::vector<std::string>& MatchPlan::Domains() {
  if (domains_) return *domains_;
  std::vector<std::string>& domains = domains_.emplace();
  const auto add = [&](std::string_view host) {
    std::string domain = CompanyDomain(host, matching_);
    if (domain.empty() || std::ranges::count(domains, domain) != 0) return;
    domains.push_back(std::move(domain));
  };
  if (!identity_.domain.empty()) add(NormalDomain(identity_.domain));
  if (!email_.empty()) add(std::string_view(email_).substr(email_.find('@') + 1));
  return domains;
}

std::string MatchPlan::CompanyKey() const {
  return NameKey(identity_.company, matching_.legal_forms);
}

std::string MatchPlan::Domain() { return Domains().empty() ? "" : Domains().front(); }

std::vector<MatchLookup> MatchPlan::LookupsOf(MatchRule rule) {
  using By = MatchLookup::By;
  std::vector<MatchLookup> lookups;
  switch (rule) {
    case MatchRule::kExternalId:
      AddIds(By::kContactId, identity_.contact_external_ids, lookups);
      AddIds(By::kAccountId, identity_.account_external_ids, lookups);
      break;
    case MatchRule::kEmail:
      if (!email_.empty()) lookups.push_back({By::kEmail, rule, email_, {}});
      break;
    case MatchRule::kDomain:
      for (const std::string& domain : Domains()) {
        lookups.push_back({By::kDomain, rule, domain, {}});
      }
      break;
    case MatchRule::kName:
      if (std::string key = CompanyKey(); !key.empty()) {
        lookups.push_back({By::kName, rule, std::move(key), {}});
      }
      break;
    case MatchRule::kNone:
      break;
  }
  return lookups;
}

std::vector<MatchLookup> MatchPlan::AllLookups() {
  std::vector<MatchLookup> all;
  for (const MatchRule rule : rules()) {
    std::ranges::move(LookupsOf(rule), std::back_inserter(all));
  }
  return all;
}

absl::Status Judge(const MatchLookup& lookup, std::span<const MatchCandidate> candidates,
                   Ambiguity ambiguous, const QuestionOf& question, MatchOutcome& outcome) {
  if (candidates.empty()) return absl::OkStatus();
  outcome.candidates = AccountsOf(candidates);
  Note(lookup, std::ssize(outcome.candidates), outcome);
  const MatchCandidate* chosen = &OldestOf(candidates);
  const size_t accounts = outcome.candidates.size();
  if (ambiguous == Ambiguity::kReview && accounts > 1 && accounts < kMaxMatchCandidates) {
    absl::StatusOr<AccountId> before =
        AnsweredBefore(outcome.candidates, chosen->account, question);
    if (!before.ok()) return before.status();
    chosen = *before ? &FirstOf(*before, candidates) : nullptr;
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
                         AccountId leading, MatchOutcome& outcome) {
  for (const MatchCandidate& candidate : candidates) {
    if (candidate.account == leading) {
      Note(lookup, 1, outcome);
      outcome.evidence.contact = candidate.contact;
      break;
    }
    if (lookup.by != MatchLookup::By::kContactId) continue;
    return InvalidField("match.contact_external_ids",
                        absl::StrCat(lookup.value, " is somebody of account ",
                                     candidate.account.value, ", not ", leading.value));
  }
  return absl::OkStatus();
}

std::string NameAskedFor(const Identity& identity, const MatchOutcome& outcome) {
  const bool only_a_name =
      identity.contact_external_ids.empty() && EmailKey(identity.email).empty();
  if (!outcome.evidence.account || outcome.evidence.contact || !only_a_name) return "";
  return FoldName(identity.name);
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
      !evidence.contact && (!identity.name.empty() || !identity.contact_external_ids.empty() ||
                            !EmailKey(identity.email).empty());
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
