#ifndef THROUGHLINE_TOOLS_WORDS_H_
#define THROUGHLINE_TOOLS_WORDS_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "throughline/ledger.h"

namespace throughline {

// "1 commit", "2 commits".
std::string Counted(int64_t count, const std::string& noun);

// " [breach: transition, out_of_order]"; empty if there is none.
std::string BreachesText(uint32_t breaches);

// Says what happened in plain English, with the names that the ledger knows.
class Words {
 public:
  explicit Words(Ledger& ledger);

  std::string Event(const EventPayload& payload);

  std::string Stage(int64_t id) const;
  std::string Owner(OwnerId owner);
  std::string Contact(ContactId contact);
  std::string Campaign(CampaignId campaign);
  std::string Source(const Source& source);
  std::string Lineage(const Lineage& lineage) const;
  std::string Whence(const throughline::Lineage& lineage);  // that, and its source

 private:
  struct Teller;

  Ledger& ledger_;
  std::shared_ptr<const Policy> policy_;
  std::map<OwnerId, std::string> owners_;
  std::map<ContactId, std::string> contacts_;
  std::map<CampaignId, std::string> campaigns_;
};

}  // namespace throughline

#endif  // THROUGHLINE_TOOLS_WORDS_H_
