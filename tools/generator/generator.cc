#include "generator/generator.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <string_view>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "generator/calendar.h"
#include "generator/story.h"
#include "generator/truth.h"
#include "generator/world.h"
#include "model/json.h"
#include "throughline/error.h"

namespace throughline {
namespace {

constexpr size_t kKinds = std::variant_size_v<Command>;

template <size_t... i>
constexpr std::array<std::string_view, kKinds> KindNames(std::index_sequence<i...>) {
  return {std::variant_alternative_t<i, Command>::kName...};
}

bool IsAtQuarterEnd(int64_t second) { return QuarterEnd(DayOf(second)) - DayOf(second) < 5; }

std::string KeyOfFact(int64_t number) { return "g:" + std::to_string(number); }

// Names the fact that a correction is about.
void SetTarget(Command& command, const std::string& key) {
  if (auto* c = std::get_if<TouchRetract>(&command)) c->touch.key = key;
  if (auto* c = std::get_if<Amend>(&command)) c->event.key = key;
  if (auto* c = std::get_if<Void>(&command)) c->event.key = key;
}

class Generation {
 public:
  Generation(const GeneratorOptions& options, const FactSink& sink, const TruthSink& truth_sink)
      : options_(options),
        world_(options.events, options.seed),
        sink_(sink),
        truth_sink_(truth_sink) {}

  GeneratedTotals Run() {
    world_.Describe([this](const Command& command, Context context) {
      context.fact = FactKeyOf(KeyOfFact(++totals_.facts));
      Give(command, context);
    });
    for (int64_t account = 1; account == 1 || Room() > 5; ++account) Tell(account);
    totals_.contacts = kinds_[Command(ContactAdd()).index()];
    for (size_t i = 0; i < kKinds; ++i) {
      constexpr auto kNames = KindNames(std::make_index_sequence<kKinds>());
      if (kinds_[i] > 0) totals_.commands[std::string(kNames[i])] = kinds_[i];
    }
    return std::move(totals_);
  }

 private:
  int64_t Room() const { return options_.events - totals_.facts; }

  void Tell(int64_t account) {
    Rng rng = Rng::Of(options_.seed, static_cast<uint64_t>(account));
    Scribe scribe(world_, rng, account, /*punctual=*/account == 1);
    if (account == 1) {
      TellDemoStory(world_, scribe);
    } else {
      Story story(world_, rng, scribe);
      story.Tell(Room(), neighbour_since_);
      neighbour_since_ = story.opened();
    }
    ++totals_.accounts;
    Take(std::move(scribe).Finish());
  }

  void Take(std::vector<FactDraft> drafts) {
    const std::vector<int> order = OrderOfEntry(drafts);
    Number(order, drafts);
    in_time_.clear();
    for (const Fact& fact : facts_) in_time_.push_back(&fact);
    for (const int index : order) {
      const Fact& fact = facts_[static_cast<size_t>(index)];
      CountLate(fact);
      Give(fact.command, fact.context);
    }
    totals_.largest_account = std::max(totals_.largest_account, std::ssize(drafts));
    const AccountTruth truth = TruthOf(world_, in_time_);
    totals_.touches += truth.touches;
    totals_.responses += truth.responses;
    for (const GeneratedTruth& record : truth.records) {
      Count(record);
      if (truth_sink_) truth_sink_(record);
    }
  }

  static std::vector<int> OrderOfEntry(const std::vector<FactDraft>& drafts) {
    std::vector<int> order(drafts.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
      return drafts[static_cast<size_t>(a)].entered < drafts[static_cast<size_t>(b)].entered;
    });
    return order;
  }

  // Makes facts of the drafts, in the order of time, keyed in the order of entry.
  void Number(const std::vector<int>& order, std::vector<FactDraft>& drafts) {
    std::vector<int64_t> numbers(drafts.size());
    for (const int index : order) numbers[static_cast<size_t>(index)] = ++totals_.facts;
    facts_.resize(drafts.size());
    for (size_t i = 0; i < drafts.size(); ++i) {
      FactDraft& draft = drafts[i];
      if (draft.target >= 0) {
        SetTarget(draft.command, KeyOfFact(numbers[static_cast<size_t>(draft.target)]));
      }
      Context& context = facts_[i].context;
      context.occurred_at = Moment{TimeOf(draft.at), false};
      context.entered_at = TimeOf(draft.entered);
      context.actor = OwnerRef(kSystem, world_.owner(draft.actor).key);
      context.fact = FactKeyOf(KeyOfFact(numbers[i]));
      facts_[i].command = std::move(draft.command);
    }
  }

  void Give(const Command& command, const Context& context) {
    ++kinds_[command.index()];
    sink_(command, context);
  }

  void CountLate(const Fact& fact) {
    const int64_t at = fact.context.occurred_at->at.micros;
    if (fact.context.entered_at->micros - at >= 7 * kMicrosPerDay) ++totals_.entered_late;
    const auto* closed = std::get_if<LeadClose>(&fact.command);
    if (closed == nullptr || closed->stage != "dead") return;
    ++totals_.dead;
    if (IsAtQuarterEnd(at / kMicrosPerSecond)) ++totals_.dead_at_quarter_end;
  }

  void Count(const GeneratedTruth& truth) {
    ++totals_.stages[truth.stage];
    ++totals_.links[std::string(NameOf(truth.link))];
    if (truth.kind == EntityKind::kLead) {
      ++totals_.leads;
      ++totals_.leads_by_source[truth.original.channel];
      return;
    }
    ++totals_.opportunities;
    if (truth.stage != "won") return;
    ++totals_.won_by_source[truth.original.channel];
    if (truth.amount) {
      totals_.won_minor[std::string(truth.amount->currency.view())] += truth.amount->minor;
    } else {
      ++totals_.won_without_amount;
    }
  }

  const GeneratorOptions options_;
  const World world_;
  const FactSink& sink_;
  const TruthSink& truth_sink_;
  GeneratedTotals totals_;
  std::array<int64_t, kKinds> kinds_{};
  int64_t neighbour_since_ = 0;  // when the account before was opened
  std::vector<Fact> facts_;      // of the account being told
  std::vector<const Fact*> in_time_;
};

}  // namespace

absl::Status CheckOptions(const GeneratorOptions& options) {
  if (options.events >= kFewestEvents && options.events <= kMostEvents) return absl::OkStatus();
  return InvalidField("events", std::to_string(options.events) + " is not within " +
                                    std::to_string(kFewestEvents) + ".." +
                                    std::to_string(kMostEvents));
}

absl::StatusOr<GeneratedTotals> GenerateFacts(const GeneratorOptions& options,
                                              const FactSink& facts, const TruthSink& truth) {
  if (absl::Status status = CheckOptions(options); !status.ok()) return status;
  return Generation(options, facts, truth).Run();
}

}  // namespace throughline
