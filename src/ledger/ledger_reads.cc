#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "ledger/export_person.h"
#include "ledger/identity_finder.h"
#include "ledger/ledger_impl.h"
#include "ledger/list_records.h"
#include "ledger/list_reviews.h"
#include "ledger/read_history.h"
#include "ledger/read_records.h"
#include "ledger/refusal.h"
#include "ledger/verify.h"

// The reads of LedgerImpl: each one is one read transaction.

namespace throughline {
namespace {

template <class Read>
std::invoke_result_t<Read, ReadTransaction&> InTransaction(Store& store, Read&& read) {
  absl::StatusOr<std::unique_ptr<ReadTransaction>> transaction = store.BeginRead();
  if (!transaction.ok()) return transaction.status();
  return read(**transaction);
}

template <class Row, class Tag>
absl::StatusOr<Row> Get(Store& store, const Ref<Tag>& ref) {
  return InTransaction(
      store, [&](ReadTransaction& transaction) { return ReadRecord<Row>(transaction, ref); });
}

}  // namespace

absl::StatusOr<AccountRow> LedgerImpl::GetAccount(const AccountRef& account) {
  return Get<AccountRow>(*store_, account);
}

absl::StatusOr<ContactRow> LedgerImpl::GetContact(const ContactRef& contact) {
  return Get<ContactRow>(*store_, contact);
}

absl::StatusOr<ContactProfileRow> LedgerImpl::GetContactProfile(const ContactRef& contact) {
  return InTransaction(
      *store_, [&](ReadTransaction& transaction) { return ReadProfile(transaction, contact); });
}

absl::StatusOr<LeadRow> LedgerImpl::GetLead(const LeadRef& lead) {
  return Get<LeadRow>(*store_, lead);
}

absl::StatusOr<OpportunityRow> LedgerImpl::GetOpportunity(const OpportunityRef& opportunity) {
  return Get<OpportunityRow>(*store_, opportunity);
}

absl::StatusOr<OwnerRow> LedgerImpl::GetOwner(const OwnerRef& owner) {
  return Get<OwnerRow>(*store_, owner);
}

absl::StatusOr<CampaignRow> LedgerImpl::GetCampaign(const CampaignRef& campaign) {
  return Get<CampaignRow>(*store_, campaign);
}

absl::StatusOr<std::vector<ExternalId>> LedgerImpl::GetExternalIds(EntityKind kind, int64_t id) {
  return InTransaction(*store_, [&](ReadTransaction& transaction) {
    return ReadExternalIds(transaction, kind, id);
  });
}

absl::StatusOr<std::vector<ContactRow>> LedgerImpl::FindContactsByEmail(std::string_view email) {
  return InTransaction(
      *store_, [&](ReadTransaction& transaction) { return FindByEmail(transaction, email); });
}

absl::StatusOr<std::vector<AccountRow>> LedgerImpl::FindAccountsByDomain(std::string_view domain) {
  return InTransaction(
      *store_, [&](ReadTransaction& transaction) { return FindByDomain(transaction, domain); });
}

absl::StatusOr<MatchEvidence> LedgerImpl::MatchIdentity(const Identity& identity) {
  std::vector<absl::StatusOr<MatchEvidence>> outcomes;
  absl::Status status = MatchIdentities(std::span(&identity, 1), outcomes);
  if (!status.ok()) return status;
  return std::move(outcomes.front());
}

absl::Status LedgerImpl::MatchIdentities(std::span<const Identity> identities,
                                         std::vector<absl::StatusOr<MatchEvidence>>& outcomes) {
  outcomes.clear();
  outcomes.reserve(identities.size());
  return InTransaction(*store_, [&](ReadTransaction& transaction) -> absl::Status {
    absl::StatusOr<PolicyInForce> now = policies_.Current(transaction);
    if (!now.ok()) return now.status();
    IdentityFinder finder(transaction, *now->policy, nullptr);
    for (const Identity& identity : identities) {
      absl::StatusOr<MatchOutcome> outcome = finder.Find(identity);
      if (!outcome.ok() && !IsRefusal(outcome.status())) return outcome.status();
      outcomes.push_back(outcome.ok() ? absl::StatusOr<MatchEvidence>(outcome->evidence)
                                      : absl::StatusOr<MatchEvidence>(outcome.status()));
    }
    return absl::OkStatus();
  });
}

absl::StatusOr<Page<ReviewRow>> LedgerImpl::ListReviews(ReviewState state,
                                                        const PageRequest& page) {
  return InTransaction(*store_, [&](ReadTransaction& transaction) {
    return ListReviewRows(transaction, state, page);
  });
}

absl::StatusOr<Page<LeadRow>> LedgerImpl::ListLeads(const RecordFilter& filter,
                                                    const PageRequest& page) {
  return InTransaction(*store_, [&](ReadTransaction& transaction) -> absl::StatusOr<Page<LeadRow>> {
    absl::StatusOr<PolicyInForce> now = policies_.Current(transaction);
    if (!now.ok()) return now.status();
    return ListLeadRows(transaction, *now->policy, filter, page);
  });
}

absl::StatusOr<Page<OpportunityRow>> LedgerImpl::ListOpportunities(const RecordFilter& filter,
                                                                   const PageRequest& page) {
  return InTransaction(*store_,
                       [&](ReadTransaction& transaction) -> absl::StatusOr<Page<OpportunityRow>> {
                         absl::StatusOr<PolicyInForce> now = policies_.Current(transaction);
                         if (!now.ok()) return now.status();
                         return ListOpportunityRows(transaction, *now->policy, filter, page);
                       });
}

absl::StatusOr<AccountState> LedgerImpl::StateOf(const AccountRef& account,
                                                 const AsOfRequest& as_of) {
  return InTransaction(*store_, [&](ReadTransaction& transaction) {
    return ReadState(transaction, account, as_of);
  });
}

template <class RecordRef>
absl::StatusOr<Trace> LedgerImpl::TraceOf(const RecordRef& record, const AsOfRequest& as_of) {
  return InTransaction(*store_, [&](ReadTransaction& transaction) -> absl::StatusOr<Trace> {
    absl::StatusOr<PolicyInForce> now = policies_.Current(transaction);
    if (!now.ok()) return now.status();
    return ReadTrace(transaction, record, as_of, *now->policy);
  });
}

absl::StatusOr<Trace> LedgerImpl::TraceLead(const LeadRef& lead, const AsOfRequest& as_of) {
  return TraceOf(lead, as_of);
}

absl::StatusOr<Trace> LedgerImpl::TraceOpportunity(const OpportunityRef& opportunity,
                                                   const AsOfRequest& as_of) {
  return TraceOf(opportunity, as_of);
}

absl::StatusOr<TimelinePage> LedgerImpl::Timeline(const AccountRef& account,
                                                  const TimelineRequest& request) {
  return InTransaction(*store_, [&](ReadTransaction& transaction) {
    return ReadTimeline(transaction, account, request);
  });
}

absl::StatusOr<std::string> LedgerImpl::NoteText(NoteId note) {
  return InTransaction(
      *store_, [&](ReadTransaction& transaction) { return ReadNoteText(transaction, note); });
}

absl::StatusOr<std::string> LedgerImpl::ExportPerson(const ContactRef& contact) {
  return InTransaction(*store_, [&](ReadTransaction& transaction) -> absl::StatusOr<std::string> {
    absl::StatusOr<PolicyInForce> now = policies_.Current(transaction);
    if (!now.ok()) return now.status();
    return throughline::ExportPerson(transaction, contact, *now->policy);
  });
}

absl::StatusOr<std::vector<Commit>> LedgerImpl::ReadCommits(int64_t after, size_t limit) {
  return InTransaction(*store_, [&](ReadTransaction& transaction) {
    return ReadCommitsAfter(transaction, after, limit);
  });
}

absl::StatusOr<PolicyInForce> LedgerImpl::CurrentPolicy() {
  return InTransaction(
      *store_, [&](ReadTransaction& transaction) { return policies_.Current(transaction); });
}

absl::StatusOr<VerifyReport> LedgerImpl::Verify() { return InTransaction(*store_, VerifyLedger); }

}  // namespace throughline
