#include "ledger/import/event_facts.h"

#include <algorithm>
#include <optional>
#include <type_traits>
#include <variant>

#include "absl/strings/str_cat.h"
#include "model/abseil_text.h"
#include "model/codec.h"
#include "model/json_values.h"
#include "model/parsed_json.h"
#include "throughline/error.h"
#include "throughline/policy.h"

namespace throughline {
namespace {

constexpr std::string_view kPolicyLeftOut = "policy_left_out";
constexpr std::string_view kReviewLeftOut = "review_left_out";
constexpr std::string_view kOwnersLeftOut = "amended_owner_left_out";
constexpr std::string_view kAmendmentLeftOut = "amendment_left_out";

std::optional<Date> GivenDate(Date date) {
  return date == Date{} ? std::nullopt : std::optional<Date>(date);
}

// A change as event.amend takes it: "" for nothing.
template <class T>
std::string ChangeText(const T& value) {
  if (value == T()) return std::is_same_v<T, bool> ? "false" : "";
  JsonWriter json;
  WriteJson(value, json);
  const std::string written = std::move(json).Take();
  const absl::StatusOr<ParsedJson> parsed = ParseJsonText(written, "change", written.size());
  return parsed.ok() && parsed->text() != nullptr ? *parsed->text() : written;
}

template <class T>
inline constexpr bool kIsRecord = std::is_same_v<T, OwnerId> || std::is_same_v<T, CampaignId>;
template <class T>
inline constexpr bool kIsNamed = std::is_enum_v<T>;
template <class T>
inline constexpr bool kIsPlain = std::is_same_v<T, std::string> || std::is_same_v<T, bool> ||
                                 std::is_same_v<T, Money> || std::is_same_v<T, Date>;
template <class T>
inline constexpr bool kIsPlain<std::optional<T>> = kIsPlain<T>;

// The members that an amendment may change, with what they are from now on. False if owners or
// campaigns are among them, which it names by numbers of its own ledger.
template <class Payload>
bool AddChanges(const Payload& payload, std::vector<Attribute>& changes) {
  bool all = true;
  ForEachField<Payload>([&](const auto& field) {
    const auto& member = payload.*field.member;
    using Member = std::decay_t<decltype(member)>;
    const bool given = !(member == Member());
    if constexpr (kIsRecord<Member>) {
      all = all && !given;
    } else if constexpr (kIsPlain<Member> || kIsNamed<Member>) {
      if (field.bytes || (kIsNamed<Member> && !given)) return;
      if (field.name == "name_key") return;  // follows from the name
      changes.push_back({std::string(field.name), ChangeText(member)});
    } else if constexpr (std::is_same_v<Payload, ExchangeRateSet> &&
                         std::is_same_v<Member, int64_t>) {
      changes.push_back({std::string(field.name), ChangeText(member)});
    }
  });
  return all;
}

bool Precedes(const std::vector<Event>& events, size_t i, size_t before, auto&& is_it) {
  return i >= before && is_it(events[i - before].payload);
}

// The move that the first assignment of a lead brings with it.
bool IsOfHandOff(const std::vector<Event>& events, size_t i, const LeadMoved& moved) {
  const auto of_lead = [&]<class Kind>(std::type_identity<Kind>, const EventPayload& payload) {
    const auto* event = std::get_if<Kind>(&payload);
    return event != nullptr && event->lead == moved.lead;
  };
  return moved.from.phase == Phase::kMarketing &&
         Precedes(events, i, 1,
                  [&](const EventPayload& payload) {
                    return of_lead(std::type_identity<LeadHandedOff>(), payload);
                  }) &&
         Precedes(events, i, 2, [&](const EventPayload& payload) {
           return of_lead(std::type_identity<LeadAssigned>(), payload);
         });
}

}  // namespace

// Makes a command of a payload: `follows` if there is none to make, `fault` if none says it.
struct EventFacts::Teller {
  const EventFacts& facts;
  const Commit& commit;
  const size_t i;
  Command& command;
  bool follows = false;
  std::string_view left = {};
  absl::Status fault = {};

  template <class Tag>
  Ref<Tag> RefTo(Id<Tag> id) const {
    return id ? Ref<Tag>(facts.NameOf(id.value)) : Ref<Tag>();
  }
  AccountRef Account() const { return RefTo(commit.head.account); }
  EventRef RefTo(EventId event) const { return {.id = {}, .key = facts.KeyOf(event)}; }

