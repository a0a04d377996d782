#ifndef THROUGHLINE_BENCH_EVENT_ROW_H_
#define THROUGHLINE_BENCH_EVENT_ROW_H_

#include <cstdint>
#include <string>

#include "raw_sqlite.h"
#include "throughline/event.h"

// An event as a row of its own, as hand-written code would keep it: a column for each thing that
// all events have, columns for the members of its kind one after the other (11: as many as a touch
// has), and in a last one, as text, what goes beyond them. Nothing of an event is lost: the peer
// reads and writes the same data as the journal, or the comparison says nothing.

namespace throughline {

inline constexpr char kEventTable[] =
    "CREATE TABLE IF NOT EXISTS event(seq INTEGER PRIMARY KEY, account INTEGER NOT NULL,"
    " version INTEGER NOT NULL, recorded_at INTEGER NOT NULL, actor INTEGER, policy INTEGER NOT "
    "NULL,"
    " occurred_at INTEGER NOT NULL, occurred_day INTEGER NOT NULL, entered_at INTEGER,"
    " fact INTEGER NOT NULL, breaches INTEGER NOT NULL, kind INTEGER NOT NULL,"
    " m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, more TEXT);"
    "CREATE UNIQUE INDEX IF NOT EXISTS event_by_account ON event(account, version)";

inline constexpr char kInsertEvent[] =
    "INSERT INTO event VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,"
    "?20,?21,?22,?23,?24)";
inline constexpr char kScanEvents[] = "SELECT * FROM event ORDER BY seq";

// What a row says of an event besides the event itself.
struct EventHead {
  int64_t seq = 0, account = 0, version = 0, recorded_at = 0, actor = 0, policy = 0;
};

// Runs kInsertEvent.
void InsertEventRow(RawStatement& insert, const EventHead& head, const Event& event);

// Reads the current row of kScanEvents; the event's memory is used again.
void ReadEventRow(const RawStatement& scan, EventHead& head, Event& event);

}  // namespace throughline

#endif  // THROUGHLINE_BENCH_EVENT_ROW_H_
