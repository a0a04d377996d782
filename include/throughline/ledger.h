#ifndef THROUGHLINE_LEDGER_H_
#define THROUGHLINE_LEDGER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "throughline/command.h"
#include "throughline/policy.h"
#include "throughline/read.h"
#include "throughline/row.h"
#include "throughline/store.h"
#include "throughline/trace.h"

namespace throughline {

// How a ledger is to work.
struct LedgerOptions {
  // Affects behaviour: the clock, in microseconds since the Unix epoch. Default: the system's.
  // Called by the committing thread only. Tests give their own.
  std::function<Time()> clock;

  // Affects performance: the longest that a commit waits for others to join it, if callers have
  // been seen to come together. 0: never wait. Leave alone unless latency matters more than
  // throughput.
  int64_t group_wait_us = 2000;
  int group_limit = 64;  // commands that share a commit, clamped to 1..1024
};

// One command of a batch whose commands stand on their own.
struct Request {
  Command command;
  Context context;
};

// A ledger: the whole history of every account, and the one way to add to it.
//
// Thread-safe: any number of threads may read and write through one object; writers are serialised
// and share commits. Several processes may open the same SQLite file. No background threads.
class Ledger {
 public:
  virtual ~Ledger() = default;

  // Makes an empty store into a ledger with this policy (JSON; empty: the built-in one).
  // ALREADY_EXISTS if the store holds a ledger; INVALID_ARGUMENT if the policy has a fault; else as
  // Store::Open.
  static absl::StatusOr<std::unique_ptr<Ledger>> Create(std::unique_ptr<Store> store,
                                                        LedgerOptions options = {},
                                                        std::string_view policy_json = {});

  // Opens a ledger; errors as Store::Open. Nothing is replayed.
  static absl::StatusOr<std::unique_ptr<Ledger>> Open(std::unique_ptr<Store> store,
                                                      LedgerOptions options = {});

  // --- Writing. A refused command changes nothing. Errors: throughline/error.h. ---

  // Decides and commits one command; returns when it is durable.
  virtual absl::StatusOr<Receipt> Execute(const Command& command, const Context& context) = 0;

  // All 1..kMaxCommandsPerCall commands in one commit, or none: they must concern one account, else
  // INVALID_ARGUMENT. The context is that of all;
  // later commands see what earlier ones did. The first refusal is returned, its field prefixed
  // with "commands[i]."; the receipt names the first entity opened.
  virtual absl::StatusOr<Receipt> ExecuteAtomic(std::span<const Command> commands,
                                                const Context& context) = 0;

  // Independent commands, at most kMaxCommandsPerCall, in one transaction, in order; one outcome
  // each in `outcomes`. The status speaks of the machinery only. INVALID_ARGUMENT for more
  // commands, without outcomes. Another error is also every outcome: nothing of the batch was
  // written, or, if it is UNAVAILABLE, it is unknown whether all of it was.
  virtual absl::Status ExecuteAll(std::span<const Request> requests,
                                  std::vector<absl::StatusOr<Receipt>>& outcomes) = 0;

  // --- Records. ---

  // Reads a record: NOT_FOUND if there is none, INVALID_ARGUMENT for an empty reference.
  virtual absl::StatusOr<AccountRow> GetAccount(const AccountRef& account) = 0;
  virtual absl::StatusOr<ContactRow> GetContact(const ContactRef& contact) = 0;
  virtual absl::StatusOr<ContactProfileRow> GetContactProfile(const ContactRef& contact) = 0;
  virtual absl::StatusOr<LeadRow> GetLead(const LeadRef& lead) = 0;
  virtual absl::StatusOr<OpportunityRow> GetOpportunity(const OpportunityRef& opportunity) = 0;
  virtual absl::StatusOr<OwnerRow> GetOwner(const OwnerRef& owner) = 0;
  virtual absl::StatusOr<CampaignRow> GetCampaign(const CampaignRef& campaign) = 0;

  // The ids that a record has in other systems; an empty list if there are none, here and below.
  virtual absl::StatusOr<std::vector<ExternalId>> GetExternalIds(EntityKind kind, int64_t id) = 0;

  // In any case, current addresses only; by id. Domains as "acme.com", also from "www.Acme.com.":
  // those accounts that have it themselves, where MatchIdentity goes by what was registered.
  // INVALID_ARGUMENT if it is no address or domain.
  virtual absl::StatusOr<std::vector<ContactRow>> FindContactsByEmail(std::string_view email) = 0;
  virtual absl::StatusOr<std::vector<AccountRow>> FindAccountsByDomain(std::string_view domain) = 0;

