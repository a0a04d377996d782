#ifndef THROUGHLINE_TOOLS_GENERATOR_STORY_H_
#define THROUGHLINE_TOOLS_GENERATOR_STORY_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "generator/rng.h"
#include "generator/scribe.h"
#include "generator/world.h"

namespace throughline {

// What happens at one account, drawn at random. Times are in seconds since 1970 and only grow
// within a lead or a deal; what would happen after the end of the story is left to the scribe to
// drop.
class Story {
 public:
  Story(const World& world, Rng& rng, Scribe& scribe) : world_(world), rng_(rng), scribe_(scribe) {}

  // `room`: about how many more facts are wanted; large accounts are told only if they fit.
  // `neighbour_since`: when the account told of before was opened.
  void Tell(int64_t room, int64_t neighbour_since);

  int64_t opened() const { return opened_; }

 private:
  // Where the interest of an account begins.
  struct Origin {
    Channel channel;
    int campaign;
    int64_t at;
  };

  enum class End { kOpen, kDead, kDisqualified, kLost, kWon };
  struct Ending {
    End end = End::kOpen;
    int64_t at = 0;
    int owner = -1;
    int contact = -1;
  };

  // A lead in the making: `at` is the time of the latest thing that happened to it.
  struct Lead {
    int id;
    int contact;
    int owner;
    int64_t quality;
    int64_t at;
    std::vector<int> joined = {};  // open leads of colleagues
  };

  struct Deal {
    int id;
    int contact;
    int owner;
    int64_t quality;
    int64_t at;
    int64_t value;  // in minor units
    int64_t close_day;
    bool value_known;
  };

  // A revision of a deal's amount.
  struct ValueDraft {
    int draft;
    int64_t at;
    int64_t minor;
  };

  // story.cc: the account as a whole.
  Origin DrawOrigin();
  void OpenAccount(int64_t before);
  void Visits(int64_t at, int64_t touches);
  void WalkIn();
  void Background(int64_t touches);
  void BackgroundTouch(int64_t at);
  int AnyContactAt(int64_t at);
  int NewContact(int64_t at);
  std::string_view Title();

  // Times.
  int64_t Later(int64_t at, int64_t min_days, int64_t max_days);  // in business hours
  int64_t Soon(int64_t at) { return at + rng_.Between(600, 14'400); }
  int64_t QuarterClose(int64_t at, int64_t min_days);  // in the last days of a quarter

  // lead_story.cc: the life of a lead until it is converted or closed.
  void Episode(const Origin& origin);
  Lead Attract(const Origin& origin);
  void Respond(Lead& lead);
  Ending Market(Lead& lead);
  Ending StayInquiry(Lead& lead);
  void Engage(Lead& lead);
  bool Nurture(Lead& lead, std::string_view back_to, int64_t chance_back);
  Ending HandOff(Lead& lead);
  Ending Neglect(Lead& lead);
  Ending Reject(Lead& lead);
  void FollowUp(Lead& lead);
  Ending Work(Lead& lead, std::string_view stage);
  void Join(Lead& lead);
  Ending Fizzle(Lead& lead);
  Ending Die(Lead& lead);
  Ending Convert(Lead& lead);
  void SettleJoined(const Lead& lead, const Deal& deal);
  Ending OpenEnd(const Lead& lead) const { return {End::kOpen, lead.at, lead.owner, lead.contact}; }

  // deal_story.cc: opportunities, and what comes after.
  Deal OpenDeal(DealNote note, int contact, int64_t quality);
  Ending RunDeal(Deal& deal);
  bool Advance(Deal& deal, std::string_view stage);
  void Meet(Deal& deal);
  void Revise(Deal& deal);
  void AddRoles(Deal& deal);
  Ending Win(Deal& deal);
  Ending Lose(Deal& deal);
  Ending Over(const Deal& deal, End end) const { return {end, deal.at, deal.owner, deal.contact}; }
  void GoOn(const Ending& ending);
  void ComeBack(const Ending& ending);
  void TypeIn(const Ending& ending, int contact, int64_t at);
  void FollowOn(const Ending& ending, OpportunityType type, int64_t at);
  Money Amount(int64_t minor) const { return {minor, currency_}; }

  // mishaps.cc: corrections, notes, people who change.
  void Mishaps(int64_t neighbour_since);
  void Retract();
  void CorrectValue();
  void ChangePeople();
  void LeaveCompany(int64_t neighbour_since);

  const World& world_;
  Rng& rng_;
  Scribe& scribe_;
  Currency currency_ = {{'E', 'U', 'R'}};
  bool enterprise_ = false;
  int64_t opened_ = 0;
  int returns_ = 0;  // how often it came back or bought again
  std::vector<ValueDraft> value_drafts_;
};

// The account of the demo's story: a webinar, a lead closed dead at the end of a quarter, and back
// through a colleague, as a deal that looks like the work of sales alone.
void TellDemoStory(const World& world, Scribe& scribe);

}  // namespace throughline

#endif  // THROUGHLINE_TOOLS_GENERATOR_STORY_H_
