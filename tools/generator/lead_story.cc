#include <algorithm>
#include <array>
#include <utility>

#include "generator/calendar.h"
#include "generator/story.h"

// The life of a lead, from the first answer until it is converted or closed.

namespace throughline {
namespace {

constexpr std::array<std::string_view, 5> kUnfit = {"not_a_fit", "job_seeker", "bad_data", "spam",
                                                    "too_small"};
constexpr std::array<std::string_view, 5> kDisqualified = {"not_a_fit", "no_need", "no_budget",
                                                           "too_small", "no_authority"};
constexpr std::array<std::string_view, 8> kDead = {
    "no_response", "no_response", "no_response", "bad_timing",
    "bad_timing",  "no_budget",   "no_need",     "quarter_end_cleanup"};
constexpr std::array<std::string_view, 4> kFollowUps = {"call", "personal_email", "meeting",
                                                        "voicemail"};
constexpr std::array<std::string_view, 3> kNotes = {"Asked for a call back after the holidays.",
                                                    "Wants to see a reference from the same trade.",
                                                    "The decision is taken at the parent company."};

}  // namespace

void Story::Episode(const Origin& origin) {
  Lead lead = Attract(origin);
  GoOn(Market(lead));
}

// The first answer, and the lead that is made of it.
Story::Lead Story::Attract(const Origin& origin) {
  const ChannelTraits& traits = TraitsOf(origin.channel);
  const bool known = scribe_.contacts() > 0 && rng_.Chance(30);
  int contact = known ? AnyContactAt(origin.at) : -1;
  if (contact < 0) contact = NewContact(origin.at - 30);
  const bool asks_for_demo = traits.response == "form" && rng_.Chance(25);
  scribe_.Touch({.at = origin.at,
                 .kind = asks_for_demo ? "demo_request" : traits.response,
                 .channel = origin.campaign < 0 ? traits.name : "",
                 .campaign = origin.campaign,
                 .contact = contact});
  const int64_t at = origin.at + rng_.Between(5, 600);
  const int id = scribe_.OpenLead(
      {.at = at, .contact = contact, .type = traits.lead_type, .source = traits.name});
  const int64_t quality = std::clamp<int64_t>(
      traits.quality + rng_.Between(-20, 20) + (asks_for_demo ? 30 : 0), 0, 100);
  return {id, contact, -1, quality, at};
}

void Story::Respond(Lead& lead) {
  static constexpr std::array<std::string_view, 4> kAnswers = {"content_download", "email_click",
                                                               "form", "reply"};
  lead.at = Later(lead.at, 1, 12);
  const int campaign = world_.RunningCampaign(Channel::kEmail, DayOf(lead.at), rng_);
  scribe_.Touch({.at = lead.at,
                 .kind = rng_.Pick(kAnswers),
                 .channel = campaign < 0 ? "email" : "",
                 .campaign = campaign,
                 .contact = lead.contact});
}

// --- In the hands of marketing. ---

Story::Ending Story::Market(Lead& lead) {
  const bool fast = lead.quality >= 75;
  if (!fast && rng_.Chance(18)) return StayInquiry(lead);
  if (!fast) {
    Engage(lead);
    if (rng_.Chance(18) && !Nurture(lead, "engaged", 70)) return OpenEnd(lead);
    if (rng_.Chance(30 - lead.quality / 5)) return OpenEnd(lead);
    if (rng_.Chance(6)) return HandOff(lead);  // passed on early
    if (rng_.Chance(40)) Respond(lead);
  }
  lead.at = fast ? Soon(lead.at) : Later(lead.at, 1, 14);
  scribe_.MoveLead(lead.at, lead.id, "mql");
  if (rng_.Chance(8)) return OpenEnd(lead);
  return HandOff(lead);
}

Story::Ending Story::StayInquiry(Lead& lead) {
  if (rng_.Chance(60)) return OpenEnd(lead);
  lead.at = Later(lead.at, 1, 10);
  scribe_.CloseLead(lead.at, lead.id, "disqualified", rng_.Pick(kUnfit));
  return {End::kDisqualified, lead.at, -1, lead.contact};
}

void Story::Engage(Lead& lead) {
  if (rng_.Chance(60)) Respond(lead);
  lead.at = Soon(lead.at);
  scribe_.MoveLead(lead.at, lead.id, "engaged");
}

// Whether it came back from where it was put aside.
bool Story::Nurture(Lead& lead, std::string_view back_to, int64_t chance_back) {
  lead.at = Later(lead.at, 1, 20);
  const int64_t until = WorkdayFrom(DayOf(lead.at) + rng_.Between(30, 150));
  scribe_.NurtureLead(lead.at, lead.id, until);
  if (!rng_.Chance(chance_back)) return false;
  lead.at = Later(until * kDaySeconds, 0, 4);
  scribe_.MoveLead(lead.at, lead.id, back_to);
  return true;
}

// --- In the hands of sales. ---

Story::Ending Story::HandOff(Lead& lead) {
  const bool to_partner = lead.quality > 20 && rng_.Chance(12);
  lead.owner = to_partner ? world_.PickPartner(rng_) : world_.PickRep(rng_);
  lead.at = rng_.Chance(70) ? Soon(lead.at) : Later(lead.at, 1, 9);
  scribe_.AssignLead(lead.at, lead.id, lead.owner);
  if (!rng_.Chance(world_.owner(lead.owner).diligence)) return Neglect(lead);
  if (rng_.Chance(11)) return Reject(lead);
  return Work(lead, "assigned");
}

// Never followed up: forgotten, passed on, or closed when the quarter ends.
Story::Ending Story::Neglect(Lead& lead) {
  if (rng_.Chance(55)) return Die(lead);
  if (rng_.Chance(75)) return OpenEnd(lead);
  lead.at = Later(lead.at, 10, 40);
  lead.owner = world_.PickRep(rng_);
  scribe_.AssignLead(lead.at, lead.id, lead.owner);
  return Work(lead, "assigned");
}

Story::Ending Story::Reject(Lead& lead) {
  FollowUp(lead);
  lead.at = Later(lead.at, 0, 5);
  if (rng_.Chance(50)) {
    scribe_.CloseLead(lead.at, lead.id, "disqualified", rng_.Pick(kDisqualified));
    return {End::kDisqualified, lead.at, lead.owner, lead.contact};
  }
  scribe_.MoveLead(lead.at, lead.id, "mql");
  if (!rng_.Chance(50) || !Nurture(lead, "engaged", 60)) return OpenEnd(lead);
  lead.at = Later(lead.at, 5, 20);
  lead.owner = world_.PickRep(rng_);
  scribe_.AssignLead(lead.at, lead.id, lead.owner);
  return Work(lead, "engaged");
}

void Story::FollowUp(Lead& lead) {
  lead.at = Later(lead.at, 0, 4);
  scribe_.Touch({.at = lead.at,
                 .kind = rng_.Pick(kFollowUps),
                 .channel = "sales",
                 .contact = lead.contact,
                 .lead = lead.id,
                 .owner = lead.owner});
  if (rng_.Chance(25)) {
    lead.at += rng_.Between(1800, 200'000);
    scribe_.Touch({.at = lead.at,
                   .kind = "sales_reply",
                   .channel = "sales",
                   .contact = lead.contact,
                   .lead = lead.id});
  }
}

// `stage`: where it stands when its owner takes it up.
Story::Ending Story::Work(Lead& lead, std::string_view stage) {
  FollowUp(lead);
  if (stage != "working") {
    if (rng_.Chance(85)) scribe_.MoveLead(lead.at = Soon(lead.at), lead.id, "accepted");
    scribe_.MoveLead(lead.at = Later(lead.at, 0, 6), lead.id, "working");
  }
  for (int64_t i = rng_.Between(0, 3); i > 0; --i) FollowUp(lead);
  if (rng_.Chance(8)) scribe_.Note(Soon(lead.at), lead.id, -1, rng_.Pick(kNotes));
  if (rng_.Chance(11) && !Nurture(lead, "working", 65)) return OpenEnd(lead);
  if (rng_.Chance(10)) Join(lead);
  if (!rng_.Chance(22 + lead.quality / 2)) return Fizzle(lead);
  lead.at = Later(lead.at, 3, 25);
  scribe_.MoveLead(lead.at, lead.id, "sql");
  return rng_.Chance(88) ? Convert(lead) : Fizzle(lead);
}

// A colleague answers too.
void Story::Join(Lead& lead) {
  lead.at = Later(lead.at, 1, 10);
  const int contact = NewContact(lead.at - 20);
  const int campaign = world_.RunningCampaign(Channel::kContent, DayOf(lead.at), rng_);
  scribe_.Touch({.at = lead.at,
                 .kind = "content_download",
                 .channel = campaign < 0 ? "content" : "",
                 .campaign = campaign,
                 .contact = contact});
  lead.at += rng_.Between(10, 900);
  lead.joined.push_back(scribe_.OpenLead(
      {.at = lead.at, .contact = contact, .type = "inbound", .source = "content"}));
  lead.at = Soon(lead.at);
  scribe_.AssignLead(lead.at, lead.joined.back(), lead.owner);
}

Story::Ending Story::Fizzle(Lead& lead) {
  if (rng_.Chance(15)) return OpenEnd(lead);
  if (!rng_.Chance(20)) return Die(lead);
  lead.at = Later(lead.at, 5, 40);
  scribe_.CloseLead(lead.at, lead.id, "disqualified", rng_.Pick(kDisqualified));
  for (const int joined : lead.joined) {
    scribe_.CloseLead(lead.at, joined, "disqualified", "duplicate");
  }
  return {End::kDisqualified, lead.at, lead.owner, lead.contact};
}

// Most are closed when the list must be clean: in the last days of a quarter.
Story::Ending Story::Die(Lead& lead) {
  lead.at = rng_.Chance(60) ? QuarterClose(lead.at, 12) : Later(lead.at, 10, 60);
  scribe_.CloseLead(lead.at, lead.id, "dead", rng_.Pick(kDead));
  for (const int joined : lead.joined) scribe_.CloseLead(lead.at, joined, "dead", "no_response");
  if (rng_.Chance(4)) {
    // The same lead, opened again when the new quarter begins.
    lead.at = Later(lead.at, 2, 12);
    scribe_.ReopenLead(lead.at, lead.id, rng_.Chance(50) ? "" : "working");
    if (rng_.Chance(40)) return OpenEnd(lead);
    lead.at = QuarterClose(lead.at, 20);
    scribe_.CloseLead(lead.at, lead.id, "dead", "no_response");
  }
  return {End::kDead, lead.at, lead.owner, lead.contact};
}

Story::Ending Story::Convert(Lead& lead) {
  lead.at = Later(lead.at, 0, 9);
  DealNote note = {.at = lead.at, .leads = {lead.id}, .owner = lead.owner};
  if (rng_.Chance(12)) note.entered = lead.at + rng_.Between(8, 45) * kDaySeconds;
  if (rng_.Chance(60)) note.source = "marketing";
  const bool all = !lead.joined.empty() && rng_.Chance(50);
  if (all) note.leads.insert(note.leads.end(), lead.joined.begin(), lead.joined.end());
  Deal deal = OpenDeal(std::move(note), lead.contact, lead.quality);
  if (!all) SettleJoined(lead, deal);
  return RunDeal(deal);
}

// What becomes of the colleagues' leads: they go into the same deal, or are closed as doubles.
void Story::SettleJoined(const Lead& lead, const Deal& deal) {
  for (const int joined : lead.joined) {
    const int64_t at = Later(lead.at, 0, 6);
    if (rng_.Chance(60)) {
      scribe_.ConvertLead(at, joined, deal.id);
    } else {
      scribe_.CloseLead(at, joined, "disqualified", "duplicate");
    }
  }
}

}  // namespace throughline