  // Its own name first: by that it is known when it is imported again.
  std::vector<ExternalId> NamesOf(int64_t id, const std::vector<ExternalKey>& others) const {
    std::vector<ExternalId> names = {facts.NameOf(id)};
    for (const ExternalKey& other : others) names.push_back({other.system, other.key});
    return names;
  }
  std::vector<ExternalId> Names(const std::vector<ExternalKey>& keys) const {
    std::vector<ExternalId> names;
    names.reserve(keys.size());
    for (const ExternalKey& key : keys) names.push_back({key.system, key.key});
    return names;
  }

  std::string StageKey(const StageRef& stage) {
    const auto found = facts.stages_.find(stage.id);
    if (found != facts.stages_.end()) return found->second;
    fault = InvalidField("stage", absl::StrCat("no policy of the export has stage ", stage.id));
    return "";
  }
  const ContactProfileRow* Profile(ContactId contact, int64_t revision) const {
    const auto found = facts.profiles_.find({contact, revision});
    return found == facts.profiles_.end() ? nullptr : &found->second;
  }

  void Follows() { follows = true; }

  void operator()(const std::monostate&) {
    fault = InvalidField("event", "is of a kind that this version does not know");
  }

  void operator()(const AccountOpened& e) {
    command =
        AccountOpen{e.name, e.domains, e.attributes, NamesOf(e.account.value, e.external_ids)};
  }
  void operator()(const AccountUpdated& e) {
    command = AccountUpdate{RefTo(e.account),  e.name,       e.domains,
                            e.removed_domains, e.attributes, Names(e.external_ids)};
  }

  void operator()(const ContactAdded& e) {
    ContactAdd add{.account = Account(), .external_ids = NamesOf(e.contact.value, {})};
    const auto others = facts.contact_ids_.find(e.contact);
    if (others != facts.contact_ids_.end()) {
      add.external_ids.insert(add.external_ids.end(), others->second.begin(), others->second.end());
    }
    // Who was erased is still the one that later events are about.
    if (const ContactProfileRow* row = Profile(e.contact, e.profile.revision)) {
      add.name = row->name;
      add.email = row->email;
      add.phone = row->phone;
      add.title = row->title;
      add.attributes = row->attributes;
    }
    command = std::move(add);
  }
  void operator()(const ContactUpdated& e) {
    const ContactProfileRow* row = Profile(e.contact, e.profile.revision);
    if (row == nullptr) {
      fault = InvalidField("contact", "what was known of the person is erased");
      return;
    }
    ContactUpdate update{RefTo(e.contact), row->name,       row->email, row->phone,
                         row->title,       row->attributes, {}};
    if (const ContactProfileRow* before = Profile(e.contact, e.profile.revision - 1)) {
      for (const Attribute& attribute : before->attributes) {
        const auto is_it = [&](const Attribute& kept) { return kept.name == attribute.name; };
        if (std::none_of(row->attributes.begin(), row->attributes.end(), is_it)) {
          update.attributes.push_back({attribute.name, ""});
        }
      }
    }
    command = std::move(update);
  }
  // It stands in both accounts' streams.
  void operator()(const ContactMoved& e) {
    if (commit.head.account != e.from) return Follows();
    command = ContactMove{RefTo(e.contact), RefTo(e.to)};
  }
  void operator()(const ContactErased& e) { command = ContactErase{RefTo(e.contact), e.reason}; }

  // A merge stands in the streams of both.
  void operator()(const AccountMerged& e) {
    if (commit.head.account != e.account) return Follows();
    command = AccountMerge{RefTo(e.account), RefTo(e.merged), e.reason};
  }
  void operator()(const AccountUnmerged& e) {
    if (commit.head.account != e.merged) return Follows();
    command = AccountUnmerge{RefTo(e.merged), e.reason};
  }
  void operator()(const ContactMerged& e) {
    command = ContactMerge{RefTo(e.contact), RefTo(e.merged), e.reason};
  }
  void operator()(const ContactUnmerged& e) { command = ContactUnmerge{RefTo(e.merged), e.reason}; }

