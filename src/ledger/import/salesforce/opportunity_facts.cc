#include <algorithm>

#include "absl/strings/str_cat.h"
#include "ledger/import/salesforce/row_facts.h"
#include "ledger/import/salesforce/stage_facts.h"
#include "model/text.h"

// Opportunities: as they opened, and what no history tells of them.

namespace throughline::salesforce {
namespace {

constexpr bool kDealStages = false;

OpportunityType TypeOf(std::string_view text) {
  const std::string type = LowerAscii(text);
  if (type.starts_with("new")) return OpportunityType::kNewBusiness;
  if (type.find("renew") != type.npos) return OpportunityType::kRenewal;
  if (type.starts_with("existing")) return OpportunityType::kExpansion;
  return OpportunityType::kNone;
}

class DealStory {
 public:
  DealStory(ExportRow& row, ExportContext& context, FactList& facts)
      : row_(row),
        context_(context),
        facts_(facts),
        id_(RequiredId(row)),
        known_(context.records().Opportunity(ExternalOf(id_))),
        changes_(StageChangesOf(id_, context)),
        current_(context.index().StageOf(kDealStages, row.Text(Column::kStageName))),
        amount_(row.MoneyOf(Column::kAmount)),
        close_date_(row.DateOf(Column::kCloseDate)),
        created_(RequiredTime(row, Column::kCreatedDate)) {}

  void Tell() {
    if (!row_.fault().ok()) return;
    if (current_ == nullptr) {
      row_.Fail(Column::kStageName, absl::InvalidArgumentError("is blank"));
      return;
    }
    if (!known_) Open();
    const Stage* last = LastStage();
    const bool moves = last != nullptr && last != current_;
    const std::optional<When> came = moves ? std::optional(CameToStage()) : std::nullopt;
    TellValue(IsClosed() ? (moves ? came : ClosedByHistory()) : std::nullopt);
    if (moves) AddOpportunityStep(id_, {last, current_, *came}, amount_, context_, facts_);
    if (known_) TellNewOwner<OpportunityAssign>(id_, known_->owner, row_, context_, facts_);
  }

 private:
  const Policy& policy() const { return context_.policy(); }
  const ExportIndex& index() const { return context_.index(); }
  bool IsClosed() const { return current_->kind == StageKind::kClosed; }

  void Open() {
    const Home home = context_.HomeOfOpportunity(id_);
    const bool nobodys = home.external.system == kNamelessSystem;
    if (nobodys) facts_.Warn("no_account", "the opportunity has no account: it gets its own");
    const std::string_view company = row_.Text(Column::kAccountName);
    context_.EnsureAccount(
        home, nobodys ? absl::StrCat("Opportunity ", id_.Long()) : std::string(company),
        EnteredAt(created_), facts_);
    opening_ = OpeningStage();
    OpportunityOpen open;
    open.account = home.ref();
    open.leads = Leads();
    open.type = TypeOf(row_.Text(Column::kType));
    open.name = row_.Text(Column::kName);
    open.owner = context_.OpeningOwner(id_, row_, facts_);
    open.stage = opening_->key;
    open.source = KeyOfText(row_.Text(Column::kLeadSource));
    open.amount = OpeningAmount();
    open.close_date = OpeningCloseDate();
    open.external_ids = {ExternalOf(id_)};
    facts_.Add(std::move(open), EnteredAt(created_), absl::StrCat("opportunity.open/", id_.Long()));
  }

  std::vector<LeadRef> Leads() {
    std::vector<LeadRef> leads;
    const ExportIndex::Opportunity* deal = index().FindOpportunity(id_);
    if (deal == nullptr) return leads;
    for (const SalesforceId lead : deal->leads) {
      const LeadRef ref = ExternalOf(lead);
      if (std::find(leads.begin(), leads.end(), ref) != leads.end()) continue;
      if (context_.ConvertsByOpening(lead, id_)) leads.push_back(ref);
    }
    return leads;
  }

  // Without a history, a deal that is over was in the first stage, as any deal was, and one that
  // says when it came to its stage as well; of the others only where they are is known.
  const Stage* OpeningStage() {
    if (const Stage* before = StageBefore(changes_, kDealStages, context_)) return before;
    const Stage& first = policy().first_opportunity_stage();
    if (current_ == &first) return &first;
    facts_.Warn("no_stage_date",
                "there is no history of StageName: when the opportunity came to "
                "its stages is not known");
    const bool dated =
        IsClosed() ? close_date_.has_value() : !row_.Text(Column::kLastStageChangeDate).empty();
    return dated ? &first : current_;
  }

