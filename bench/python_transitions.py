#!/usr/bin/env python3
"""Opening a lead and moving it twice, from Python: this library against a plain sqlite3 script that
writes the same facts to four tables (account, lead, event, stage history) and keeps no rule.

  batch    ours by columns, the script in transactions of 1,000      wanted: at least 2
  import   the same columns, loaded as an import                     (for comparison)
  single   a commit each, synchronous=NORMAL                         wanted: at least 0.7
  columns  reading many leads into columns                           wanted: 1,000,000 in < 0.5 s

Usage: python_transitions.py [--leads N] [--single N] [--columns N] [--rounds N] [--only NAME]
"""

import argparse
import os
import sqlite3
import statistics
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "bindings",
                                "python"))
import throughline as tl  # noqa: E402: the checkout's

NORMAL = tl.LedgerOptions(synchronous="normal")
STAGES = ("engaged", "mql")
STEPS = 1 + len(STAGES)  # transitions of a lead
CHUNK = 1000  # leads; what is done to them is then one call

# --- The plain script. ---

# Its account and lead tables are ours, with the columns and indexes that our users read in SQL.
OWN_TABLES = ("account", "lead")
SCHEMA = """
CREATE TABLE event(seq INTEGER PRIMARY KEY, account INTEGER NOT NULL, version INTEGER NOT NULL,
                   recorded_at INTEGER NOT NULL, actor INTEGER, policy INTEGER NOT NULL,
                   occurred_at INTEGER NOT NULL, kind TEXT NOT NULL, lead INTEGER NOT NULL,
                   from_stage INTEGER, from_phase INTEGER, to_stage INTEGER, to_phase INTEGER,
                   source TEXT, reason TEXT);
CREATE UNIQUE INDEX event_by_account ON event(account, version);
CREATE TABLE stage_history(lead INTEGER NOT NULL, entered_at INTEGER NOT NULL,
                           seq INTEGER NOT NULL, stage INTEGER NOT NULL, phase INTEGER NOT NULL,
                           PRIMARY KEY (lead, entered_at, seq)) WITHOUT ROWID;
"""
INSERT_LEAD = """
INSERT INTO lead(account, type, stage, phase, kind, stage_since, opened_at, reason, open_stage, source,
                 link, episode, original_at, original_channel, latest_at, latest_channel, attributes)
VALUES (?, '', ?, ?, 1, ?, ?, '', ?, 'webinar', 0, ?, ?, 'webinar', ?, 'webinar', '{}')"""
MOVE_LEAD = """
UPDATE lead SET stage = ?, phase = ?, kind = 1, stage_since = ?, reason = '', return_on = NULL,
                closed_at = NULL, open_stage = ? WHERE lead = ?"""


def our_schema(folder):
    """How a ledger's own tables and indexes are made."""
    path = os.path.join(folder, "schema.db")
    tl.create(path).close()
    with sqlite3.connect(path) as db:
        return [sql for (sql,) in db.execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name IN (?, ?) "
            "ORDER BY type DESC", OWN_TABLES)]


