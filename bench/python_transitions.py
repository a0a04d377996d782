#!/usr/bin/env python3
"""Opening a lead and moving it twice, from Python: this library against a plain sqlite3 script that
writes the same facts to four tables (account, lead, event, stage history), without any rule.

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
STAGES = ("mql", "assigned")
STEPS = 1 + len(STAGES)  # transitions of a lead

# --- The plain script. ---

SCHEMA = """
CREATE TABLE account(account INTEGER PRIMARY KEY, version INTEGER NOT NULL, name TEXT);
CREATE TABLE lead(lead INTEGER PRIMARY KEY, account INTEGER NOT NULL, stage TEXT NOT NULL,
                  stage_since INTEGER NOT NULL, opened_at INTEGER NOT NULL, source TEXT);
CREATE INDEX lead_by_account ON lead(account);
CREATE INDEX lead_by_stage ON lead(stage);
CREATE TABLE event(seq INTEGER PRIMARY KEY, account INTEGER NOT NULL, version INTEGER NOT NULL,
                   recorded_at INTEGER NOT NULL, occurred_at INTEGER NOT NULL, kind TEXT NOT NULL,
                   lead INTEGER NOT NULL, from_stage TEXT, to_stage TEXT);
CREATE UNIQUE INDEX event_by_account ON event(account, version);
CREATE TABLE stage_history(lead INTEGER NOT NULL, entered_at INTEGER NOT NULL, stage TEXT NOT NULL,
                           PRIMARY KEY (lead, entered_at));
"""


class Script:
    """What a careful script does for a transition: reads the record, writes four tables."""

    def __init__(self, path, accounts):
        self.db = sqlite3.connect(path, isolation_level=None)
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.execute("PRAGMA synchronous=NORMAL")
        self.db.executescript(SCHEMA)
        self.db.execute("BEGIN")
        self.db.executemany("INSERT INTO account VALUES (?, 1, ?)",
                            ((i, f"Company {i}") for i in range(1, accounts + 1)))
        self.db.execute("COMMIT")

    def open_lead(self, account, at):
        lead = self.db.execute("INSERT INTO lead(account, stage, stage_since, opened_at, source) "
                               "VALUES (?, 'inquiry', ?, ?, 'webinar')",
                               (account, at, at)).lastrowid
        self.record(account, at, "lead_opened", lead, None, "inquiry")
        return lead

    def move_lead(self, lead, stage, at):
        account, before = self.db.execute("SELECT account, stage FROM lead WHERE lead = ?",
                                          (lead,)).fetchone()
        self.db.execute("UPDATE lead SET stage = ?, stage_since = ? WHERE lead = ?",
                        (stage, at, lead))
        self.record(account, at, "lead_moved", lead, before, stage)

    def record(self, account, at, kind, lead, before, after):
        self.db.execute("UPDATE account SET version = version + 1 WHERE account = ?", (account,))
        (version,) = self.db.execute("SELECT version FROM account WHERE account = ?",
                                     (account,)).fetchone()
        self.db.execute("INSERT INTO event(account, version, recorded_at, occurred_at, kind, lead, "
                        "from_stage, to_stage) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                        (account, version, time.time_ns() // 1000, at, kind, lead, before, after))
        self.db.execute("INSERT INTO stage_history VALUES (?, ?, ?)", (lead, at, after))


def script_steps(script, leads):
    """Each transition as a call, in the order in which ours has them."""
    at = time.time_ns() // 1000
    opened = []
    for account in range(1, leads + 1):
        yield lambda account=account: opened.append(script.open_lead(account, at))
    for step, stage in enumerate(STAGES, 1):
        for place in range(leads):
            yield lambda place=place: script.move_lead(opened[place], stage, at + step)


def run_script(folder, leads, per_transaction):
    script = Script(os.path.join(folder, "script.db"), leads)
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
    ledger = with_accounts(folder, leads)
    start = time.perf_counter()
    with tl.Batch() as batch:
        batch.add_columns("lead.open", {"account": list(range(1, leads + 1)), "source": "webinar"})
        opened = ledger.execute_all(batch)
        batch.clear()
        for stage in STAGES:
            batch.add_columns("lead.move", {"lead": opened.ids, "stage": stage})
        moved = ledger.execute_all(batch)
    seconds = time.perf_counter() - start
    opened.raise_first()
    moved.raise_first()
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
    opened = [ledger.execute(tl.LeadOpen(account=account, source="webinar")).id
              for account in range(1, leads + 1)]
    for stage in STAGES:
        for lead in opened:
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


def time_columns(leads, rounds):
    columns = ["lead", "account", "stage", "opened_at", "stage_since", "original_channel"]
    ledger = tl.in_memory()
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
    print(f"columns  {leads:,} leads, {len(columns)} columns: "
          f"{statistics.median(seconds):.3f} s   wanted: 1,000,000 in < 0.5 s", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--leads", type=int, default=20_000)
    parser.add_argument("--single", type=int, default=3_000)
    parser.add_argument("--columns", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
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
        time_columns(a.columns, a.rounds)


if __name__ == "__main__":
    main()
