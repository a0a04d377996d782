#include "ledger/import/fact_refs.h"

#include <string>
#include <type_traits>
#include <variant>

#include "model/json.h"

namespace throughline {
namespace {

template <class T, class... Kinds>
constexpr bool kIsOneOf = (std::is_same_v<T, Kinds> || ...);

template <class Tag>
constexpr EntityKind KindOf() {
  EntityKind kind = EntityKind::kNone;
  FromName(Tag::kKind, kind);
  return kind;
}

// One namespace of keys per prefix: the kinds of entities, and one for facts.
constexpr char kFactPrefix = '#';

RecordKey Hash(char prefix, std::string_view system, std::string_view key) {
  // On the stack, for nearly all ids.
  std::string text;
  text.reserve(system.size() + key.size() + 2);
  text += prefix;
  text += system;
  text += ':';
  text += key;
  return FactKeyOf(text);
}

char PrefixOf(EntityKind kind) { return static_cast<char>('0' + static_cast<int>(kind)); }

template <class Tag>
HomeRef HomeByRef(const Ref<Tag>& ref) {
  HomeRef home{HomeRef::Kind::kRecord, KindOf<Tag>(), ref.id.value, nullptr, {}};
  if (!ref.id) home.external = &ref.external;
  return home;
}

template <class C>
const EventRef* EventOf(const C& c) {
  if constexpr (requires { c.event; }) {
    return &c.event;
  } else if constexpr (requires { c.touch; }) {
    return &c.touch;
  } else {
    return nullptr;
  }
}

template <class C>
constexpr bool kOfNobody =
    kIsOneOf<C, OwnerDefine, CampaignDefine, CampaignCost, ExchangeRate, PolicyChange>;

template <class C>
HomeRef HomeByMembers(const C& c) {
  // Where a contact moves to is not where the fact stands.
  if constexpr (requires { c.account; } && !std::is_same_v<C, ContactMove>) {
    if (c.account) return HomeByRef(c.account);
  }
  if constexpr (requires { c.contact; }) {
    if (c.contact) return HomeByRef(c.contact);
  }
  if constexpr (requires { c.lead; }) {
    if (c.lead) return HomeByRef(c.lead);
  }
  if constexpr (requires { c.leads; }) {
    for (const LeadRef& lead : c.leads) {
      if (lead) return HomeByRef(lead);
    }
  }
  if constexpr (requires { c.opportunity; }) {
    if (c.opportunity) return HomeByRef(c.opportunity);
  }
  if (const EventRef* event = EventOf(c); event != nullptr && event->id) {
    return {HomeRef::Kind::kEvent, EntityKind::kNone, 0, nullptr, event->id};
  }
  return {};
}

template <class C>
HomeRef HomeOfKind(const C& c) {
  if constexpr (kOfNobody<C>) {
    return {HomeRef::Kind::kNobody, EntityKind::kNone, 0, nullptr, {}};
  } else if constexpr (std::is_same_v<C, AccountOpen>) {
    if (c.external_ids.empty()) return {};
    return {HomeRef::Kind::kRecord, EntityKind::kAccount, 0, &c.external_ids.front(), {}};
  } else {
    return HomeByMembers(c);
  }
}

template <class C>
constexpr EntityKind DefinedKind() {
  const std::string_view name = C::kName;
  EntityKind kind = EntityKind::kNone;
  FromName(name.substr(0, name.find('.')), kind);
  return kind;
}

template <class Tag>
RecordKey KeyOfRef(const Ref<Tag>& ref) {
  if (ref.id) return KeyOfRecord(KindOf<Tag>(), ref.id.value);
  return ref.external ? KeyOfRecord(KindOf<Tag>(), ref.external) : 0;
}
RecordKey KeyOfRef(const EventRef& ref) {
  return ref.key.empty() ? 0 : KeyOfFact(FactKeyOf(ref.key));
}
template <class T>
RecordKey KeyOfRef(const T&) {
  return 0;
}

std::string ItemName(std::string_view list, size_t i) {
  return std::string(list) + "[" + std::to_string(i) + "]";
}

}  // namespace

RecordKey KeyOfRecord(EntityKind kind, int64_t id) {
  return Hash(PrefixOf(kind), "", std::to_string(id));
}

RecordKey KeyOfRecord(EntityKind kind, const ExternalId& external) {
  return Hash(PrefixOf(kind), external.system, external.key);
}

RecordKey KeyOfFact(uint64_t fact) { return Hash(kFactPrefix, "", std::to_string(fact)); }

RecordKey KeyOfDomain(std::string_view registered) { return Hash('.', "", registered); }

RecordKey KeyOfLookup(const MatchLookup& lookup) {
  switch (lookup.by) {
    case MatchLookup::By::kContactId:
      return KeyOfRecord(EntityKind::kContact, lookup.external);
    case MatchLookup::By::kAccountId:
      return KeyOfRecord(EntityKind::kAccount, lookup.external);
    case MatchLookup::By::kEmail:
      return Hash('@', "", lookup.value);
    case MatchLookup::By::kDomain:
      return KeyOfDomain(lookup.value);
    case MatchLookup::By::kName:
      return Hash('~', "", lookup.value);
  }
  return 0;
}

HomeRef HomeOf(const Command& command) {
  return std::visit([](const auto& c) { return HomeOfKind(c); }, command);
}

void ForEachDefinedId(const Command& command, const ExternalIdVisitor& visit) {
  std::visit(
      [&](const auto& c) {
        if constexpr (requires { c.external_ids; }) {
          for (const ExternalId& external : c.external_ids) {
            visit(DefinedKind<std::remove_cvref_t<decltype(c)>>(), external);
          }
        }
      },
      command);
}

RecordKey KeyOfReference(const Command& command, const Context& context, std::string_view field) {
  if (field == "actor") return KeyOfRef(context.actor);
  RecordKey key = 0;
  std::visit(
      [&](const auto& c) {
        ForEachField<std::remove_cvref_t<decltype(c)>>([&](const auto& member) {
          const auto& value = c.*member.member;
          if constexpr (std::is_same_v<std::remove_cvref_t<decltype(value)>,
                                       std::vector<LeadRef>>) {
            for (size_t i = 0; i < value.size(); ++i) {
              if (field == ItemName(member.name, i)) key = KeyOfRef(value[i]);
            }
          } else if (field == member.name) {
            key = KeyOfRef(value);
          }
        });
      },
      command);
  return key;
}

bool IsDefinition(const Command& command) {
  return std::visit(
      [](const auto& c) {
        using C = std::remove_cvref_t<decltype(c)>;
        if constexpr (kIsOneOf<C, AccountOpen, ContactAdd, LeadOpen, OpportunityOpen, OwnerDefine,
                               CampaignDefine>) {
          return !c.external_ids.empty();
        } else {
          return kIsOneOf<C, CampaignCost, ExchangeRate, PolicyChange>;
        }
      },
      command);
}

bool NeedsDate(const Command& command) {
  return std::visit(
      [](const auto& c) {
        using C = std::remove_cvref_t<decltype(c)>;
        // A correction is made now, unless it says otherwise.
        return !kOfNobody<C> && !kIsOneOf<C, AccountOpen, AccountUpdate, ContactAdd, ContactUpdate,
                                          TouchRetract, Amend, Void, ContactErase>;
      },
      command);
}

int64_t OrderOf(const Command& command, const Context& context) {
  // Times, doubled to leave room for the day, have 54 bits.
  constexpr int kClassShift = 58;
  enum Class : int64_t { kOpening, kPeople, kDated, kUndated };
  const Class undated = std::visit(
      [](const auto& c) {
        using C = std::remove_cvref_t<decltype(c)>;
        if (kIsOneOf<C, AccountOpen, PolicyChange>) return kOpening;
        if (kIsOneOf<C, ContactAdd, OwnerDefine, CampaignDefine>) return kPeople;
        return kUndated;
      },
      command);
  const bool dated = context.occurred_at.has_value();
  const Class place = dated && undated == kUndated ? kDated : undated;
  const int64_t base = place * (int64_t{1} << kClassShift);
  if (!dated) return base;
  return base + context.occurred_at->at.micros * 2 + (context.occurred_at->day ? 0 : 1);
}

}  // namespace throughline