class Script:
    """What a careful script does for a transition: reads the account and the lead, writes all that
    ours writes. It keeps no rule: which stages may follow one another, what needs a reason."""

    def __init__(self, folder, accounts):
        self.db = sqlite3.connect(os.path.join(folder, "script.db"), isolation_level=None)
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.execute("PRAGMA synchronous=NORMAL")
        for sql in our_schema(folder):
            self.db.execute(sql)
        self.db.executescript(SCHEMA)
        with tl.Policy.parse() as policy:
            self.stages = {stage.key: (stage.id, 1) for stage in policy.stages}
        self.db.execute("BEGIN")
        self.db.executemany(
            "INSERT INTO account(account, version, name, opened_at, episodes, touches, first_at, "
            "first_channel, first_day, aliases, attributes) "
            "VALUES (?, 1, ?, 0, 0, 0, 0, '', 0, 0, '{}')",
            ((i, f"Company {i}") for i in range(1, accounts + 1)))
        self.db.execute("COMMIT")

    def open_lead(self, account, at):
        stage, phase = self.stages["inquiry"]
        version, episodes = self.db.execute(
            "SELECT version, episodes FROM account WHERE account = ?", (account,)).fetchone()
        (before,) = self.db.execute("SELECT count(*) FROM lead WHERE account = ?",
                                    (account,)).fetchone()
        episode = episodes if before else episodes + 1
        lead = self.db.execute(INSERT_LEAD, (account, stage, phase, at, at, stage, episode, at,
                                             at)).lastrowid
        self.db.execute("UPDATE account SET version = ?, episodes = ?, last_opened_at = ? "
                        "WHERE account = ?", (version + 1, episode, at, account))
        self.record(account, version + 1, at, "lead_opened", lead, None, None, stage, phase)
        return lead

    def move_lead(self, lead, key, at):
        stage, phase = self.stages[key]
        account, old_stage, old_phase = self.db.execute(
            "SELECT account, stage, phase FROM lead WHERE lead = ?", (lead,)).fetchone()
        (version,) = self.db.execute("SELECT version FROM account WHERE account = ?",
                                     (account,)).fetchone()
        self.db.execute(MOVE_LEAD, (stage, phase, at, stage, lead))
        self.db.execute("UPDATE account SET version = ? WHERE account = ?", (version + 1, account))
        self.record(account, version + 1, at, "lead_moved", lead, old_stage, old_phase, stage,
                    phase)

    def record(self, account, version, at, kind, lead, old_stage, old_phase, stage, phase):
        seq = self.db.execute(
            "INSERT INTO event(account, version, recorded_at, policy, occurred_at, kind, lead, "
            "from_stage, from_phase, to_stage, to_phase, source, reason) "
            "VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, 'webinar', '')",
            (account, version, time.time_ns() // 1000, at, kind, lead, old_stage, old_phase, stage,
             phase)).lastrowid
        self.db.execute("INSERT INTO stage_history VALUES (?, ?, ?, ?, ?)",
                        (lead, at, seq, stage, phase))


def script_steps(script, leads):
    """Each transition as a call: a lead is opened and moved twice, then comes the next one."""
    at = time.time_ns() // 1000
    opened = []
    for account in range(1, leads + 1):
        yield lambda account=account: opened.append(script.open_lead(account, at))
        for step, stage in enumerate(STAGES, 1):
            yield lambda stage=stage, step=step: script.move_lead(opened[-1], stage, at + step)


def run_script(folder, leads, per_transaction):
    script = Script(folder, leads)
    start = time.perf_counter()
    pending = 0
    for transition in script_steps(script, leads):
        if pending == 0:
            script.db.execute("BEGIN IMMEDIATE")
        transition()
        pending += 1
        if pending == per_transaction:
            script.db.execute("COMMIT")
            pending = 0
    if pending:
        script.db.execute("COMMIT")
    seconds = time.perf_counter() - start
    script.db.close()
    return leads * STEPS / seconds


# --- Ours. ---


def with_accounts(folder, accounts):
    ledger = tl.create(os.path.join(folder, "ours.db"), NORMAL)
    with tl.Batch() as batch:
        batch.add_columns("account.open", {"name": [f"Company {i}" for i in range(accounts)]})
        ledger.execute_all(batch).raise_first()
    return ledger


def run_batch(folder, leads):
    """Some thousand leads at a time: each is opened, then moved."""
    ledger = with_accounts(folder, leads)
    start = time.perf_counter()
    with tl.Batch() as batch:
        for first in range(1, leads + 1, CHUNK):
            accounts = range(first, min(first + CHUNK, leads + 1))
            batch.clear()
            batch.add_columns("lead.open", {"account": accounts, "source": "webinar"})
            for stage in STAGES:
                batch.add_columns("lead.move", {"lead": tl.OPENED_BEFORE, "stage": stage},
                                  rows=len(accounts))
            batch.interleave(STEPS)
            ledger.execute_all(batch).raise_first()
    seconds = time.perf_counter() - start
    ledger.close()
    return leads * STEPS / seconds