  std::optional<Money> OpeningAmount() const {
    if (FromStates()) return changes_.front().amount;
    const auto amounts = index().history().Of(id_, Change::Kind::kAmount);
    return amounts.empty() ? amount_ : amounts.front().amount;
  }
  std::optional<Date> OpeningCloseDate() const {
    if (FromStates()) return changes_.front().close_date;
    const auto dates = index().history().Of(id_, Change::Kind::kCloseDate);
    return dates.empty() ? close_date_ : dates.front().close_date;
  }
  bool FromStates() const {
    return !changes_.empty() && changes_.front().kind == Change::Kind::kState;
  }

  // The stage that the ledger has once the rows of the history are in it.
  const Stage* LastStage() const {
    if (!changes_.empty() && (!known_ || changes_.back().at > known_->stage_since)) {
      return index().StageOf(kDealStages, index().Text(changes_.back().to));
    }
    return known_ ? policy().FindStage(known_->stage) : opening_;
  }

  // When it came to the stage that it is in, which no history says.
  When CameToStage() {
    const std::optional<Moment> changed = row_.TimeOf(Column::kLastStageChangeDate);
    if (IsClosed() && close_date_) {
      const Moment day{StartOf(*close_date_), true};
      if (changed) return ClosedWhen(*changed, close_date_);
      if (!known_) return {day, std::nullopt};
      const std::optional<Moment> modified = LastChange(row_, "StageName", facts_);
      return modified ? ClosedWhen(*modified, close_date_) : When{day, std::nullopt};
    }
    return EnteredAt(changed ? changed : LastChange(row_, "StageName", facts_));
  }

  // When a change of stage that this import brings has closed it, if its amounts are not told.
  std::optional<When> ClosedByHistory() const {
    if (changes_.empty() || FromStates()) return std::nullopt;
    const Change& last = changes_.back();
    if (known_ && last.at <= known_->stage_since) return std::nullopt;
    return ClosedWhen(last, close_date_, changes_);
  }

  // What the ledger has once the rows of the history are in it, against what the row says. What no
  // history tells was so at the latest when the deal `closed`, unless the ledger had it closed
  // before: then it was corrected.
  void TellValue(const std::optional<When>& closed) {
    OpportunityValue value = NewValue();
    if (!value.amount && !value.close_date) return;
    const When when = closed ? *closed : EnteredAt(LastChange(row_, "Amount or CloseDate", facts_));
    if (!when.at) return;
    const std::string key =
        absl::StrCat("opportunity.value/", id_.Long(), "/", FormatMoment(*when.at), "/",
                     value.amount ? FormatMoney(*value.amount) : "");
    facts_.Add(std::move(value), when, key);
  }

  OpportunityValue NewValue() const {
    std::optional<Money> amount = known_ ? known_->amount : OpeningAmount();
    std::optional<Date> close_date = known_ ? known_->close_date : OpeningCloseDate();
    if (FromStates()) {
      amount = changes_.back().amount;
      close_date = changes_.back().close_date;
    } else {
      if (!index().history().Of(id_, Change::Kind::kAmount).empty()) amount = amount_;
      if (!index().history().Of(id_, Change::Kind::kCloseDate).empty()) close_date = close_date_;
    }
    OpportunityValue value;
    value.opportunity = ExternalOf(id_);
    if (amount_ && amount_ != amount) value.amount = amount_;
    if (close_date_ && close_date_ != close_date) value.close_date = close_date_;
    return value;
  }

  ExportRow& row_;
  ExportContext& context_;
  FactList& facts_;
  const SalesforceId id_;
  const std::optional<OpportunityRow> known_;
  const std::span<const Change> changes_;
  const Stage* current_;
  const std::optional<Money> amount_;
  const std::optional<Date> close_date_;
  const std::optional<Moment> created_;
  const Stage* opening_ = nullptr;
};

}  // namespace

void OpportunityFacts(ExportRow& row, ExportContext& context, FactList& facts) {
  DealStory(row, context, facts).Tell();
}

}  // namespace throughline::salesforce
