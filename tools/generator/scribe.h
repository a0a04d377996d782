#ifndef THROUGHLINE_TOOLS_GENERATOR_SCRIBE_H_
#define THROUGHLINE_TOOLS_GENERATOR_SCRIBE_H_

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "generator/rng.h"
#include "generator/world.h"
#include "throughline/command.h"

namespace throughline {

// A fact of the account being told. Contacts, leads and opportunities are counted from 0 within it;
// -1 means none.
struct FactDraft {
  int64_t at = 0;       // seconds since 1970
  int64_t entered = 0;  // the same
  int actor = -1;
  int contact = -1;  // that the command names
  int target = -1;   // the draft that it revises
  Command command;
};

struct AccountNote {
  int64_t at = 0;
  std::string_view trade;  // e.g. "Millworks"
  std::string_view country;
  std::string_view segment;
  int64_t employees = 0;
};

struct TouchNote {
  int64_t at = 0;
  std::string_view kind;
  std::string_view channel;  // "": the campaign's
  int campaign = -1;
  int contact = -1;
  int lead = -1;
  int opportunity = -1;
  int owner = -1;
};

struct LeadNote {
  int64_t at = 0;
  int contact = -1;
  int owner = -1;
  std::string_view stage;
  std::string_view type;
  std::string_view source;
};

struct DealNote {
  int64_t at = 0;
  int64_t entered = 0;  // 0: soon
  std::vector<int> leads;
  OpportunityType type = OpportunityType::kNewBusiness;
  int owner = -1;
  std::string_view source;
  std::optional<Money> amount;
  std::optional<int64_t> close_day;
};

// Writes down what happened at one account, as facts. Whoever tells says when, in seconds since
// 1970, and in any order, but of one record in order; the scribe sees to ids, and to the time of
// entry: soon after, but not before what the fact refers to was entered.
class Scribe {
 public:
  // `punctual`: nothing is entered days later unless the teller says so.
  Scribe(const World& world, Rng& rng, int64_t account, bool punctual = false)
      : world_(world),
        rng_(rng),
        account_(account),
        key_(std::to_string(account)),
        punctual_(punctual) {
    drafts_.reserve(16);
  }

  int64_t account() const { return account_; }
  int contacts() const { return static_cast<int>(contacts_.size()); }
  int64_t ContactSince(int contact) const { return contacts_[static_cast<size_t>(contact)].since; }
  int OwnerOfDeal(int deal) const { return deals_[static_cast<size_t>(deal)].owner; }
  const std::vector<FactDraft>& drafts() const { return drafts_; }

  void OpenAccount(const AccountNote& note);
  void UpdateAccount(int64_t at, std::string_view attribute, std::string value);
  int AddContact(int64_t at, std::string_view title);
  void UpdateContact(int64_t at, int contact, std::string_view title);
  void MoveContact(int64_t at, int contact, int64_t account);

  int Touch(const TouchNote& note);  // the draft
  void RetractTouch(int64_t at, int draft);
  void Note(int64_t at, int lead, int deal, std::string_view text);

  int OpenLead(const LeadNote& note);
  void MoveLead(int64_t at, int lead, std::string_view stage);
  void AssignLead(int64_t at, int lead, int owner);
  void NurtureLead(int64_t at, int lead, int64_t until_day);
  void CloseLead(int64_t at, int lead, std::string_view stage, std::string_view reason);
  void ReopenLead(int64_t at, int lead, std::string_view stage);
  void ConvertLead(int64_t at, int lead, int deal);

  int OpenDeal(const DealNote& note);
  void MoveDeal(int64_t at, int deal, std::string_view stage);
  void HoldDeal(int64_t at, int deal, int64_t until_day);
  int ValueDeal(int64_t at, int deal, std::optional<Money> amount,
                std::optional<int64_t> close_day);  // the draft
  void AssignDeal(int64_t at, int deal, int owner);
  void SetRole(int64_t at, int deal, int contact, std::string_view role);
  void WinDeal(int64_t at, int deal, std::optional<Money> amount);
  void LoseDeal(int64_t at, int deal, std::string_view reason);
  void BookDeal(int64_t at, int deal, const Money& amount);
  void ReopenDeal(int64_t at, int deal, std::string_view stage);

  void AmendAmount(int64_t at, int draft, const Money& amount);
  void VoidFact(int64_t at, int draft);

  // The facts in the order of their times, a second or more apart, without those after the end of
  // the story or entered after it. Drafts are numbered anew.
  std::vector<FactDraft> Finish() &&;

 private:
  struct Person {
    int64_t since = 0;
    int64_t known = 0;
  };
  struct Record {
    int owner = -1;
    int64_t known = 0;  // when its last fact was entered
  };

  AccountRef Account() const { return AccountRef(kSystem, "A-" + key_); }
  std::string Key(char kind, int index) const;
  ContactRef Contact(int contact) const { return ContactRef(kSystem, Key('C', contact)); }
  LeadRef Lead(int lead) const { return LeadRef(kSystem, Key('L', lead)); }
  OpportunityRef Opportunity(int deal) const { return OpportunityRef(kSystem, Key('O', deal)); }
  OwnerRef OwnerOf(int owner) const { return OwnerRef(kSystem, world_.owner(owner).key); }
  int64_t EntryOf(int64_t at, int actor);
  FactDraft& Start(int64_t at, int actor);
  int Last() const { return static_cast<int>(drafts_.size()) - 1; }

  template <class Kind>
  FactDraft& Add(int64_t at, int actor, Kind command) {
    FactDraft& draft = Start(at, actor);
    draft.command.template emplace<Kind>(std::move(command));
    return draft;
  }

  // Facts of a lead or opportunity: by its owner, entered no earlier than the one before.
  template <class Kind>
  FactDraft& AddTo(Record& record, int64_t at, Kind command) {
    const int actor = record.owner < 0 ? world_.marketing() : record.owner;
    FactDraft& draft = Add(at, actor, std::move(command));
    draft.entered = record.known = std::max(draft.entered, record.known);
    return draft;
  }

  Record& LeadRecord(int lead) { return leads_[static_cast<size_t>(lead)]; }
  Record& DealRecord(int deal) { return deals_[static_cast<size_t>(deal)]; }

  const World& world_;
  Rng& rng_;
  const int64_t account_;
  const std::string key_;
  const bool punctual_;
  std::string domain_;
  std::vector<FactDraft> drafts_;
  std::vector<Person> contacts_;
  std::vector<Record> leads_;
  std::vector<Record> deals_;
};

}  // namespace throughline

#endif  // THROUGHLINE_TOOLS_GENERATOR_SCRIBE_H_
