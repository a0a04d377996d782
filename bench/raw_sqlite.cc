#include "raw_sqlite.h"

#include <variant>

#include "event_row.h"
#include "workload.h"

namespace throughline {
namespace {

void Must(int code, sqlite3* db) {
  if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW) Die(sqlite3_errmsg(db));
}

void Exec(sqlite3* db, const char* sql) {
  Must(sqlite3_exec(db, sql, nullptr, nullptr, nullptr), db);
}

}  // namespace

RawStatement::RawStatement(sqlite3* db, const char* sql) {
  if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement_, nullptr) !=
      SQLITE_OK) {
    Die(std::string(sql) + ": " + sqlite3_errmsg(db));
  }
}
RawStatement::~RawStatement() { sqlite3_finalize(statement_); }
RawStatement& RawStatement::Int(int column, int64_t value) {
  sqlite3_bind_int64(statement_, column, value);
  return *this;
}
RawStatement& RawStatement::IntOrNull(int column, int64_t value) {
  value == 0 ? sqlite3_bind_null(statement_, column)
             : sqlite3_bind_int64(statement_, column, value);
  return *this;
}
RawStatement& RawStatement::Null(int column) {
  sqlite3_bind_null(statement_, column);
  return *this;
}
RawStatement& RawStatement::Text(int column, std::string_view value) {
  sqlite3_bind_text(statement_, column, value.data() == nullptr ? "" : value.data(),
                    static_cast<int>(value.size()), SQLITE_STATIC);
  return *this;
}
bool RawStatement::Step() {
  const int code = sqlite3_step(statement_);
  Must(code, sqlite3_db_handle(statement_));
  return code == SQLITE_ROW;
}
void RawStatement::Run() {
  while (Step()) {
  }
  Reset();
}
void RawStatement::Reset() { sqlite3_reset(statement_); }
int64_t RawStatement::IntAt(int column) const { return sqlite3_column_int64(statement_, column); }
bool RawStatement::IsNullAt(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}
std::string_view RawStatement::BlobAt(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  return {bytes == nullptr ? "" : bytes,
          static_cast<size_t>(sqlite3_column_bytes(statement_, column))};
}

std::string_view RawStatement::TextAt(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  return {text == nullptr ? "" : text,
          static_cast<size_t>(sqlite3_column_bytes(statement_, column))};
}

