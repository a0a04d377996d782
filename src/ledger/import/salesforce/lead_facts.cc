#include <algorithm>

#include "absl/strings/str_cat.h"
#include "ledger/import/salesforce/row_facts.h"
#include "ledger/import/salesforce/stage_facts.h"

// Leads: what they were when they came, their stage, and what they were converted into.

namespace throughline::salesforce {
namespace {

constexpr bool kLeadStages = true;

// A lead, as its row and the other rows of the export tell it.
class LeadStory {
 public:
  LeadStory(ExportRow& row, ExportContext& context, FactList& facts)
      : row_(row),
        context_(context),
        facts_(facts),
        id_(RequiredId(row)),
        lead_(context.index().FindLead(id_)),
        known_(context.records().Lead(ExternalOf(id_))),
        changes_(StageChangesOf(id_, context)),
        current_(context.index().StageOf(kLeadStages, row.Text(Column::kStatus))) {}

  void Tell() {
    if (lead_ == nullptr || !row_.fault().ok()) return;
    if (current_ == nullptr) {
      row_.Fail(Column::kStatus, absl::InvalidArgumentError("is blank"));
      return;
    }
    if (known_) {
      home_.known = known_->account;
      TellContact();
    } else {
      Open();
    }
    if (lead_->converted) {
      Convert();
    } else {
      MoveToCurrent();
    }
    if (known_) TellNewOwner<LeadAssign>(id_, known_->owner, row_, context_, facts_);
  }

 private:
  const Policy& policy() const { return context_.policy(); }

  // The person is a contact from now on, under the lead's id.
  void TellContact() {
    const ExternalId own = ExternalOf(id_);
    // Once a lead is a contact in Salesforce, that row says who it is.
    if (lead_->contact && context_.index().HasContactRow(context_.index().Master(lead_->contact))) {
      return;
    }
    std::vector<ExternalId> ids = {own};
    for (const SalesforceId loser : context_.index().MergedInto(id_)) {
      ids.push_back(ExternalOf(loser));
    }
    if (lead_->contact) ids.push_back(ExternalOf(lead_->contact));
    Person person = PersonOf(row_, context_);
    std::optional<ContactRow> known;
    for (const ExternalId& id : ids) {
      if (!known) known = context_.records().Contact(id);
    }
    if (known) {
      std::erase_if(ids, [&](const ExternalId& id) { return context_.records().Contact(id); });
      return UpdateContact(*known, person, std::move(ids), row_, context_, facts_);
    }
    ContactAdd add;
    add.account = home_.ref();
    add.name = std::move(person.name);
    add.email = std::move(person.email);
    add.phone = std::move(person.phone);
    add.title = std::move(person.title);
    add.attributes = std::move(person.attributes);
    std::erase_if(add.attributes, [](const Attribute& a) { return a.value.empty(); });
    add.external_ids = std::move(ids);
    facts_.Add(std::move(add), EnteredAt(row_.TimeOf(Column::kCreatedDate)),
               absl::StrCat("contact.add/", id_.Long()));
  }

  void Open() {
    const When created = EnteredAt(RequiredTime(row_, Column::kCreatedDate));
    home_ = context_.HomeOfLead(id_);
    const bool nobodys = home_.external.system == kPersonSystem;
    context_.EnsureAccount(home_,
                           nobodys ? absl::StrCat("Person ", id_.Long())
                                   : std::string(row_.Text(Column::kAccountName)),
                           created, facts_);
    TellContact();
    opening_ = OpeningStage();
    LeadOpen open;
    open.account = home_.ref();
    open.contact = ContactOf();
    open.owner = context_.OpeningOwner(id_, row_, facts_);
    open.stage = opening_->key;
    open.source = KeyOfText(row_.Text(Column::kLeadSource));
    open.external_ids = {ExternalOf(id_)};
    for (const SalesforceId loser : context_.index().MergedInto(id_)) {
      const ExternalId id = ExternalOf(loser);
      if (!context_.records().Lead(id)) open.external_ids.push_back(id);
    }
    facts_.Add(std::move(open), created, absl::StrCat("lead.open/", id_.Long()));
  }

