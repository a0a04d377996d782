#include "generator/calendar.h"
#include "generator/story.h"

namespace throughline {
namespace {

// Marketing's part: a webinar makes a lead, and sales gets it.
int MakeLead(const World& world, Scribe& scribe) {
  scribe.OpenAccount({.at = SecondOf(2023, 1, 17, 9, 5),
                      .trade = "Millworks",
                      .country = "DE",
                      .segment = "medium",
                      .employees = 340});
  const int contact = scribe.AddContact(SecondOf(2023, 1, 17, 9, 6), "Plant Manager");
  const int webinar = world.first_webinar();
  scribe.Touch({.at = SecondOf(2023, 1, 17, 10, 0),
                .kind = "invitation",
                .campaign = webinar,
                .contact = contact});
  scribe.Touch({.at = SecondOf(2023, 1, 24, 14, 0),
                .kind = "webinar",
                .campaign = webinar,
                .contact = contact});
  const int lead = scribe.OpenLead({.at = SecondOf(2023, 1, 24, 14, 52),
                                    .contact = contact,
                                    .type = "event",
                                    .source = "webinar"});
  scribe.Touch({.at = SecondOf(2023, 1, 25, 10, 15),
                .kind = "content_download",
                .channel = "content",
                .contact = contact});
  scribe.MoveLead(SecondOf(2023, 1, 25, 10, 20), lead, "engaged");
  scribe.MoveLead(SecondOf(2023, 1, 27, 9, 30), lead, "mql");
  return lead;
}

// Sales works it, and closes it when the quarter must be clean.
void LoseLead(int lead, int rep, Scribe& scribe) {
  const auto follow_up = [&](int64_t at, std::string_view kind) {
    scribe.Touch(
        {.at = at, .kind = kind, .channel = "sales", .contact = 0, .lead = lead, .owner = rep});
  };
  scribe.AssignLead(SecondOf(2023, 1, 30, 11, 10), lead, rep);
  scribe.MoveLead(SecondOf(2023, 1, 31, 9, 40), lead, "accepted");
  follow_up(SecondOf(2023, 2, 1, 15, 20), "call");
  scribe.MoveLead(SecondOf(2023, 2, 2, 10, 0), lead, "working");
  follow_up(SecondOf(2023, 2, 14, 11, 30), "personal_email");
  follow_up(SecondOf(2023, 3, 7, 16, 45), "voicemail");
  scribe.Note(SecondOf(2023, 3, 7, 16, 50), lead, -1, "Left a message; no answer since February.");
  scribe.CloseLead(SecondOf(2023, 3, 30, 17, 40), lead, "dead", "no_response");
}

// A colleague calls. The rep types in a deal of his own, five weeks late, and wins it.
void WinDeal(int rep, Scribe& scribe) {
  scribe.Touch(
      {.at = SecondOf(2023, 6, 13, 8, 0), .kind = "email_send", .channel = "email", .contact = 0});
  const int caller = scribe.AddContact(SecondOf(2024, 1, 30, 10, 20), "Head of Operations");
  scribe.Touch({.at = SecondOf(2024, 1, 30, 10, 25),
                .kind = "call_in",
                .channel = "phone",
                .contact = caller});
  const auto meet = [&](int64_t at, std::string_view kind, int deal) {
    scribe.Touch({.at = at,
                  .kind = kind,
                  .channel = "sales",
                  .contact = caller,
                  .opportunity = deal,
                  .owner = rep});
  };
  meet(SecondOf(2024, 2, 6, 13, 0), "meeting", -1);
  const int deal = scribe.OpenDeal({.at = SecondOf(2024, 2, 6, 15, 30),
                                    .entered = SecondOf(2024, 3, 11, 17, 5),
                                    .owner = rep,
                                    .source = "sales",
                                    .close_day = DayNumber(2024, 3, 29)});
  scribe.SetRole(SecondOf(2024, 2, 6, 15, 31), deal, caller, "decision_maker");
  meet(SecondOf(2024, 2, 15, 10, 0), "demo", deal);
  scribe.MoveDeal(SecondOf(2024, 2, 20, 9, 15), deal, "proposal");
  constexpr Money kAmount = {8'400'000, {{'E', 'U', 'R'}}};
  scribe.ValueDeal(SecondOf(2024, 3, 5, 14, 0), deal, kAmount, std::nullopt);
  scribe.MoveDeal(SecondOf(2024, 3, 12, 11, 20), deal, "negotiation");
  scribe.WinDeal(SecondOf(2024, 3, 26, 16, 15), deal, kAmount);
  scribe.BookDeal(SecondOf(2024, 3, 28, 10, 0), deal, kAmount);
}

}  // namespace

void TellDemoStory(const World& world, Scribe& scribe) {
  const int lead = MakeLead(world, scribe);
  LoseLead(lead, world.first_rep(), scribe);
  WinDeal(world.first_rep(), scribe);
}

}  // namespace throughline
