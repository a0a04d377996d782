#include "analytics/reports/report_scope.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "analytics/as_of.h"
#include "throughline/error.h"

namespace throughline {
namespace {

constexpr size_t kMaxGroupBy = 3;

// What is wrong, of the field that the caller knows.
absl::Status InField(std::string_view field, const absl::Status& wrong) {
  return InvalidField(field, std::string(wrong.message()));
}

}  // namespace

std::vector<std::string> AskableAttributes(const Policy& policy) {
  std::vector<std::string> names;
  for (const AttributeDeclaration& attribute : policy.attributes()) {
    const bool askable =
        attribute.entity == EntityKind::kAccount || attribute.entity == EntityKind::kLead;
    if (askable && std::ranges::find(names, attribute.name) == names.end()) {
      names.push_back(attribute.name);
    }
  }
  return names;
}

std::string FiltersText(const std::vector<ReportFilter>& filters) {
  const auto write = [](std::string* out, const ReportFilter& filter) {
    absl::StrAppend(out, filter.dimension, "=", filter.value.empty() ? kBlank : filter.value);
  };
  return absl::StrJoin(filters, ", ", write);
}

ReportScope::ReportScope(const SnapshotFacts& facts, Dimensions dimensions)
    : facts_(&facts),
      dimensions_(std::make_shared<const Dimensions>(std::move(dimensions))),
      rates_(std::make_shared<const ExchangeRates>(dimensions_->reference())),
      ladder_(facts.stages),
      milestones_(facts.policy(), ladder_) {
  for (const std::string& name : AskableAttributes(facts.policy())) {
    askable_attributes_.push_back(facts.dictionaries->attributes.Find(name));
  }
}

absl::StatusOr<ReportScope> ReportScope::Of(const SnapshotFacts& facts, ReportRequest request,
                                            const std::vector<std::string>& own) {
  const absl::StatusOr<AsOfAnswer> as_of = ResolveAsOf(request.as_of, facts);
  if (!as_of.ok()) return as_of.status();
  absl::StatusOr<Dimensions> dimensions =
      Dimensions::Of(facts, {as_of->through, as_of->known_at}, request.source);
  if (!dimensions.ok()) return dimensions.status();
  ReportScope scope(facts, *std::move(dimensions));
  if (absl::Status status = scope.Resolve(std::move(request), *as_of); !status.ok()) return status;
  if (absl::Status status = scope.ResolveDimensions(own); !status.ok()) return status;
  return scope;
}

absl::Status ReportScope::Resolve(ReportRequest request, const AsOfAnswer& as_of) {
  as_of_ = {as_of.through, as_of.known_at};
  context_.as_of = as_of;
  context_.request = std::move(request);
  context_.policy = facts_->reference->policy;
  context_.stages = facts_->stages;
  if (absl::Status status = ResolvePeriod(); !status.ok()) return status;
  return ResolveFilters();
}

// Of days: `through` counts with its whole day.
absl::Status ReportScope::SumCosts() {
  const std::optional<Date>&from = context_.request.from, &to = context_.request.to;
  const Date last = calendar().DayOf(as_of_.through);
  const Currency currency = context_.request.currency;
  absl::Status status;
  dimensions_->reference().campaign_costs.ForEach([&](const CampaignCostRow& row) {
    if (!status.ok() || row.spent_on > last) return;
    if ((from && row.spent_on < *from) || (to && row.spent_on > *to)) return;
    const auto label = dimensions_->CampaignLabel(static_cast<uint32_t>(row.campaign.value));
    absl::StatusOr<Money> cost = row.amount;
    if (currency) cost = rates_->Convert(row.amount, currency, row.spent_on);
    if (cost.ok()) {
      context_.campaign_costs[label].Add(&*cost);
    } else {
      status = cost.status();
    }
  });
  return status;
}

absl::Status ReportScope::ResolveDimensions(const std::vector<std::string>& own) {
  const std::vector<std::string>& asked = context_.request.group_by;
  if (asked.size() > kMaxGroupBy) {
    return InvalidField("group_by", absl::StrCat("has ", asked.size(), " dimensions, at most ",
                                                 kMaxGroupBy, " are allowed"));
  }
  std::vector<std::string> names = own;
  names.insert(names.end(), asked.begin(), asked.end());
  for (const std::string& name : names) {
    absl::StatusOr<Dimension> dimension = dimensions_->Parse(name);
    if (!dimension.ok()) return InField("group_by", dimension.status());
    if (std::ranges::find(context_.group_columns, name, &TableColumn::name) !=
        context_.group_columns.end()) {
      return InvalidField("group_by", absl::StrCat("'", name, "' is in the table already"));
    }
    context_.group_columns.push_back({name, ColumnKind::kText, "", dimension->definition});
    group_by_.push_back(*std::move(dimension));
  }
  return absl::OkStatus();
}

absl::Status ReportScope::ResolvePeriod() {
  const std::optional<Date>&from = context_.request.from, &to = context_.request.to;
  if (from && to && *to < *from) {
    return InvalidField("to", absl::StrCat("the period ends on ", FormatDate(*to),
                                           ", before it begins on ", FormatDate(*from)));
  }
  if (from) period_from_ = calendar().StartOf(*from);
  if (to) period_until_ = calendar().StartOf(Date{to->days + 1});
  compared_ = ComparedPeriods::Of(from, to, as_of_.through, calendar());
  return absl::OkStatus();
}

absl::Status ReportScope::ResolveFilters() {
  size_t place = 0;
  for (const ReportFilter& filter : context_.request.filters) {
    const std::string field = absl::StrCat("filters[", place++, "]");
    absl::StatusOr<Dimension> dimension = dimensions_->Parse(filter.dimension);
    if (!dimension.ok()) return InField(absl::StrCat(field, ".dimension"), dimension.status());
    const absl::StatusOr<uint32_t> value = dimensions_->FindValue(*dimension, filter.value);
    if (!value.ok()) return InField(absl::StrCat(field, ".value"), value.status());
    const auto same = std::ranges::find_if(
        filters_, [&](const Filter& f) { return f.dimension.name == dimension->name; });
    if (same != filters_.end()) {
      same->values.push_back(*value);
    } else {
      filters_.push_back({*std::move(dimension), {*value}});
    }
  }
  return absl::OkStatus();
}

bool ReportScope::Matches(const RecordInGroup& record) const {
  return std::ranges::all_of(filters_, [&](const Filter& filter) {
    const uint32_t value = dimensions_->ValueOf(filter.dimension, record);
    return std::ranges::find(filter.values, value) != filter.values.end();
  });
}

Tally::Key ReportScope::KeyOf(const RecordInGroup& record) const {
  Tally::Key key{};
  for (size_t i = 0; i < group_by_.size(); ++i) {
    key[i] = dimensions_->ValueOf(group_by_[i], record);
  }
  return key;
}

std::vector<std::string> ReportScope::LabelsOf(const Tally::Key& key) const {
  std::vector<std::string> labels;
  for (size_t i = 0; i < group_by_.size(); ++i) {
    labels.push_back(dimensions_->LabelOf(group_by_[i], key[i]));
  }
  return labels;
}

const Money* ReportScope::Convert(const Money* amount, Time at, Money& kept, Tally& tally) const {
  const Currency to = context_.request.currency;
  if (amount == nullptr || !to || amount->currency == to) return amount;
  absl::StatusOr<Money> converted = rates_->Convert(*amount, to, calendar().DayOf(at));
  if (!converted.ok()) {
    tally.Fail(converted.status());
    return nullptr;
  }
  kept = *converted;
  return &kept;
}

}  // namespace throughline