  void operator()(const TouchRecorded& e) {
    command = TouchRecord{Account(),
                          RefTo(e.contact),
                          RefTo(e.lead),
                          RefTo(e.opportunity),
                          RefTo(e.campaign),
                          RefTo(e.owner),
                          e.channel,
                          e.kind,
                          e.side,
                          e.direction,
                          e.response,
                          e.follow_up};
  }
  void operator()(const TouchRetracted& e) {
    command = TouchRetract{Account(), RefTo(e.touch), e.reason};
  }
  void operator()(const NoteAdded& e) {
    const auto text = facts.notes_.find({e.note, e.text.revision});
    if (text == facts.notes_.end()) {
      fault = InvalidField("text", "the note's text is erased");
      return;
    }
    NoteAdd add{.text = text->second};
    if (e.about == EntityKind::kContact) add.contact = RefTo(ContactId{e.about_id});
    if (e.about == EntityKind::kLead) add.lead = RefTo(LeadId{e.about_id});
    if (e.about == EntityKind::kOpportunity) add.opportunity = RefTo(OpportunityId{e.about_id});
    if (e.about == EntityKind::kAccount) add.account = Account();
    command = std::move(add);
  }

  void operator()(const LeadOpened& e) {
    command = LeadOpen{Account(),
                       RefTo(e.contact),
                       RefTo(e.owner),
                       StageKey(e.stage),
                       e.type,
                       e.source,
                       GivenDate(e.return_on),
                       e.attributes,
                       NamesOf(e.lead.value, e.external_ids)};
  }
  void operator()(const LeadMoved& e) {
    const bool converted = e.to.kind == StageKind::kConverted && e.opportunity;
    if (converted || IsOfHandOff(commit.events, i, e)) return Follows();
    const std::string stage = StageKey(e.to);
    if (e.from.kind == StageKind::kClosed && e.to.kind == StageKind::kOpen) {
      command = LeadReopen{RefTo(e.lead), stage};
    } else {
      command = LeadMove{RefTo(e.lead), stage, e.reason, GivenDate(e.return_on)};
    }
  }
  void operator()(const LeadAssigned& e) { command = LeadAssign{RefTo(e.lead), RefTo(e.owner)}; }
  void operator()(const LeadHandedOff&) { Follows(); }
  void operator()(const LeadRelinked&) { Follows(); }

  void operator()(const OpportunityOpened& e) {
    OpportunityOpen open{.account = Account(),
                         .type = e.type,
                         .name = e.name,
                         .owner = RefTo(e.owner),
                         .stage = StageKey(e.stage),
                         .source = e.source,
                         .amount = e.amount,
                         .close_date = e.close_date,
                         .attributes = e.attributes,
                         .external_ids = NamesOf(e.opportunity.value, e.external_ids)};
    for (const LeadId lead : e.leads) open.leads.push_back(RefTo(lead));
    command = std::move(open);
  }
  void operator()(const OpportunityMoved& e) {
    const std::string stage = StageKey(e.to);
    const bool closed = e.from.kind == StageKind::kClosed;
    if (e.to.phase == Phase::kWon) {
      command = OpportunityWin{RefTo(e.opportunity), std::nullopt, e.reason};
    } else if (e.to.phase == Phase::kLost) {
      command = OpportunityLose{RefTo(e.opportunity), e.reason};
    } else if (closed && e.to.kind == StageKind::kOpen) {
      command = OpportunityReopen{RefTo(e.opportunity), stage};
    } else {
      command = OpportunityMove{RefTo(e.opportunity), stage, e.reason, GivenDate(e.return_on)};
    }
  }
  void operator()(const OpportunityValued& e) {
    command = OpportunityValue{RefTo(e.opportunity), e.amount, e.close_date};
  }
  void operator()(const OpportunityAssigned& e) {
    command = OpportunityAssign{RefTo(e.opportunity), RefTo(e.owner)};
  }
  void operator()(const OpportunityRoleSet& e) {
    command = OpportunityRole{RefTo(e.opportunity), RefTo(e.contact), e.role};
  }
  void operator()(const OpportunityBooked& e) {
    command = OpportunityBook{RefTo(e.opportunity), e.amount, e.booked_on, e.order};
  }
  void operator()(const OpportunityLinked& e) {
    command = LeadConvert{RefTo(e.lead), RefTo(e.opportunity)};
  }
  void operator()(const OpportunityRelinked&) { Follows(); }

