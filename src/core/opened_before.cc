#include "core/opened_before.h"

#include <string>
#include <variant>

#include "absl/strings/str_cat.h"
#include "core/command_refs.h"
#include "throughline/error.h"

namespace throughline {
namespace {

// What a command of this kind opens.
template <class C>
constexpr EntityKind OpenedBy() {
  if (std::is_same_v<C, AccountOpen>) return EntityKind::kAccount;
  if (std::is_same_v<C, ContactAdd>) return EntityKind::kContact;
  if (std::is_same_v<C, LeadOpen>) return EntityKind::kLead;
  if (std::is_same_v<C, OpportunityOpen>) return EntityKind::kOpportunity;
  if (std::is_same_v<C, OwnerDefine>) return EntityKind::kOwner;
  if (std::is_same_v<C, CampaignDefine>) return EntityKind::kCampaign;
  return EntityKind::kNone;
}

}  // namespace

absl::Status OpenedBefore::Resolve(Command& command) const {
  const auto resolve = [this]<class Tag>(const std::string& name, Ref<Tag>& ref) -> absl::Status {
    if (ref.id.value != kOpenedBefore) return absl::OkStatus();
    const int64_t last = last_[static_cast<size_t>(kKindOf<Tag>)];
    if (last == kRefused) {
      return NotFoundField(
          name, absl::StrCat("the command that was to open the ", Tag::kKind, " was refused"));
    }
    if (last == 0) {
      return NotFoundField(
          name, absl::StrCat("no command before this one opened a record of kind ", Tag::kKind));
    }
    ref.id.value = last;
    return absl::OkStatus();
  };
  return std::visit([&](auto& each) { return ForEachRef(each, resolve); }, command);
}

void OpenedBefore::Add(const Command& command, const absl::StatusOr<Receipt>& outcome) {
  const EntityKind kind = std::visit(
      [](const auto& c) { return OpenedBy<std::remove_cvref_t<decltype(c)>>(); }, command);
  if (kind == EntityKind::kNone) return;
  const bool opened = outcome.ok() && outcome->entity == kind && outcome->id > 0;
  last_[static_cast<size_t>(kind)] = opened ? outcome->id : kRefused;
}

}  // namespace throughline
