#include <algorithm>
#include <iterator>
#include <utility>

#include "core/match.h"
#include "core/rules.h"
#include "model/domain.h"
#include "model/fold_case.h"
#include "throughline/error.h"

// Whose something is, and whether two accounts are one: what recognising people and companies
// writes down.

namespace throughline {
namespace {

// What the expansion of one command has decided so far, in the order in which it happens.
class Expansion {
 public:
  Expansion(const Situation& s, const Matched& matched) : s_(s) {
    Draft draft(s);
    draft.Add(matched);
    decision_ = std::move(draft).Finish();
    // The fact is what the command says, not what had to be opened for it.
    events().front().fact = 0;
  }

  // Appends what `decide(situation)` decides, as the next events of the account.
  template <class DecideNext>
  Outcome Next(bool is_the_fact, DecideNext&& decide) {
    Context context = s_.context;
    if (!is_the_fact) context.fact = 0;
    const auto before = static_cast<int64_t>(events().size());
    const EventId next = EventId::Of(s_.next_event.seq(), s_.next_event.ordinal() + before);
    Outcome part = decide(Situation{.context = context,
                                    .rows = s_.rows,
                                    .account = decision_.streams.front().account,
                                    .history = s_.history,
                                    .policy = s_.policy,
                                    .policy_version = s_.policy_version,
                                    .next_event = next,
                                    .now = s_.now,
                                    .supply = s_.supply,
                                    .secret = s_.secret});
    if (part.ok()) Append(*part);
    return part;
  }

  void Add(EventPayload payload) {
    Event event = events().front();  // its times and its actor
    event.breaches = 0;
    event.payload = std::move(payload);
    events().push_back(std::move(event));
  }

  // The person was erased: what is said to have happened is recorded without them.
  void LeaveOutPerson() {
    events().front().breaches |= BreachBit(Breach::kErased);
    matched().opened_contact = false;
  }

  // An opportunity has no contact of its own, but roles.
  void AddRole(ContactId contact) {
    if (!contact || !CheckNotErased(s_, contact).ok()) return;
    Add(OpportunityRoleSet{OpportunityId{decision_.id}, contact, std::string(kPlainRole)});
  }

  Matched& matched() { return std::get<Matched>(events().front().payload); }
  Decision Finish() && { return std::move(decision_); }

 private:
  std::vector<Event>& events() { return decision_.streams.front().events; }

  std::vector<Event>& EventsOf(AccountId account) {
    auto at = std::ranges::find(decision_.streams, account, &StreamEvents::account);
    if (at == decision_.streams.end()) at = decision_.streams.insert(at, {account, {}});
    return at->events;
  }

  template <class T>
  static void Move(std::vector<T>& from, std::vector<T>& to) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  }

  void Append(Decision& part) {
    AccountId& own = decision_.streams.front().account;
    if (!own) own = part.streams.front().account;  // it has just been opened
    for (StreamEvents& stream : part.streams) Move(stream.events, EventsOf(stream.account));
    Move(part.profiles, decision_.profiles);
    Move(part.contact_external_ids, decision_.contact_external_ids);
    Move(part.notes, decision_.notes);
    decision_.entity = part.entity;
    decision_.id = part.id;
  }

