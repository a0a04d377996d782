#include "absl/strings/str_cat.h"
#include "core/rules.h"
#include "model/text.h"
#include "throughline/error.h"
#include "throughline/limits.h"

// Touches and notes.

namespace throughline {
namespace {

std::string ChannelOf(const TouchRecord& c, const Situation& s) {
  if (!c.channel.empty() || !c.campaign) return c.channel;
  const CampaignRow* campaign = s.rows.campaigns.Find(c.campaign.id);
  return campaign == nullptr ? "" : campaign->channel;
}

}  // namespace

Outcome DecideOn(const TouchRecord& c, const Situation& s) {
  THROUGHLINE_RETURN_IF_ERROR(CheckOptionalKey("channel", c.channel));
  THROUGHLINE_RETURN_IF_ERROR(CheckKey("kind", c.kind));
  const TouchKind* kind = s.policy.FindTouchKind(c.kind);
  if (kind == nullptr) {
    return InvalidField("kind", absl::StrCat("the policy has no touch kind '", c.kind, "'"));
  }
  absl::StatusOr<NamedContact> named = NameContact(s, c.contact.id);
  if (!named.ok()) return named.status();
  TouchRecorded touch;
  touch.contact = named->contact;
  touch.lead = c.lead.id;
  touch.opportunity = c.opportunity.id;
  touch.campaign = c.campaign.id;
  touch.owner = c.owner.id;
  touch.channel = ChannelOf(c, s);
  touch.kind = c.kind;
  touch.side = c.side != Side::kNone ? c.side : kind->side;
  touch.direction = c.direction != Direction::kNone ? c.direction : kind->direction;
  touch.response = c.response.value_or(kind->response);
  touch.follow_up = c.follow_up.value_or(kind->follow_up);
  Draft draft(s);
  draft.Add(std::move(touch), named->breaches);
  return std::move(draft).Finish();
}

Outcome DecideOn(const NoteAdd& c, const Situation& s) {
  const int given = static_cast<bool>(c.account) + static_cast<bool>(c.contact) +
                    static_cast<bool>(c.lead) + static_cast<bool>(c.opportunity);
  if (given != 1) {
    return InvalidField("account", "a note is about one account, contact, lead or opportunity");
  }
  THROUGHLINE_RETURN_IF_ERROR(CheckNotErased(s, c.contact.id));
  if (c.text.empty()) return InvalidField("text", "is empty");
  THROUGHLINE_RETURN_IF_ERROR(CheckNote("text", c.text));
  NoteAdded added;
  added.note = NoteId{s.supply.NextId(EntityKind::kNote)};
  if (c.account) added.about = EntityKind::kAccount, added.about_id = c.account.id.value;
  if (c.contact) added.about = EntityKind::kContact, added.about_id = c.contact.id.value;
  if (c.lead) added.about = EntityKind::kLead, added.about_id = c.lead.id.value;
  if (c.opportunity) {
    added.about = EntityKind::kOpportunity;
    added.about_id = c.opportunity.id.value;
  }
  Draft draft(s);
  added.text = draft.KeepNote({added.note, 1, c.text, ""});
  draft.Add(added);
  draft.Opened(EntityKind::kNote, added.note.value);
  return std::move(draft).Finish();
}

}  // namespace throughline
