#include "generator/scribe.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include "generator/calendar.h"

namespace throughline {
namespace {

constexpr std::array<std::string_view, 3> kLanguages = {"en", "de", "fr"};

std::optional<Date> MaybeDate(std::optional<int64_t> day) {
  if (!day) return std::nullopt;
  return DateOfDay(*day);
}

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

}  // namespace

std::string Scribe::Key(char kind, int index) const {
  std::string key;
  key.reserve(key_.size() + 8);
  key += kind;
  key += '-';
  key += key_;
  key += '-';
  key += std::to_string(index + 1);
  return key;
}

// Machines are quick; people take minutes, and some catch up days later.
int64_t Scribe::EntryOf(int64_t at, int actor) {
  if (actor == world_.marketing()) return at + rng_.Between(1, 60);
  if (!punctual_ && rng_.Chance(4)) return at + rng_.Between(1, 5) * kDaySeconds;
  return at + rng_.Between(60, 1200);
}

FactDraft& Scribe::Start(int64_t at, int actor) {
  FactDraft& draft = drafts_.emplace_back();
  draft.at = at;
  draft.entered = EntryOf(at, actor);
  draft.actor = actor;
  return draft;
}

// --- Accounts and people. ---

void Scribe::OpenAccount(const AccountNote& note) {
  AccountOpen open;
  open.name = std::string(note.trade) + " " + key_;
  open.domains = {LowerCase(note.trade) + "-" + key_ + ".example"};
  open.attributes = {{"industry", LowerCase(note.trade)},
                     {"segment", std::string(note.segment)},
                     {"country", std::string(note.country)},
                     {"employees", std::to_string(note.employees)}};
  open.external_ids = {{kSystem, "A-" + key_}};
  domain_ = open.domains.front();
  Add(note.at, world_.marketing(), std::move(open)).entered = note.at;
}

void Scribe::UpdateAccount(int64_t at, std::string_view attribute, std::string value) {
  AccountUpdate update;
  update.account = Account();
  update.attributes = {{std::string(attribute), std::move(value)}};
  Add(at, world_.marketing(), std::move(update));
}

int Scribe::AddContact(int64_t at, std::string_view title) {
  const int contact = contacts();
  const std::string number = std::to_string(contact + 1);
  ContactAdd add;
  add.account = Account();
  add.name = "Contact " + key_ + "-" + number;
  add.email = "contact." + number + "@" + domain_;
  add.title = std::string(title);
  if (rng_.Chance(30)) add.phone = "+1 555 01" + std::to_string(rng_.Between(10, 99));
  if (rng_.Chance(20)) add.attributes = {{"language", std::string(rng_.Pick(kLanguages))}};
  add.external_ids = {{kSystem, Key('C', contact)}};
  const int64_t known = Add(at, world_.marketing(), std::move(add)).entered;
  contacts_.push_back({at, known});
  return contact;
}

void Scribe::UpdateContact(int64_t at, int contact, std::string_view title) {
  ContactUpdate update;
  update.contact = Contact(contact);
  update.title = std::string(title);
  FactDraft& draft = Add(at, world_.marketing(), std::move(update));
  draft.contact = contact;
  draft.entered = std::max(draft.entered, contacts_[static_cast<size_t>(contact)].known);
}

void Scribe::MoveContact(int64_t at, int contact, int64_t account) {
  ContactMove move;
  move.contact = Contact(contact);
  move.account = AccountRef(kSystem, "A-" + std::to_string(account));
  FactDraft& draft = Add(at, world_.marketing(), std::move(move));
  draft.contact = contact;
  draft.entered = std::max(draft.entered, contacts_[static_cast<size_t>(contact)].known);
}

// --- Touches and notes. ---

int Scribe::Touch(const TouchNote& note) {
  TouchRecord touch;
  touch.account = Account();
  if (note.contact >= 0) touch.contact = Contact(note.contact);
  if (note.lead >= 0) touch.lead = Lead(note.lead);
  if (note.opportunity >= 0) touch.opportunity = Opportunity(note.opportunity);
  if (note.owner >= 0) touch.owner = OwnerOf(note.owner);
  if (note.campaign >= 0) {
    touch.campaign =
        CampaignRef(kSystem, world_.campaigns()[static_cast<size_t>(note.campaign)].key);
  }
  touch.channel = std::string(note.channel);
  touch.kind = std::string(note.kind);
  FactDraft& draft =
      Add(note.at, note.owner < 0 ? world_.marketing() : note.owner, std::move(touch));
  draft.contact = note.contact;
  const auto not_before = [&draft](int64_t known) {
    draft.entered = std::max(draft.entered, known);
  };
  if (note.contact >= 0) not_before(contacts_[static_cast<size_t>(note.contact)].known);
  if (note.lead >= 0) not_before(LeadRecord(note.lead).known);
  if (note.opportunity >= 0) not_before(DealRecord(note.opportunity).known);
  return Last();
}

void Scribe::RetractTouch(int64_t at, int draft) {
  TouchRetract retract;
  retract.account = Account();
  retract.reason = "recorded_twice";
  const int64_t known = drafts_[static_cast<size_t>(draft)].entered;
  FactDraft& added = Add(at, world_.marketing(), std::move(retract));
  added.target = draft;
  added.entered = std::max(added.entered, known);
}

void Scribe::Note(int64_t at, int lead, int deal, std::string_view text) {
  NoteAdd note;
  note.text = std::string(text);
  if (lead >= 0) {
    note.lead = Lead(lead);
    AddTo(LeadRecord(lead), at, std::move(note));
  } else if (deal >= 0) {
    note.opportunity = Opportunity(deal);
    AddTo(DealRecord(deal), at, std::move(note));
  } else {
    note.account = Account();
    Add(at, world_.marketing(), std::move(note));
  }
}

// --- Leads. ---

int Scribe::OpenLead(const LeadNote& note) {
  const int lead = static_cast<int>(leads_.size());
  LeadOpen open;
  open.account = Account();
  if (note.contact >= 0) open.contact = Contact(note.contact);
  if (note.owner >= 0) open.owner = OwnerOf(note.owner);
  open.stage = std::string(note.stage);
  open.type = std::string(note.type);
  open.source = std::string(note.source);
  open.external_ids = {{kSystem, Key('L', lead)}};
  const int64_t known = note.contact < 0 ? 0 : contacts_[static_cast<size_t>(note.contact)].known;
  leads_.push_back({note.owner, known});
  AddTo(leads_.back(), note.at, std::move(open)).contact = note.contact;
  return lead;
}

void Scribe::MoveLead(int64_t at, int lead, std::string_view stage) {
  LeadMove move;
  move.lead = Lead(lead);
  move.stage = std::string(stage);
  AddTo(LeadRecord(lead), at, std::move(move));
}

void Scribe::AssignLead(int64_t at, int lead, int owner) {
  AddTo(LeadRecord(lead), at, LeadAssign{Lead(lead), OwnerOf(owner)});
  LeadRecord(lead).owner = owner;
}

void Scribe::NurtureLead(int64_t at, int lead, int64_t until_day) {
  AddTo(LeadRecord(lead), at, LeadNurture{Lead(lead), DateOfDay(until_day)});
}

void Scribe::CloseLead(int64_t at, int lead, std::string_view stage, std::string_view reason) {
  AddTo(LeadRecord(lead), at, LeadClose{Lead(lead), std::string(stage), std::string(reason)});
}

void Scribe::ReopenLead(int64_t at, int lead, std::string_view stage) {
  AddTo(LeadRecord(lead), at, LeadReopen{Lead(lead), std::string(stage)});
}

void Scribe::ConvertLead(int64_t at, int lead, int deal) {
  Record& record = LeadRecord(lead);
  record.known = std::max(record.known, DealRecord(deal).known);
  AddTo(record, at, LeadConvert{Lead(lead), Opportunity(deal)});
}

// --- Opportunities. ---

int Scribe::OpenDeal(const DealNote& note) {
  const int deal = static_cast<int>(deals_.size());
  OpportunityOpen open;
  open.account = Account();
  int64_t known = note.entered;
  for (const int lead : note.leads) {
    open.leads.push_back(Lead(lead));
    known = std::max(known, LeadRecord(lead).known);
  }
  open.type = note.type;
  open.name = "Deal " + key_ + "-" + std::to_string(deal + 1);
  open.owner = OwnerOf(note.owner);
  open.source = std::string(note.source);
  open.amount = note.amount;
  open.close_date = MaybeDate(note.close_day);
  open.external_ids = {{kSystem, Key('O', deal)}};
  deals_.push_back({note.owner, known});
  known = AddTo(deals_.back(), note.at, std::move(open)).entered;
  for (const int lead : note.leads) LeadRecord(lead).known = known;
  return deal;
}

void Scribe::MoveDeal(int64_t at, int deal, std::string_view stage) {
  OpportunityMove move;
  move.opportunity = Opportunity(deal);
  move.stage = std::string(stage);
  AddTo(DealRecord(deal), at, std::move(move));
}

void Scribe::HoldDeal(int64_t at, int deal, int64_t until_day) {
  AddTo(DealRecord(deal), at,
        OpportunityMove{Opportunity(deal), "on_hold", "", DateOfDay(until_day)});
}

int Scribe::ValueDeal(int64_t at, int deal, std::optional<Money> amount,
                      std::optional<int64_t> close_day) {
  AddTo(DealRecord(deal), at, OpportunityValue{Opportunity(deal), amount, MaybeDate(close_day)});
  return Last();
}

void Scribe::AssignDeal(int64_t at, int deal, int owner) {
  AddTo(DealRecord(deal), at, OpportunityAssign{Opportunity(deal), OwnerOf(owner)});
  DealRecord(deal).owner = owner;
}

void Scribe::SetRole(int64_t at, int deal, int contact, std::string_view role) {
  Record& record = DealRecord(deal);
  record.known = std::max(record.known, contacts_[static_cast<size_t>(contact)].known);
  AddTo(record, at, OpportunityRole{Opportunity(deal), Contact(contact), std::string(role)})
      .contact = contact;
}

void Scribe::WinDeal(int64_t at, int deal, std::optional<Money> amount) {
  AddTo(DealRecord(deal), at, OpportunityWin{Opportunity(deal), amount, ""});
}

void Scribe::LoseDeal(int64_t at, int deal, std::string_view reason) {
  AddTo(DealRecord(deal), at, OpportunityLose{Opportunity(deal), std::string(reason)});
}

void Scribe::BookDeal(int64_t at, int deal, const Money& amount) {
  AddTo(DealRecord(deal), at,
        OpportunityBook{Opportunity(deal), amount, DateOfDay(DayOf(at)), "SO-" + Key('O', deal)});
}

void Scribe::ReopenDeal(int64_t at, int deal, std::string_view stage) {
  AddTo(DealRecord(deal), at, OpportunityReopen{Opportunity(deal), std::string(stage)});
}

// --- Corrections. ---

void Scribe::AmendAmount(int64_t at, int draft, const Money& amount) {
  Amend amend;
  amend.account = Account();
  amend.changes = {{"amount", FormatMoney(amount)}};
  amend.reason = "typing_error";
  const int64_t known = drafts_[static_cast<size_t>(draft)].entered;
  FactDraft& added = Add(at, world_.marketing(), std::move(amend));
  added.target = draft;
  added.entered = std::max(added.entered, known);
}

void Scribe::VoidFact(int64_t at, int draft) {
  Void voided;
  voided.account = Account();
  voided.reason = "wrong_record";
  const int64_t known = drafts_[static_cast<size_t>(draft)].entered;
  FactDraft& added = Add(at, world_.marketing(), std::move(voided));
  added.target = draft;
  added.entered = std::max(added.entered, known);
}

std::vector<FactDraft> Scribe::Finish() && {
  std::vector<int> order(drafts_.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [this](int a, int b) {
    return drafts_[static_cast<size_t>(a)].at < drafts_[static_cast<size_t>(b)].at;
  });
  std::vector<int> place(drafts_.size(), -1);
  std::vector<FactDraft> facts;
  facts.reserve(drafts_.size());
  int64_t last = 0;
  for (const int index : order) {
    FactDraft& draft = drafts_[static_cast<size_t>(index)];
    last = draft.at = std::max(draft.at, last + 1);
    if (draft.at > kLastSecond) break;
    draft.entered = std::max(draft.at, std::min(draft.entered, kLastSecond));
    if (draft.target >= 0) draft.target = place[static_cast<size_t>(draft.target)];
    place[static_cast<size_t>(index)] = static_cast<int>(facts.size());
    facts.push_back(std::move(draft));
  }
  return facts;
}

}  // namespace throughline
