"""How long objects live: closing, forgetting, many threads, the end of the interpreter."""

import gc
import os
import subprocess
import sys
import threading
import weakref

from binding import PACKAGE, BindingTest, main, tl, utc


def python(code, folder):
    """Runs a script of its own in a folder; what it printed."""
    environment = {**os.environ, "PYTHONPATH": PACKAGE}
    done = subprocess.run([sys.executable, "-X", "dev", "-c", code], cwd=folder, env=environment,
                          capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, done.stdout, done.stderr


class Files(BindingTest):
    def test_open_and_create(self):
        path = self.path("a.db")
        self.assertRaises(FileNotFoundError, tl.open, path)
        self.assertFalse(os.path.exists(path))
        with tl.create(path) as ledger:
            ledger.execute(tl.AccountOpen(name="Acme"))
        self.assertRaises(FileExistsError, tl.create, path)
        with tl.open(path) as ledger:
            self.assertEqual(ledger.account(1).name, "Acme")
        tl.open(self.path("b.db"), create=True).close()
        self.assertTrue(os.path.exists(self.path("b.db")))

    def test_what_is_no_ledger(self):
        self.write("text.db", "no database, but long enough to be looked at " * 100)
        self.assertRaises(tl.FailedPrecondition, tl.open, self.path("text.db"))
        self.assertRaises(tl.ThroughlineError, tl.open, self.folder)
        self.assertRaises(FileNotFoundError, tl.create, self.path("none/a.db"))
        for path in (None, 17):
            self.assertRaises(TypeError, tl.open, path)
        self.assertRaises(ValueError, tl.open, "a\0b")
        self.assertRaises((ValueError, OSError), tl.open, b"\xff\xfe.db")

    def test_read_only(self):
        tl.create(self.path("a.db")).close()
        with tl.open(self.path("a.db"), tl.LedgerOptions(read_only=True)) as ledger:
            self.assertRaises(PermissionError, ledger.execute, tl.AccountOpen(name="A"))
            self.assertRaises(PermissionError, ledger.rebuild)

    def test_bad_options(self):
        for options in (tl.LedgerOptions(synchronous="maybe"), tl.LedgerOptions(idle_readers=2**31),
                        tl.LedgerOptions(group_limit=5000), tl.LedgerOptions(group_wait_us=2**63)):
            self.assertRaises(ValueError, tl.in_memory, options)

    def test_a_clock(self):
        with tl.in_memory(tl.LedgerOptions(clock=lambda: utc(2024, 3, 31))) as ledger:
            receipt = ledger.execute(tl.AccountOpen(name="A"))
            self.assertEqual(receipt.recorded_at.date().isoformat(), "2024-03-31")

    def test_a_clock_that_raises(self):
        works = [True]

        def clock():
            if not works[0]:
                raise LookupError("no clock")
            return utc(2024, 3, 31)
        with tl.in_memory(tl.LedgerOptions(clock=clock)) as ledger:
            works[0] = False
            with self.assertRaisesRegex(LookupError, "no clock"):
                ledger.execute(tl.AccountOpen(name="A"))
            works[0] = True
            ledger.execute(tl.AccountOpen(name="B"))

    def locked(self, log):
        """A ledger whose file another process has locked for writing."""
        path = self.path("a.db")
        tl.create(path).close()
        ledger = tl.open(path, tl.LedgerOptions(busy_timeout_ms=-1, log=log))
        self.addCleanup(ledger.close)
        holder = subprocess.Popen(
            [sys.executable, "-c", "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]);"
             "db.execute('BEGIN IMMEDIATE'); print('held', flush=True); sys.stdin.read()", path],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(holder.communicate)
        self.assertEqual(holder.stdout.readline(), b"held\n")
        return ledger

    def test_a_log(self):
        lines = []
        ledger = self.locked(lambda level, text: lines.append((level, text)))
        self.assertRaises(tl.Unavailable, ledger.execute, tl.AccountOpen(name="A"))
        self.assertEqual(len(lines), 1)
        self.assertIn(lines[0][0], ("warning", "error"))
        self.assertTrue(lines[0][1])

    def test_a_log_that_raises(self):
        def fail(_level, _text):
            raise LookupError("no paper")
        with self.assertRaisesRegex(LookupError, "no paper"):
            self.locked(fail).execute(tl.AccountOpen(name="A"))

    def test_upkeep(self):
        self.won_deal()
        self.ledger.rebuild()
        report = self.ledger.verify()
        self.assertTrue(report)
        self.assertEqual((report.differences, report.samples), (0, ()))
        self.assertGreater(report.events, 5)


class Closed(BindingTest):
    def test_a_closed_ledger(self):
        self.ledger.close()
        self.ledger.close()
        self.assertTrue(self.ledger.closed)
        for call in (lambda: self.ledger.lead(1), lambda: self.ledger.report("pipeline"),
                     lambda: self.ledger.execute(tl.AccountOpen()), self.ledger.verify,
                     self.ledger.rebuild, self.ledger.policy, self.ledger.lead_columns,
                     lambda: self.ledger.subscribe(print), self.ledger.__enter__,
                     lambda: self.ledger.import_files([])):
            self.assertRaises(tl.Closed, call)
        self.assertRaisesRegex(ValueError, "Ledger was closed", self.ledger.lead, 1)

    def test_every_other_object(self):
        self.won_deal()
        batch, snapshot = tl.Batch(), self.ledger.snapshot()
        table, events, policy = snapshot.report("funnel"), self.ledger.feed_read(), tl.Policy.parse()
        for thing in (batch, snapshot, table, events, policy):
            thing.close()
            thing.close()
        for call in (lambda: len(batch), lambda: batch.add(tl.AccountOpen()),
                     lambda: batch.json(0), batch.clear, lambda: self.ledger.execute_all(batch),
                     lambda: self.ledger.import_batch(batch), lambda: snapshot.seq,
                     lambda: snapshot.report("funnel"), snapshot.policy, lambda: table.names,
                     table.to_csv, lambda: table.cell(0, 0), lambda: len(events),
                     lambda: events[0], events.json, lambda: policy.stages,
                     lambda: policy.check_successor(policy)):
            self.assertRaises(tl.Closed, call)

    def test_answers_outlive_the_ledger(self):
        self.won_deal()
        snapshot, events = self.ledger.snapshot(), self.ledger.timeline("crm:A1")
        self.ledger.close()
        self.assertGreater(len(snapshot.report("pipeline")), 0)
        self.assertEqual(events[0].event, "account_opened")

    def test_what_is_forgotten_is_freed(self):
        ledger = tl.create(self.path("a.db"))
        ledger.execute(tl.AccountOpen(name="A"))
        forgotten = weakref.ref(ledger)
        del ledger
        gc.collect()
        self.assertIsNone(forgotten())
        self.assertFalse(os.path.exists(self.path("a.db-wal")))

    def test_an_exception_keeps_no_ledger_open(self):
        ledger = tl.create(self.path("a.db"))
        try:
            ledger.lead(99)
        except KeyError as error:
            kept = error
        ledger.close()
        self.assertFalse(os.path.exists(self.path("a.db-wal")), kept)


class Threads(BindingTest):
    def run_in(self, count, work):
        failures = []

        def run(number):
            try:
                work(number)
            except BaseException as error:
                failures.append(error)
        threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])

    def test_eight_write_and_read(self):
        ledger = tl.create(self.path("a.db"), tl.LedgerOptions(synchronous="normal"))
        self.addCleanup(ledger.close)

        def work(number):
            for step in range(40):
                name = f"crm:{number}-{step}"
                ledger.execute(tl.AccountOpen(name=name, external_ids=[name]))
                lead = ledger.execute(tl.LeadOpen(account=name, external_ids=[name])).id
                ledger.execute(tl.LeadMove(lead=lead, stage="mql"))
                assert ledger.lead(name).stage == "mql"
                ledger.lead_columns(["lead"]).close()
                try:
                    ledger.lead(f"crm:none-{number}")
                except KeyError as error:
                    assert f"none-{number}" in str(error), error
        self.run_in(8, work)
        self.assertEqual(len(ledger.lead_columns(["lead"])), 320)
        self.assertTrue(ledger.verify())

    def test_eight_share_a_batch(self):
        with tl.Batch() as batch:
            self.run_in(8, lambda number: [batch.add(tl.AccountOpen(name=f"{number}-{i}"))
                                           for i in range(200)])
            self.assertEqual(len(batch), 1600)

    def test_each_thread_gets_its_own_exception(self):
        def raise_own(_seq):
            raise LookupError(threading.get_ident())

        def work(_number):
            for _ in range(50):
                try:
                    self.ledger.execute(tl.AccountOpen(name="A"))
                except LookupError as error:
                    assert error.args == (threading.get_ident(),)
        with self.ledger.subscribe(raise_own):
            self.run_in(8, work)

    def test_closing_while_others_work(self):
        for _ in range(10):
            ledger = tl.in_memory()
            started = threading.Barrier(5)

            def work(number, ledger=ledger, started=started):
                started.wait()
                if number == 4:
                    return ledger.close()
                try:
                    while True:
                        ledger.execute(tl.AccountOpen(name="A"))
                        ledger.lead_columns().close()
                except tl.Closed:
                    return None
            self.run_in(5, work)