def run_import(folder, leads):
    ledger = with_accounts(folder, leads)
    start = time.perf_counter()
    at = time.time_ns() // 1000 - leads
    ids = [f"b:{i}" for i in range(leads)]
    with tl.Batch() as batch:
        batch.add_columns("lead.open", {"account": list(range(1, leads + 1)), "source": "webinar",
                                        "external_ids": ids, "at": [at] * leads})
        for step, stage in enumerate(STAGES, 1):
            batch.add_columns("lead.move", {"lead": ids, "stage": stage, "at": [at + step] * leads})
        report = ledger.import_batch(batch)
    seconds = time.perf_counter() - start
    assert report.imported == leads * STEPS, report
    ledger.close()
    return leads * STEPS / seconds


def run_single(folder, leads):
    ledger = with_accounts(folder, leads)
    start = time.perf_counter()
    for account in range(1, leads + 1):
        lead = ledger.execute(tl.LeadOpen(account=account, source="webinar")).id
        for stage in STAGES:
            ledger.execute(tl.LeadMove(lead=lead, stage=stage))
    seconds = time.perf_counter() - start
    ledger.close()
    return leads * STEPS / seconds


# --- The comparison. ---


def in_folder(run, *arguments):
    with tempfile.TemporaryDirectory() as folder:
        return run(folder, *arguments)


def compare(name, wanted, rounds, ours, script):
    """Turn by turn, so that a busy machine is busy for both."""
    pairs = [(in_folder(*ours), in_folder(*script)) for _ in range(rounds)]
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"{name:8} ours {statistics.median(a for a, _ in pairs):10,.0f}/s   script "
          f"{statistics.median(b for _, b in pairs):10,.0f}/s   ratio {ratio:5.2f}   {wanted}",
          flush=True)


def time_columns(folder, leads, rounds):
    columns = ["lead", "account", "stage", "opened_at", "stage_since", "original_channel"]
    ledger = tl.create(os.path.join(folder, "many.db"), NORMAL)
    with tl.Batch() as batch:
        batch.add_columns("account.open", {"external_ids": [f"b:{i}" for i in range(leads)],
                                           "at": "2024-01-01"})
        batch.add_columns("lead.open", {"account": [f"b:{i}" for i in range(leads)],
                                        "source": "webinar", "at": "2024-01-02"})
        ledger.import_batch(batch)
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        with ledger.lead_columns(columns) as table:
            found = table.columns
        seconds.append(time.perf_counter() - start)
        assert all(len(column) == leads for column in found.values())
    ledger.close()
    print(f"columns  {leads:,} leads, {len(columns)} columns: "
          f"{statistics.median(seconds):.3f} s   wanted: 1,000,000 in < 0.5 s", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--leads", type=int, default=20_000)
    parser.add_argument("--single", type=int, default=3_000)
    parser.add_argument("--columns", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--only", choices=("batch", "import", "single", "columns"))
    a = parser.parse_args()

    def asked(name):
        return a.only in (None, name)
    if asked("batch"):
        compare("batch", "wanted: 2.00", a.rounds, (run_batch, a.leads),
                (run_script, a.leads, 1000))
    if asked("import"):
        compare("import", "", a.rounds, (run_import, a.leads), (run_script, a.leads, 1000))
    if asked("single"):
        compare("single", "wanted: 0.70", a.rounds, (run_single, a.single),
                (run_script, a.single, 1))
    if asked("columns"):
        in_folder(time_columns, a.columns, a.rounds)


if __name__ == "__main__":
    main()
