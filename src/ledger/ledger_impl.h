#ifndef THROUGHLINE_LEDGER_LEDGER_IMPL_H_
#define THROUGHLINE_LEDGER_LEDGER_IMPL_H_

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/commit_feed.h"
#include "ledger/ledger_writer.h"
#include "ledger/policy_cache.h"
#include "ledger/writer_cache.h"
#include "throughline/ledger.h"

namespace throughline {

// Puts the parts together: the writer, the feed, and reads of one transaction each.
class LedgerImpl final : public Ledger {
 public:
  // As Ledger::Create and Open. `random` makes salts, keys and the ledger's id: tests give their
  // own, so that equal runs give equal ledgers; null is the system's.
  static absl::StatusOr<std::unique_ptr<Ledger>> Create(std::unique_ptr<Store> store,
                                                        LedgerOptions options,
                                                        std::string_view policy_json,
                                                        RandomBytes random = nullptr);
  static absl::StatusOr<std::unique_ptr<Ledger>> Open(std::unique_ptr<Store> store,
                                                      LedgerOptions options,
                                                      RandomBytes random = nullptr);

  // Makes an empty store a ledger by what `fill` writes, in one transaction. ALREADY_EXISTS if the
  // store holds a ledger.
  static absl::StatusOr<std::unique_ptr<Ledger>> CreateFrom(
      std::unique_ptr<Store> store, LedgerOptions options,
      const std::function<absl::Status(LedgerTransaction&)>& fill, RandomBytes random = nullptr);

  // INVALID_ARGUMENT for a ledger of another make.
  static absl::StatusOr<LedgerImpl*> From(Ledger& ledger);

  absl::StatusOr<Receipt> Execute(const Command& command, const Context& context) override;
  absl::StatusOr<Receipt> ExecuteAtomic(std::span<const Command> commands,
                                        const Context& context) override;
  absl::Status ExecuteAll(std::span<const Request> requests,
                          std::vector<absl::StatusOr<Receipt>>& outcomes) override;

  absl::StatusOr<AccountRow> GetAccount(const AccountRef& account) override;
  absl::StatusOr<ContactRow> GetContact(const ContactRef& contact) override;
  absl::StatusOr<ContactProfileRow> GetContactProfile(const ContactRef& contact) override;
  absl::StatusOr<LeadRow> GetLead(const LeadRef& lead) override;
  absl::StatusOr<OpportunityRow> GetOpportunity(const OpportunityRef& opportunity) override;
  absl::StatusOr<OwnerRow> GetOwner(const OwnerRef& owner) override;
  absl::StatusOr<CampaignRow> GetCampaign(const CampaignRef& campaign) override;
  absl::StatusOr<std::vector<ExternalId>> GetExternalIds(EntityKind kind, int64_t id) override;
  absl::StatusOr<std::vector<ContactRow>> FindContactsByEmail(std::string_view email) override;
  absl::StatusOr<std::vector<AccountRow>> FindAccountsByDomain(std::string_view domain) override;
  absl::StatusOr<MatchEvidence> MatchIdentity(const Identity& identity) override;
  absl::Status MatchIdentities(std::span<const Identity> identities,
                               std::vector<absl::StatusOr<MatchEvidence>>& outcomes) override;
  absl::StatusOr<Page<ReviewRow>> ListReviews(ReviewState state, const PageRequest& page) override;
  absl::StatusOr<Page<LeadRow>> ListLeads(const RecordFilter& filter,
                                          const PageRequest& page) override;
  absl::StatusOr<Page<OpportunityRow>> ListOpportunities(const RecordFilter& filter,
                                                         const PageRequest& page) override;

  absl::StatusOr<AccountState> StateOf(const AccountRef& account,
                                       const AsOfRequest& as_of) override;
  absl::StatusOr<TimelinePage> Timeline(const AccountRef& account,
                                        const TimelineRequest& request) override;
  absl::StatusOr<Trace> TraceLead(const LeadRef& lead, const AsOfRequest& as_of) override;
  absl::StatusOr<Trace> TraceOpportunity(const OpportunityRef& opportunity,
                                         const AsOfRequest& as_of) override;
  absl::StatusOr<std::string> NoteText(NoteId note) override;
  absl::StatusOr<std::string> ExportPerson(const ContactRef& contact) override;
  absl::StatusOr<std::vector<Commit>> ReadCommits(int64_t after, size_t limit) override;
  absl::StatusOr<int64_t> WaitForCommits(int64_t after, int64_t timeout_us) override;
  int64_t AddCommitCallback(std::function<void(int64_t seq)> callback) override;
  void RemoveCommitCallback(int64_t number) override;

  absl::StatusOr<PolicyInForce> CurrentPolicy() override;
  absl::StatusOr<VerifyReport> Verify() override;
  absl::Status Rebuild() override;
  absl::StatusOr<bool> FinishErasures() override;
  Store& store() override { return *store_; }

  LedgerWriter& writer() { return writer_; }

 private:
  template <class RecordRef>
  absl::StatusOr<Trace> TraceOf(const RecordRef& record, const AsOfRequest& as_of);

  LedgerImpl(std::unique_ptr<Store> store, LedgerOptions options, RandomBytes random);

  const std::unique_ptr<Store> store_;
  CommitFeed feed_;
  LedgerWriter writer_;
  PolicyCache policies_;
};

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_LEDGER_IMPL_H_