  // The person, if the ledger will have them in the lead's account.
  ContactRef ContactOf() {
    const SalesforceId contact = context_.index().Master(lead_->contact);
    if (!contact || !context_.index().HasContactRow(contact)) return ExternalOf(id_);
    if (context_.IsSame(context_.HomeOfContact(contact), home_)) return ExternalOf(contact);
    facts_.Warn("contact_elsewhere",
                "the contact that the lead became is of another account now: the lead has none");
    return {};
  }

  const Stage* OpeningStage() {
    const Stage& first = policy().first_lead_stage();
    if (const Stage* before = StageBefore(changes_, kLeadStages, context_)) {
      return before->kind == StageKind::kConverted ? &first : before;
    }
    const Stage* stage = lead_->converted ? &first : current_;
    if (stage != &first || lead_->converted) {
      facts_.Warn("no_stage_date",
                  "there is no history of Status: when the lead came to its "
                  "stages is not known");
    }
    return stage;
  }

  // The stage that the ledger has once the rows of the history are in it.
  const Stage* LastStage() const {
    if (!changes_.empty() && (!known_ || changes_.back().at > known_->stage_since)) {
      return context_.index().StageOf(kLeadStages, context_.index().Text(changes_.back().to));
    }
    return known_ ? policy().FindStage(known_->stage) : opening_;
  }

  void MoveToCurrent() {
    const Stage* last = LastStage();
    if (last == nullptr || last == current_) return;
    // The hand-off has moved it; Salesforce has no word for that.
    if (last == &policy().hand_off_stage() && current_->phase == Phase::kMarketing &&
        current_->kind == StageKind::kOpen) {
      return;
    }
    const std::optional<Moment> at = LastChange(row_, "Status", facts_);
    if (at) AddLeadStep(id_, {last, current_, EnteredAt(at)}, facts_);
  }

  std::optional<Moment> ConvertedAt() {
    const auto converting = std::find_if(changes_.rbegin(), changes_.rend(), [&](const Change& c) {
      const Stage* to = context_.index().StageOf(kLeadStages, context_.index().Text(c.to));
      return to != nullptr && to->kind == StageKind::kConverted;
    });
    if (converting != changes_.rend()) return converting->moment();
    if (lead_->converted_at) return lead_->converted_at;
    return LastChange(row_, "IsConverted", facts_);
  }

  void Convert() {
    if (known_ && known_->kind == StageKind::kConverted) return;
    const SalesforceId deal = lead_->opportunity;
    if (deal && context_.ConvertsByOpening(id_, deal)) return;
    const std::optional<Moment> at = ConvertedAt();
    if (!at) return;
    const std::string key = absl::StrCat("lead.convert/", id_.Long());
    const bool there = deal && (context_.index().FindOpportunity(deal) != nullptr ||
                                context_.records().Opportunity(ExternalOf(deal)));
    if (there && context_.IsSame(context_.HomeOfLead(id_), context_.HomeOfOpportunity(deal))) {
      facts_.Add(LeadConvert{ExternalOf(id_), ExternalOf(deal)}, EnteredAt(at), key);
      return;
    }
    if (deal && !there && !context_.index().IsDeleted(deal)) {
      facts_.Warn("opportunity_not_in_export",
                  absl::StrCat("the lead is converted, but not linked to ", deal.Long()));
    }
    if (there) {
      facts_.Warn("converted_elsewhere",
                  "the lead and the opportunity that it became are of "
                  "different accounts: they are not linked");
    }
    facts_.Add(LeadMove{ExternalOf(id_), policy().converted_stage().key, "", std::nullopt},
               EnteredAt(at), key);
  }

  ExportRow& row_;
  ExportContext& context_;
  FactList& facts_;
  const SalesforceId id_;
  const ExportIndex::Lead* lead_;
  const std::optional<LeadRow> known_;
  const std::span<const Change> changes_;
  const Stage* current_;
  const Stage* opening_ = nullptr;
  Home home_;
};

}  // namespace

void LeadFacts(ExportRow& row, ExportContext& context, FactList& facts) {
  LeadStory(row, context, facts).Tell();
}

void LeadMergeFacts(ExportRow& row, ExportContext& context, FactList& facts) {
  const SalesforceId id = RequiredId(row);
  const auto merged = context.records().Lead(ExternalOf(id));
  const auto into = context.records().Lead(ExternalOf(context.index().Master(id)));
  if (!merged || (into && into->lead == merged->lead)) return;
  WarnOfMerge(id, "leads are not merged", facts);
}

}  // namespace throughline::salesforce