struct RawLedger::Statements {
  explicit Statements(sqlite3* database) : db(database) {}
  sqlite3* db;
  RawStatement begin{db, "BEGIN IMMEDIATE"};
  RawStatement commit{db, "COMMIT"};
  RawStatement read_lead{db, "SELECT account, stage, phase, stage_since FROM lead WHERE lead = ?1"};
  RawStatement read_version{db, "SELECT version FROM account WHERE account = ?1"};
  RawStatement insert_event{db, kInsertEvent};
  RawStatement set_version{db, "UPDATE account SET version = ?2 WHERE account = ?1"};
  RawStatement move_lead{
      db,
      "UPDATE lead SET stage = ?2, phase = ?3, kind = ?4, stage_since = ?5, reason = ?6,"
      " return_on = ?7, closed_at = ?8, open_stage = coalesce(?9, open_stage),"
      " opportunity = ?10 WHERE lead = ?1"};
  RawStatement insert_account{
      db,
      "INSERT INTO account(account, version, name, opened_at, episodes, touches, first_at,"
      " first_channel, first_day, aliases, attributes)"
      " VALUES (?1, 0, ?2, ?3, 0, 0, 0, '', 0, 0, '{}')"};
  RawStatement insert_domain{db, "INSERT INTO account_domain VALUES (?1, ?2, ?2)"};
  RawStatement insert_external{db, "INSERT INTO external_id VALUES (?1, ?2, ?3, ?4)"};
  RawStatement insert_contact{db, "INSERT INTO contact VALUES (?1, ?2, 1, ?3, NULL, 0, NULL)"};
  RawStatement insert_profile{db,
                              "INSERT INTO contact_profile VALUES (?1, 1, ?2, ?3, '', '', '{}', ?3,"
                              " '0123456789abcdef')"};
  RawStatement insert_contact_key{db, "INSERT INTO contact_external_id VALUES ('crm', ?2, ?1)"};
  RawStatement touch{
      db,
      "UPDATE account SET touches = touches + 1, last_touch_at = max(coalesce(last_touch_at,"
      " ?2), ?2), first_touch = CASE WHEN touches = 0 THEN ?3 ELSE first_touch END, first_at ="
      " CASE WHEN touches = 0 THEN ?2 ELSE first_at END, first_channel = CASE WHEN touches = 0"
      " THEN ?4 ELSE first_channel END, first_campaign = CASE WHEN touches = 0 THEN ?5 ELSE"
      " first_campaign END WHERE account = ?1"};
  RawStatement follow_up{
      db,
      "UPDATE lead SET followed_up_at = ?2 WHERE account = ?1 AND handed_off_at <= ?2 AND"
      " followed_up_at IS NULL"};
  RawStatement insert_lead{
      db,
      "INSERT INTO lead VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?9,NULL,NULL,NULL,'',NULL,?6,NULL,"
      "?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,?21,?22,'{}')"};
  RawStatement assign_lead{db, "UPDATE lead SET owner = ?2 WHERE lead = ?1"};
  RawStatement hand_off{
      db, "UPDATE lead SET handed_off_at = coalesce(handed_off_at, ?2) WHERE lead = ?1"};
  RawStatement insert_deal{
      db,
      "INSERT INTO opportunity(opportunity, account, owner, type, name, stage, phase, kind,"
      " stage_since, opened_at, reason, open_stage, amount_minor, amount_currency, close_date,"
      " order_id, source, link, previous_lead, previous_opportunity, episode, original_touch,"
      " original_at, original_channel, original_campaign, latest_touch, latest_at,"
      " latest_channel, latest_campaign, attributes) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?9,'',"
      "?6,?10,?11,?12,'',?13,?14,?15,?16,?17,?18,?19,?20,?21,?22,?23,?24,?25,'{}')"};
  RawStatement insert_deal_lead{db, "INSERT INTO opportunity_lead VALUES (?1, ?2)"};
  RawStatement move_deal{
      db,
      "UPDATE opportunity SET stage = ?2, phase = ?3, kind = ?4, stage_since = ?5, reason = ?6,"
      " return_on = ?7, closed_at = ?8, open_stage = coalesce(?9, open_stage)"
      " WHERE opportunity = ?1"};
  RawStatement value_deal{
      db,
      "UPDATE opportunity SET amount_minor = coalesce(?2, amount_minor), amount_currency ="
      " coalesce(?3, amount_currency), close_date = coalesce(?4, close_date)"
      " WHERE opportunity = ?1"};
  RawStatement assign_deal{db, "UPDATE opportunity SET owner = ?2 WHERE opportunity = ?1"};
  RawStatement insert_role{
      db, "INSERT INTO opportunity_role VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET role = ?3"};
  RawStatement book{
      db,
      "UPDATE opportunity SET booked_minor = ?2, booked_currency = ?3, booked_on = ?4,"
      " order_id = ?5 WHERE opportunity = ?1"};
  RawStatement insert_note{db, "INSERT INTO note VALUES (?1, 1, ?2, '0123456789abcdef')"};
  RawStatement episodes{
      db,
      "UPDATE account SET episodes = max(episodes, ?2),"
      " last_opened_at = max(coalesce(last_opened_at, ?3), ?3) WHERE account = ?1"};
};

// What follows from an event, by hand: one overload a kind.
struct RawLedger::Follower {
  Statements& s;
  int64_t account;
  int64_t seq;
  const Event& event;

  int64_t at() const { return event.occurred_at.micros; }

  void External(int64_t entity, const std::vector<ExternalKey>& keys, int64_t id) {
    for (const ExternalKey& key : keys) {
      s.insert_external.Int(1, entity).Text(2, key.system).Text(3, key.key).Int(4, id).Run();
    }
  }