  const Situation& s_;
  Decision decision_;
};

Matched MatchedBy(const MatchOutcome& outcome) {
  const MatchEvidence& found = outcome.evidence;
  return {found.rule,         outcome.personal ? "" : found.value,
          found.candidates,   found.account,
          found.contact,      found.opens_account,
          found.opens_contact};
}

// The error of a part names the member of the identity that it came from.
absl::Status OfIdentity(const absl::Status& status, std::string_view entity) {
  ErrorDetail detail = DetailOf(status);
  if (detail.field.empty()) return status;
  std::string field = detail.field;
  if (field.starts_with("external_ids")) field.insert(0, std::string(entity) + "_");
  if (field == "name" && entity == "account") field = "company";
  field.insert(0, "match.");
  std::string message(status.message());
  if (message.starts_with(detail.field)) message.replace(0, detail.field.size(), field);
  detail.field = std::move(field);
  return WithDetail(absl::Status(status.code(), message), detail);
}

absl::Status OpenAccountOf(const Identity& identity, const std::string& domain,
                           Expansion& expansion) {
  AccountOpen open;
  open.name = identity.company;
  if (!domain.empty()) open.domains = {domain};
  open.external_ids = identity.account_external_ids;
  Outcome opened = expansion.Next(/*is_the_fact=*/false,
                                  [&](const Situation& s) { return OpenAccount(open, s); });
  if (!opened.ok()) return OfIdentity(opened.status(), "account");
  expansion.matched().account = AccountId{opened->id};
  return absl::OkStatus();
}

absl::Status OpenContactOf(const Identity& identity, bool observe, Expansion& expansion) {
  ContactAdd add;
  add.name = identity.name;
  add.email = identity.email;
  add.phone = identity.phone;
  add.title = identity.title;
  add.external_ids = identity.contact_external_ids;
  Outcome added =
      expansion.Next(/*is_the_fact=*/false, [&](const Situation& s) { return DecideOn(add, s); });
  const bool erased = DetailOf(added.status()).rule == NameOf(Breach::kErased);
  if (erased && observe) {
    expansion.LeaveOutPerson();
    return absl::OkStatus();
  }
  if (!added.ok()) return OfIdentity(added.status(), "contact");
  expansion.matched().contact = ContactId{added->id};
  return absl::OkStatus();
}

// The command with what was found in the place of what was not given.
Command Filled(Command command, const Matched& found) {
  std::visit(
      [&](auto& c) {
        if constexpr (requires { c.match; }) {
          c.account.id = found.account;
          if constexpr (requires { c.contact; }) c.contact.id = found.contact;
        }
      },
      command);
  return command;
}

}  // namespace

Outcome DecideMatched(const Command& command, const MatchOutcome& outcome, const Situation& s) {
  const Identity* identity = IdentityOf(command);
  if (identity == nullptr) return InvalidField("match", "is needed");
  Expansion expansion(s, MatchedBy(outcome));
  if (outcome.evidence.opens_account) {
    THROUGHLINE_RETURN_IF_ERROR(OpenAccountOf(*identity, outcome.domain, expansion));
  }
  if (outcome.evidence.opens_contact) {
    THROUGHLINE_RETURN_IF_ERROR(
        OpenContactOf(*identity, s.context.mode == Mode::kObserve, expansion));
  }
  const Matched found = expansion.matched();
  for (const AccountId other : outcome.review) {
    expansion.Add(ReviewOpened{found.account, other, outcome.evidence.rule});
  }
  const Command filled = Filled(command, found);
  Outcome decided = expansion.Next(/*is_the_fact=*/true, [&](const Situation& next) {
    return std::visit([&](const auto& c) { return DecideOn(c, next); }, filled);
  });
  if (!decided.ok()) return decided.status();
  if (std::holds_alternative<OpportunityOpen>(filled)) expansion.AddRole(found.contact);
  return std::move(expansion).Finish();
}

Outcome DecideOn(const AccountDistinct& c, const Situation& s) {
  if (!c.account) return InvalidField("account", "is needed");
  if (!c.other) return InvalidField("other", "is needed");
  if (c.account.id == c.other.id) return InvalidField("other", "is the same account");
  if (RootOf(s.rows.accounts, c.account.id) == RootOf(s.rows.accounts, c.other.id)) {
    return RefusedByRule("merged", "the two accounts are merged: undo that first");
  }
  const ReviewRow* review = s.rows.reviews.Find({c.account.id, c.other.id});
  if (review != nullptr && review->state != ReviewState::kOpen) {
    return RefusedByRule("review_settled", "it is settled that the two are not one company");
  }
  Draft draft(s);
  draft.Add(AccountsDistinct{c.account.id, c.other.id});
  return std::move(draft).Finish();
}

}  // namespace throughline