  // Who this would be: the evidence that a command with it and no other reference would have;
  // whether the command would be accepted is not asked. Nobody is an answer, not NOT_FOUND.
  // INVALID_ARGUMENT names the member. The second for many at once, in one consistent state: one
  // outcome each, none if the call fails.
  virtual absl::StatusOr<MatchEvidence> MatchIdentity(const Identity& identity) = 0;
  virtual absl::Status MatchIdentities(std::span<const Identity> identities,
                                       std::vector<absl::StatusOr<MatchEvidence>>& outcomes) = 0;

  // Pairs of accounts that may be one company, by the newer of the two; kNone: in every state. Open
  // ones that merges with other accounts have answered are left out, so a page may hold fewer than
  // asked for; it is the last if it has no cursor.
  virtual absl::StatusOr<Page<ReviewRow>> ListReviews(ReviewState state,
                                                      const PageRequest& page) = 0;

  // A page of what meets the conditions.
  virtual absl::StatusOr<Page<LeadRow>> ListLeads(const RecordFilter& filter,
                                                  const PageRequest& page) = 0;
  virtual absl::StatusOr<Page<OpportunityRow>> ListOpportunities(const RecordFilter& filter,
                                                                 const PageRequest& page) = 0;

  // --- History. ---

  // An account with all that belongs to it, as of a time.
  virtual absl::StatusOr<AccountState> StateOf(const AccountRef& account,
                                               const AsOfRequest& as_of = {}) = 0;
  // A page of an account's history, in the order in which things happened.
  virtual absl::StatusOr<TimelinePage> Timeline(const AccountRef& account,
                                                const TimelineRequest& request) = 0;
  // The line of a lead or a deal, from the first touch of its account to its close, as of a time:
  // NOT_FOUND also if it was not known then.
  virtual absl::StatusOr<Trace> TraceLead(const LeadRef& lead, const AsOfRequest& as_of = {}) = 0;
  virtual absl::StatusOr<Trace> TraceOpportunity(const OpportunityRef& opportunity,
                                                 const AsOfRequest& as_of = {}) = 0;
  // NOT_FOUND also if it was erased.
  virtual absl::StatusOr<std::string> NoteText(NoteId note) = 0;

  // Everything that the ledger knows of a person, as JSON (docs/erasure.md).
  virtual absl::StatusOr<std::string> ExportPerson(const ContactRef& contact) = 0;

  // The change feed: commits with seq > after, oldest first, at most `limit` (1..kMaxPageSize) of
  // them.
  virtual absl::StatusOr<std::vector<Commit>> ReadCommits(int64_t after, size_t limit) = 0;

  // Waits until there is a commit with seq > after, of this or another process: its seq; or `after`
  // once `timeout_us` have passed (negative: at once). Other processes' commits are noticed within
  // 50 ms.
  virtual absl::StatusOr<int64_t> WaitForCommits(int64_t after, int64_t timeout_us) = 0;

  // Calls `callback` with the seq of the newest commit after each of this object's transactions,
  // from the thread that committed, before its callers get their receipts. It must not write
  // through this object; it may add and remove callbacks. What
  // it throws is dropped: the commit stands. Returns a number for RemoveCommitCallback, after which
  // the callback is not called, nor still running, unless it removes itself.
  virtual int64_t AddCommitCallback(std::function<void(int64_t seq)> callback) = 0;
  virtual void RemoveCommitCallback(int64_t number) = 0;

  // --- Policy, upkeep. ---

  // The policy in force, and its version.
  virtual absl::StatusOr<PolicyInForce> CurrentPolicy() = 0;

  // Replays the journal and compares every derived row. Reads one consistent state.
  virtual absl::StatusOr<VerifyReport> Verify() = 0;

  // Derives all rows from the journal anew, in one transaction. The vault is left alone.
  virtual absl::Status Rebuild() = 0;

  // Removes what is left in the store's files of people whose erasure was `pending`: true if
  // nothing is left. Readers that began before the erasure, in any process, stand in the way.
  virtual absl::StatusOr<bool> FinishErasures() = 0;

  // The store below, for readers that need every fact at once (Snapshot). Owned by the ledger.
  virtual Store& store() = 0;
};

}  // namespace throughline

#endif  // THROUGHLINE_LEDGER_H_