class Exit(BindingTest):
    def assert_clean(self, code):
        status, output, errors = python(code, self.folder)
        self.assertEqual((status, errors), (0, ""), output)
        return output

    def test_open_handles_at_the_end(self):
        self.assert_clean(
            "import throughline as tl\n"
            "l = tl.create('a.db'); l.execute(tl.AccountOpen(name='A'))\n"
            "s = l.snapshot(); t = s.report('funnel'); c = t.columns; e = l.feed_read()\n"
            "b = tl.Batch(); p = l.policy(); u = l.subscribe(lambda seq: None)\n"
            "cycle = [l, s, t]; cycle.append(cycle)\n")
        self.assertFalse(os.path.exists(self.path("a.db-wal")))
        with tl.open(self.path("a.db")) as ledger:
            self.assertEqual(ledger.account(1).name, "A")

    def test_a_daemon_thread_at_the_end(self):
        self.assert_clean(
            "import threading, time, throughline as tl\n"
            "l = tl.create('a.db')\n"
            "def work():\n"
            "    while True:\n"
            "        try: l.execute(tl.AccountOpen(name='A'))\n"
            "        except tl.Closed: return\n"
            "threading.Thread(target=work, daemon=True).start(); time.sleep(0.2)\n")
        with tl.open(self.path("a.db")) as ledger:
            self.assertTrue(ledger.verify())

    def test_an_exception_at_the_end(self):
        status, _, errors = python("import throughline as tl\nl = tl.create('a.db')\nl.lead(99)\n",
                                   self.folder)
        self.assertEqual(status, 1)
        self.assertIn("NotFound", errors)

    def test_a_forked_child_ends_nothing_of_its_parents(self):
        self.assert_clean(
            "import os, throughline as tl\n"
            "l = tl.create('a.db'); l.execute(tl.AccountOpen(name='A'))\n"
            "child = os.fork()\n"
            "if not child:\n"
            "    l.close(); os._exit(0)\n"
            "os.waitpid(child, 0)\n"
            "l.execute(tl.AccountOpen(name='B')); assert l.verify(); l.close()\n")


if __name__ == "__main__":
    main()
