#include "ledger/account_session.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "core/fold.h"
#include "core/needs.h"
#include "ledger/account_group.h"
#include "ledger/account_rows.h"
#include "ledger/opened_entity.h"
#include "ledger/person_history.h"
#include "ledger/refusal.h"
#include "throughline/error.h"

namespace throughline {
namespace {

// The version that a caller may expect in the stream of account 0: that of the entity itself.
absl::StatusOr<int64_t> EntityVersion(const Command& command, const Rows& rows,
                                      int64_t policy_version) {
  if (const auto* owner = std::get_if<OwnerDefine>(&command)) {
    const OwnerRow* row = rows.owners.Find(owner->owner.id);
    return row == nullptr ? 0 : row->version;
  }
  if (std::holds_alternative<PolicyChange>(command)) return policy_version;
  CampaignId campaign;
  if (const auto* defined = std::get_if<CampaignDefine>(&command)) campaign = defined->campaign.id;
  if (const auto* cost = std::get_if<CampaignCost>(&command)) campaign = cost->campaign.id;
  if (const CampaignRow* row = rows.campaigns.Find(campaign)) return row->version;
  if (std::holds_alternative<CampaignDefine>(command)) return 0;
  return InvalidField("expected_version", "what this command is about has no version");
}

absl::Status VersionConflict(AccountId account, int64_t expected, int64_t current) {
  ErrorDetail detail;
  detail.field = "expected_version";
  detail.account = account.value;
  detail.version = current;
  return WithDetail(absl::AbortedError(absl::StrCat("expected_version: ", expected,
                                                    " is not the current version, ", current)),
                    detail);
}

bool IsRevision(const Command& command) {
  return std::holds_alternative<Amend>(command) || std::holds_alternative<Void>(command) ||
         std::holds_alternative<TouchRetract>(command);
}

Receipt ReceiptOfKnown(const RecordedFact& fact) {
  Receipt receipt;
  receipt.seq = fact.seq;
  receipt.account = fact.account;
  receipt.repeated = true;
  return receipt;
}

// The evidence with what was opened in the place of what was not found.
MatchEvidence EvidenceIn(const Decision& decision, const MatchOutcome& match) {
  MatchEvidence evidence = match.evidence;
  const Matched& matched = std::get<Matched>(decision.streams.front().events.front().payload);
  evidence.account = matched.account;
  evidence.contact = matched.contact;
  evidence.opens_contact = matched.opened_contact;
  evidence.events_before = EventsBefore(matched, match.review.size());
  return evidence;
}

size_t SizeOf(const ContactProfileRow& row) {
  return row.name.size() + row.email.size() + row.phone.size() + row.title.size();
}

}  // namespace

AccountSession::AccountSession(LedgerTransaction& transaction, Actors actors)
    : transaction_(transaction),
      actors_(actors),
      mark_(transaction.TakeMark()),
      locator_(transaction, pending_, rows_, {rows_, emails_}),
      history_(transaction.store(), pending_),
      other_streams_(transaction.store()) {}

AccountSession::~AccountSession() {
  if (!pending_.empty()) transaction_.Restore(mark_);
}

absl::StatusOr<Home> AccountSession::Locate(Command& command, Context& context) {
  absl::StatusOr<Home> home = locator_.Locate(bound_ ? &account_ : nullptr, command, context);
  if (home.ok()) return KnownOrHome(context, *std::move(home));
  if (context.fact == 0 || !IsRefusal(home.status())) return home;
  // What fits together no more, since a contact has moved, may have been recorded when it did.
  absl::StatusOr<std::vector<AccountId>> accounts = locator_.NamedAccounts();
  if (!accounts.ok()) return accounts.status();
  absl::StatusOr<RecordedFact> known =
      other_streams_.Find(context.fact, *std::move(accounts), locator_.NamedContacts());
  if (!known.ok()) return known.status();
  return known->seq == 0 ? home : Home{known->account, /*opens=*/false, known->seq};
}

// A fact about one of several accounts may have been recorded when there was only one, or before
// they were merged.
absl::StatusOr<Home> AccountSession::KnownOrHome(const Context& context, Home home) {
  if (context.fact == 0 || !home.match) return home;
  std::vector<AccountId> accounts = home.match->elsewhere;
  const std::vector<AccountId>& candidates = home.match->candidates;
  if (candidates.size() > 1) accounts.insert(accounts.end(), candidates.begin(), candidates.end());
  if (accounts.empty()) return home;
  absl::StatusOr<RecordedFact> known =
      other_streams_.Find(context.fact, std::move(accounts), locator_.NamedContacts());
  if (!known.ok()) return known.status();
  if (known->seq != 0) return Home{known->account, /*opens=*/false, known->seq};
  return home;
}

// In the stream of the account, or in one that a contact of the command was in before.
absl::StatusOr<RecordedFact> AccountSession::FindFact(uint64_t fact) {
  absl::StatusOr<const StreamFacts*> facts = history_.Facts();
  if (!facts.ok()) return facts.status();
  if (const int64_t seq = (*facts)->SeqOf(fact); seq != 0) {
    if (members_.size() == 1) return RecordedFact{account_, seq};
    auto account = locator_.AccountOfCommit(seq);
    if (!account.ok()) return account.status();
    return RecordedFact{account->value_or(account_), seq};
  }
  if ((*facts)->arrivals.empty()) return RecordedFact{};
  const std::vector<ContactId> contacts = locator_.NamedContacts();
  return other_streams_.Find(fact, (*facts)->HomesBefore(contacts), contacts);
}

absl::StatusOr<Receipt> AccountSession::Apply(const Command& command, const Context& context,
                                              const Home& home) {
  if (home.known_seq != 0) return ReceiptOfKnown({home.account, home.known_seq});
  if (!bound_ && !home.opens) Bind(home);
  if (context.fact != 0 && bound_) {
    absl::StatusOr<RecordedFact> known = FindFact(context.fact);
    if (!known.ok()) return known.status();
    if (known->seq != 0) return ReceiptOfKnown(*known);
  }
  if (bound_) {
    if (absl::Status status = LoadScope(command, context); !status.ok()) return status;
  }
  if (absl::Status status = CheckVersion(command, context, home); !status.ok()) return status;
  pending_.Open(transaction_, actors_ == Actors::kOne ? context.actor.id : OwnerId{});
  const MatchOutcome* match = home.match ? &*home.match : nullptr;
  absl::StatusOr<Decision> decision = DecideHere(command, context, match);
  if (!decision.ok()) return decision.status();
  if (!bound_) Bind({decision->streams.front().account, true});
  return Accept(*std::move(decision), match);
}

void AccountSession::Bind(const Home& home) {
  bound_ = true;
  account_ = home.account;
  members_ = {account_};
  history_.Bind(account_, home.opens);
  if (home.opens) group_loaded_ = whole_loaded_ = rows_.touches_known = true;
}

absl::Status AccountSession::CheckVersion(const Command& command, const Context& context,
                                          const Home& home) const {
  if (!context.expected_version) return absl::OkStatus();
  const AccountRow* row = rows_.accounts.Find(home.account);
  int64_t current = row == nullptr || home.opens ? 0 : row->version;
  if (home.account == kNoAccount && !home.opens && !IsRevision(command)) {
    absl::StatusOr<int64_t> version = EntityVersion(command, rows_, transaction_.policy_version());
    if (!version.ok()) return version.status();
    current = *version;
  }
  if (*context.expected_version == current) return absl::OkStatus();
  return VersionConflict(home.account, *context.expected_version, current);
}

absl::Status AccountSession::LoadScope(const Command& command, const Context& context) {
  absl::Status status =
      LoadOnce(transaction_.store(), account_, KeyValues(account_), rows_.accounts);
  if (status.ok()) status = EnsureMembers(command);
  if (status.ok()) status = LoadVault(command);
  if (status.ok()) status = LoadReview(command);
  // Which side a person is of says what crosses.
  if (status.ok() && std::holds_alternative<AccountUnmerge>(command)) status = EnsureWhole();
  for (Scope loaded = Scope::kAccount; status.ok();) {
    const Scope scope = ScopeOf(command, context, rows_, account_);
    if (scope <= loaded) break;
    if (scope >= Scope::kGroup) status = EnsureGroup();
    if (status.ok() && scope >= Scope::kGroup) status = EnsureAliases();
    if (status.ok() && scope == Scope::kTouches) status = EnsureTouches();
    loaded = scope;
  }
  return status;
}

// The vault's part of a contact that is about to change, to move or to be erased.
absl::Status AccountSession::LoadVault(const Command& command) {
  if (const auto* erase = std::get_if<ContactErase>(&command)) {
    return LoadPerson(transaction_.store(), erase->contact.id, rows_);
  }
  ContactId id;
  if (const auto* update = std::get_if<ContactUpdate>(&command)) id = update->contact.id;
  if (const auto* move = std::get_if<ContactMove>(&command)) id = move->contact.id;
  const ContactRow* contact = rows_.contacts.Find(id);
  if (contact == nullptr) return absl::OkStatus();
  return LoadPrefix(transaction_.store(), kPrimaryKey, KeyValues(id), rows_.contact_profiles);
}

// The profiles of a person of which a change is taken back.
absl::Status AccountSession::LoadVoided(const Command& command,
                                        std::span<const RecordedEvent> history) {
  const auto* undo = std::get_if<Void>(&command);
  if (undo == nullptr) return absl::OkStatus();
  const ContactId contact = PersonWhoseProfileIsVoid(history, undo->event);
  if (!contact) return absl::OkStatus();
  return LoadPrefix(transaction_.store(), kPrimaryKey, KeyValues(contact), rows_.contact_profiles);
}

absl::Status AccountSession::LoadReview(const Command& command) {
  const auto* pair = std::get_if<AccountDistinct>(&command);
  if (pair == nullptr) return absl::OkStatus();
  return LoadOnce(transaction_.store(), {pair->account.id, pair->other.id},
                  KeyValues(pair->account.id, pair->other.id), rows_.reviews);
}

// The accounts that are merged with this one, or are about to be.
absl::Status AccountSession::EnsureMembers(const Command& command) {
  const AccountRow* row = rows_.accounts.Find(account_);
  const auto* merge = std::get_if<AccountMerge>(&command);
  if (merge == nullptr && (row == nullptr || !IsMerged(*row) || members_.size() > 1)) {
    return absl::OkStatus();
  }
  absl::Status status = LoadMembers(transaction_.store(), account_, rows_, members_);
  if (status.ok() && merge != nullptr && merge->merged.id) {
    // Even if it is refused: from here on the rows are not of one group.
    regrouped_ = true;
    status = LoadMembers(transaction_.store(), merge->merged.id, rows_, members_);
  }
  history_.SetAccounts(members_);
  group_loaded_ = aliases_loaded_ = whole_loaded_ = rows_.touches_known = false;
  return status;
}

absl::Status AccountSession::EnsureGroup() {
  if (group_loaded_) return absl::OkStatus();
  group_loaded_ = true;
  absl::Status status;
  for (const AccountId member : members_) {
    if (status.ok()) status = LoadGroup(transaction_.store(), member, rows_);
  }
  return status;
}

// The other contacts that one of those at hand is merged with.
absl::Status AccountSession::EnsureAliases() {
  bool merged = false;
  rows_.contacts.ForEach([&](const ContactRow& row) { merged |= IsMerged(row); });
  if (aliases_loaded_ || !merged) return absl::OkStatus();
  aliases_loaded_ = true;
  absl::Status status;
  for (const AccountId member : members_) {
    if (status.ok()) status = LoadContacts(transaction_.store(), member, rows_);
  }
  return status;
}

absl::Status AccountSession::EnsureTouches() {
  if (rows_.touches_known) return absl::OkStatus();
  absl::StatusOr<std::vector<TouchFact>> touches = history_.Touches();
  if (!touches.ok()) return touches.status();
  rows_.touches = *std::move(touches);
  rows_.touches_known = true;
  return absl::OkStatus();
}

absl::Status AccountSession::EnsureWhole() {
  if (whole_loaded_) return absl::OkStatus();
  whole_loaded_ = group_loaded_ = aliases_loaded_ = true;
  absl::Status status;
  for (const AccountId member : members_) {
    if (status.ok()) status = LoadAccount(transaction_.store(), member, rows_);
  }
  return status;
}

absl::StatusOr<std::span<const RecordedEvent>> AccountSession::HistoryFor(const Command& command,
                                                                          Scope scope) {
  if (scope < Scope::kHistory) return std::span<const RecordedEvent>();
  absl::StatusOr<std::span<const RecordedEvent>> events = history_.Events();
  if (!events.ok() || scope == Scope::kHistory) return events;
  const ContactId contact = std::get<ContactErase>(command).contact.id;
  absl::StatusOr<std::vector<RecordedEvent>> earlier =
      ReadOtherHomes(transaction_.store(), contact, *events);
  if (!earlier.ok()) return earlier.status();
  if (earlier->empty()) return events;
  person_.assign(events->begin(), events->end());
  std::move(earlier->begin(), earlier->end(), std::back_inserter(person_));
  return std::span<const RecordedEvent>(person_);
}

absl::StatusOr<Decision> AccountSession::DecideHere(const Command& command, const Context& context,
                                                    const MatchOutcome* match) {
  if (transaction_.policy() == nullptr) {
    return absl::DataLossError("no policy can be read: rebuild the ledger");
  }
  const Scope scope = bound_ ? ScopeOf(command, context, rows_, account_) : Scope::kAccount;
  absl::StatusOr<std::span<const RecordedEvent>> history = HistoryFor(command, scope);
  if (!history.ok()) return history.status();
  if (absl::Status status = LoadVoided(command, *history); !status.ok()) return status;
  const Situation situation{.context = context,
                            .rows = rows_,
                            .account = account_,
                            .history = *history,
                            .policy = *transaction_.policy(),
                            .policy_version = transaction_.policy_version(),
                            .next_event = pending_.NextEvent(account_),
                            .now = pending_.now(),
                            .supply = transaction_.ids(),
                            .secret = transaction_.request_key()};
  const IdSupply::Counters before = transaction_.ids().counters();
  absl::StatusOr<Decision> decision = Decide(command, situation, match);
  if (!decision.ok()) transaction_.ids().Restore(before);
  return decision;
}

absl::StatusOr<Receipt> AccountSession::Accept(Decision decision, const MatchOutcome* match) {
  if (decision.refold) {
    if (absl::Status status = EnsureWhole(); !status.ok()) return status;
  }
  Receipt receipt;
  receipt.account = decision.streams.front().account;
  receipt.entity = decision.entity;
  receipt.id = decision.id;
  receipt.events = std::ssize(decision.streams.front().events);
  for (const Event& event : decision.streams.front().events) receipt.breaches |= event.breaches;
  if (match != nullptr) receipt.match = EvidenceIn(decision, *match);
  KeepVaultRows(decision);
  for (StreamEvents& stream : decision.streams) {
    for (Event& event : stream.events) {
      absl::Status status = Record(stream.account, std::move(event), decision.refold);
      if (!status.ok()) return status;
    }
  }
  if (decision.refold) {
    if (absl::Status status = Refold(); !status.ok()) return status;
  }
  const CommitHead& head = pending_.first_open().head;
  receipt.seq = head.seq;
  receipt.version = head.version;
  receipt.recorded_at = head.recorded_at;
  return receipt;
}

absl::Status AccountSession::Record(AccountId stream, Event&& event, bool refold) {
  const AccountRow* row = rows_.accounts.Find(stream);
  absl::StatusOr<const RecordedEvent*> added =
      pending_.Add(stream, row == nullptr ? 0 : row->version, std::move(event));
  if (!added.ok()) return added.status();
  if (std::ranges::find(members_, stream) != members_.end()) history_.Added(**added);
  if (!refold) Evolve(rows_, **added);
  const EventPayload& payload = (*added)->event.payload;
  regrouped_ |= std::holds_alternative<AccountMerged>(payload) ||
                std::holds_alternative<AccountUnmerged>(payload);
  const auto* policy = std::get_if<PolicySet>(&(*added)->event.payload);
  return policy == nullptr ? absl::OkStatus() : AdoptPolicy(*policy);
}

absl::Status AccountSession::Refold() {
  absl::StatusOr<std::span<const RecordedEvent>> events = history_.Events();
  if (!events.ok()) return events.status();
  Rows folded = Fold(*events);
  ReplaceAccounts(members_, folded, rows_);
  rows_.touches = std::move(folded.touches);
  rows_.touches_known = true;
  return absl::OkStatus();
}

absl::Status AccountSession::AdoptPolicy(const PolicySet& set) {
  absl::StatusOr<std::shared_ptr<const Policy>> policy = Policy::Parse(set.json);
  if (!policy.ok()) return policy.status();
  transaction_.SetPolicy(set.version, *std::move(policy));
  return absl::OkStatus();
}

void AccountSession::KeepVaultRows(Decision& decision) {
  for (ContactProfileRow& row : decision.profiles) {
    vault_bytes_ += SizeOf(row);
    if (row.email_key) emails_[*row.email_key].push_back(row.contact);
    rows_.contact_profiles.Put(std::move(row));
  }
  for (ContactExternalIdRow& row : decision.contact_external_ids) {
    rows_.contact_external_ids.Put(std::move(row));
  }
  for (NoteRow& row : decision.notes) {
    vault_bytes_ += row.text.size();
    rows_.notes.Put(std::move(row));
  }
  if (decision.erasure) Erase(*decision.erasure);
}

void AccountSession::Erase(const Erasure& erasure) {
  erases_ = true;
  for (const ContactProfileRow& row : erasure.profiles) rows_.contact_profiles.Erase(row);
  for (const ContactExternalIdRow& row : erasure.external_ids) {
    rows_.contact_external_ids.Erase(row);
  }
  for (const NoteRow& row : erasure.notes) rows_.notes.Erase(row);
  for (const ErasedIdentityRow& row : erasure.identities) rows_.erased_identities.Put(row);
}

absl::Status AccountSession::Flush(std::string_view request) {
  if (pending_.empty()) return absl::OkStatus();
  pending_.Close(request);
  if (absl::Status status = pending_.Append(transaction_); !status.ok()) return status;
  if (absl::Status status = SaveChanges(transaction_.store(), rows_); !status.ok()) return status;
  if (account_ == kNoAccount) transaction_.ForgetReferences();
  if (std::exchange(erases_, false)) transaction_.NoteErasure();
  // They are in the store now, and may be large.
  rows_.contact_profiles = {};
  emails_.clear();
  rows_.notes = {};
  vault_bytes_ = 0;
  mark_ = transaction_.TakeMark();
  return absl::OkStatus();
}

}  // namespace throughline