  void operator()(const AccountOpened& e) {
    s.insert_account.Int(1, account).Text(2, e.name).Int(3, at()).Run();
    for (const std::string& d : e.domains) s.insert_domain.Int(1, account).Text(2, d).Run();
    External(1, e.external_ids, account);
  }
  void operator()(const ContactAdded& e) {
    const std::string number = std::to_string(e.contact.value);
    const std::string email = "contact." + number + "@acme-" + number + ".example";
    const std::string key = "C-" + number + "-1";
    s.insert_contact.Int(1, e.contact.value).Int(2, account).Int(3, at()).Run();
    s.insert_profile.Int(1, e.contact.value).Text(2, "Contact " + number).Text(3, email).Run();
    s.insert_contact_key.Int(1, e.contact.value).Text(2, key).Run();
  }
  void operator()(const TouchRecorded& e) {
    s.touch.Int(1, account)
        .Int(2, at())
        .Int(3, seq)
        .Text(4, e.channel)
        .IntOrNull(5, e.campaign.value)
        .Run();
    if (e.follow_up) s.follow_up.Int(1, account).Int(2, at()).Run();
  }
  void BindLineage(RawStatement& statement, int from, const Lineage& l) {
    statement.Int(from, static_cast<int64_t>(l.link))
        .IntOrNull(from + 1, l.previous_lead.value)
        .IntOrNull(from + 2, l.previous_opportunity.value)
        .Int(from + 3, l.episode)
        .IntOrNull(from + 4, l.original.touch.packed)
        .Int(from + 5, l.original.at.micros)
        .Text(from + 6, l.original.channel)
        .IntOrNull(from + 7, l.original.campaign.value)
        .IntOrNull(from + 8, l.latest.touch.packed)
        .Int(from + 9, l.latest.at.micros)
        .Text(from + 10, l.latest.channel)
        .IntOrNull(from + 11, l.latest.campaign.value);
  }
  void operator()(const LeadOpened& e) {
    s.insert_lead.Int(1, e.lead.value)
        .Int(2, account)
        .IntOrNull(3, e.contact.value)
        .IntOrNull(4, e.owner.value)
        .Text(5, e.type)
        .Int(6, e.stage.id)
        .Int(7, static_cast<int64_t>(e.stage.phase))
        .Int(8, static_cast<int64_t>(e.stage.kind))
        .Int(9, at())
        .Text(10, e.source);
    BindLineage(s.insert_lead, 11, e.lineage);
    s.insert_lead.Run();
    External(3, e.external_ids, e.lead.value);
    s.episodes.Int(1, account).Int(2, e.lineage.episode).Int(3, at()).Run();
  }
  void BindStage(RawStatement& statement, const StageRef& to, const std::string& reason,
                 Date return_on) const {
    const bool closed = to.kind == StageKind::kClosed;
    const bool open = to.kind == StageKind::kOpen || to.kind == StageKind::kParked;
    statement.Int(2, to.id)
        .Int(3, static_cast<int64_t>(to.phase))
        .Int(4, static_cast<int64_t>(to.kind))
        .Int(5, at())
        .Text(6, reason)
        .IntOrNull(7, return_on.days)
        .IntOrNull(8, closed ? at() : 0)
        .IntOrNull(9, open ? to.id : 0);
  }
  void operator()(const LeadMoved& e) {
    s.move_lead.Int(1, e.lead.value).IntOrNull(10, e.opportunity.value);
    BindStage(s.move_lead, e.to, e.reason, e.return_on);
    s.move_lead.Run();
  }
  void operator()(const LeadAssigned& e) {
    s.assign_lead.Int(1, e.lead.value).Int(2, e.owner.value).Run();
  }
  void operator()(const LeadHandedOff& e) { s.hand_off.Int(1, e.lead.value).Int(2, at()).Run(); }
  void operator()(const OpportunityOpened& e) {
    s.insert_deal.Int(1, e.opportunity.value)
        .Int(2, account)
        .IntOrNull(3, e.owner.value)
        .Int(4, static_cast<int64_t>(e.type))
        .Text(5, e.name)
        .Int(6, e.stage.id)
        .Int(7, static_cast<int64_t>(e.stage.phase))
        .Int(8, static_cast<int64_t>(e.stage.kind))
        .Int(9, at())
        .IntOrNull(10, e.amount ? e.amount->minor : 0)
        .Text(11, e.amount ? e.amount->currency.view() : "")
        .IntOrNull(12, e.close_date ? e.close_date->days : 0)
        .Text(13, e.source);
    BindLineage(s.insert_deal, 14, e.lineage);
    s.insert_deal.Run();
    for (const LeadId lead : e.leads) {
      s.insert_deal_lead.Int(1, e.opportunity.value).Int(2, lead.value).Run();
    }
    External(4, e.external_ids, e.opportunity.value);
    s.episodes.Int(1, account).Int(2, e.lineage.episode).Int(3, at()).Run();
  }
  void operator()(const OpportunityMoved& e) {
    s.move_deal.Int(1, e.opportunity.value);
    BindStage(s.move_deal, e.to, e.reason, e.return_on);
    s.move_deal.Run();
  }
  void operator()(const OpportunityValued& e) {
    s.value_deal.Int(1, e.opportunity.value)
        .IntOrNull(2, e.amount ? e.amount->minor : 0)
        .Text(3, e.amount ? e.amount->currency.view() : "")
        .IntOrNull(4, e.close_date ? e.close_date->days : 0)
        .Run();
  }
  void operator()(const OpportunityAssigned& e) {
    s.assign_deal.Int(1, e.opportunity.value).Int(2, e.owner.value).Run();
  }
  void operator()(const OpportunityRoleSet& e) {
    s.insert_role.Int(1, e.opportunity.value).Int(2, e.contact.value).Text(3, e.role).Run();
  }
  void operator()(const OpportunityBooked& e) {
    s.book.Int(1, e.opportunity.value)
        .Int(2, e.amount.minor)
        .Text(3, e.amount.currency.view())
        .Int(4, e.booked_on.days)
        .Text(5, e.order)
        .Run();
  }
  void operator()(const NoteAdded& e) {
    s.insert_note.Int(1, e.note.value)
        .Text(2, "A note of a usual length about what was said.")
        .Run();
  }
  template <class T>
  void operator()(const T&) {}
};