  void operator()(const Amended& e) {
    Amend amend{.account = Account(), .event = RefTo(e.event), .reason = e.reason};
    if (e.occurred_at) amend.occurred_at = Moment{*e.occurred_at, e.occurred_day};
    if (!e.replacement.empty()) {
      const absl::StatusOr<Event> event = DecodeEvent(e.replacement);
      const bool all = event.ok() && std::visit(
                                         [&]<class Payload>(const Payload& payload) {
                                           if constexpr (HasFields<Payload>)
                                             return AddChanges(payload, amend.changes);
                                           return false;
                                         },
                                         event->payload);
      if (!all) left = kOwnersLeftOut;
    }
    const bool says_nothing = !amend.occurred_at && amend.changes.empty();
    command = std::move(amend);
    if (!says_nothing) return;
    left = kAmendmentLeftOut;
    Follows();
  }
  void operator()(const Voided& e) { command = Void{Account(), RefTo(e.event), e.reason}; }

  // What was found stands in the facts that follow; whom to review is asked anew.
  void operator()(const Matched&) { Follows(); }
  void operator()(const ReviewOpened&) {
    command = AccountDistinct();
    left = kReviewLeftOut;
    Follows();
  }
  void operator()(const AccountsDistinct& e) {
    command = AccountDistinct{RefTo(e.account), RefTo(e.other)};
  }

  void operator()(const PolicySet&) {
    command = PolicyChange();
    left = kPolicyLeftOut;
    Follows();
  }
  void operator()(const OwnerDefined& e) {
    command = OwnerDefine{.kind = e.kind,
                          .side = e.side,
                          .name = e.name,
                          .team = RefTo(e.team),
                          .retired = e.retired,
                          .external_ids = NamesOf(e.owner.value, e.external_ids)};
  }
  void operator()(const CampaignDefined& e) {
    command = CampaignDefine{.name = e.name,
                             .channel = e.channel,
                             .parent = RefTo(e.parent),
                             .starts_on = e.starts_on,
                             .ends_on = e.ends_on,
                             .external_ids = NamesOf(e.campaign.value, e.external_ids)};
  }
  void operator()(const CampaignCostSet& e) {
    command = CampaignCost{RefTo(e.campaign), e.spent_on, e.amount};
  }
  void operator()(const ExchangeRateSet& e) {
    command = ExchangeRate{e.base, e.quote, e.valid_from, e.rate_e9};
  }
};

void EventFacts::Know(ContactProfileRow row) {
  const std::pair key(row.contact, row.revision);
  profiles_.insert_or_assign(key, std::move(row));
}

void EventFacts::Know(const ContactExternalIdRow& row) {
  contact_ids_[row.contact].push_back({row.system, row.key});
}

void EventFacts::Know(NoteRow row) {
  notes_.insert_or_assign({row.note, row.revision}, std::move(row.text));
}

absl::Status EventFacts::Know(const Commit& commit) {
  for (const Event& event : commit.events) {
    const auto* set = std::get_if<PolicySet>(&event.payload);
    if (set == nullptr) continue;
    const absl::StatusOr<std::shared_ptr<const Policy>> policy = Policy::Parse(set->json);
    if (!policy.ok()) return policy.status();
    for (const Stage& stage : (*policy)->stages()) stages_[stage.id] = stage.key;
  }
  return absl::OkStatus();
}

std::string EventFacts::KeyOf(EventId event) const { return system_ + ":" + FormatEventId(event); }

absl::StatusOr<EventFacts::Result> EventFacts::FactOf(const Commit& commit, size_t i,
                                                      Command& command, Context& context) const {
  const Event& event = commit.events[i];
  Teller teller{*this, commit, i, command};
  std::visit(teller, event.payload);
  if (!teller.fault.ok()) return teller.fault;
  context = Context();
  const OwnerId actor = ActorOf(commit.head.actor, event);
  context.actor = teller.RefTo(actor);
  context.occurred_at = event.occurred();
  context.entered_at = event.entered_at.value_or(commit.head.recorded_at);
  context.fact = FactKeyOf(KeyOf(EventId::Of(commit.head.seq, static_cast<int64_t>(i))));
  return Result{!teller.follows, teller.left};
}

}  // namespace throughline