RawLedger::RawLedger(const std::string& path, bool full_sync, const char* vfs) {
  // What ours gives itself to be fast, it gets too: no mutex per call, the memory, a checkpoint as
  // seldom.
  if (sqlite3_open_v2(path.c_str(), &db_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, vfs) !=
      SQLITE_OK) {
    Die("cannot open " + path);
  }
  Exec(db_,
       "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 1000; PRAGMA secure_delete = 1;"
       "PRAGMA cache_size = -16384");
  Exec(db_, full_sync ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
  Exec(db_, kEventTable);
  s_ = new Statements(db_);
}

RawLedger::~RawLedger() {
  delete s_;
  sqlite3_close(db_);
}

void RawLedger::Begin() { s_->begin.Run(); }
void RawLedger::Commit() { s_->commit.Run(); }

void RawLedger::MoveLead(int64_t lead, int64_t to_stage, int64_t at) {
  s_->read_lead.Int(1, lead);
  if (!s_->read_lead.Step()) Die("no such lead");
  const int64_t account = s_->read_lead.IntAt(0);
  LeadMoved moved;
  moved.lead = LeadId{lead};
  moved.from = {s_->read_lead.IntAt(1), static_cast<Phase>(s_->read_lead.IntAt(2)),
                StageKind::kOpen};
  moved.to = {to_stage, moved.from.phase, StageKind::kOpen};
  if (s_->read_lead.IntAt(3) > at) Die("out of order");
  s_->read_lead.Reset();
  Event event;
  event.occurred_at = Time{at};
  event.payload = moved;
  Apply(account, event);
}

void RawLedger::InsertEvent(int64_t account, const Event& event) {
  s_->read_version.Int(1, account);
  const int64_t version = s_->read_version.Step() ? s_->read_version.IntAt(0) + 1 : 1;
  s_->read_version.Reset();
  InsertEventRow(s_->insert_event, {++seq_, account, version, ++now_, 0, 1}, event);
  s_->set_version.Int(1, account).Int(2, version).Run();
}

void RawLedger::Apply(int64_t account, const Event& event) {
  // An account's own row must be there before its version can be kept in it.
  const bool opens = std::holds_alternative<AccountOpened>(event.payload);
  if (!opens) InsertEvent(account, event);
  std::visit(Follower{*s_, account, seq_, event}, event.payload);
  if (opens) InsertEvent(account, event);
}

}  // namespace throughline
