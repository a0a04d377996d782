"""A ledger as files, and ledgers made of them."""

import csv
import os

from binding import LONE_SURROGATE, BindingTest, main, tl


class Exports(BindingTest):
    def setUp(self):
        super().setUp()
        self.won_deal()

    def test_a_restored_ledger_is_the_same(self):
        report = self.ledger.export(self.path("a.jsonl"))
        self.assertEqual(report.commits, report.seq)
        self.assertGreater(report.rows, 5)
        for into in (None, self.path("restored.db")):
            with tl.restore(self.path("a.jsonl"), into) as restored:
                self.assertTrue(restored.verify())
                self.assertEqual(restored.profile("crm:C1").name, "Zoë Müller")
                self.assertEqual([event.event for event in restored.trace("crm:O1").events],
                                 [event.event for event in self.ledger.trace("crm:O1").events])
                restored.export(self.path("b.jsonl"))
            with open(self.path("a.jsonl"), "rb") as a, open(self.path("b.jsonl"), "rb") as b:
                self.assertEqual(a.read(), b.read())
        with tl.open(self.path("restored.db")) as opened:
            self.assertEqual(opened.opportunity("crm:O1").stage, "won")

    def test_a_restored_ledger_goes_on_with_its_options(self):
        self.ledger.export(self.path("a.jsonl"))
        options = tl.LedgerOptions(clock=lambda: "2031-01-01T00:00:00Z")
        with tl.restore(self.path("a.jsonl"), options=options) as restored:
            receipt = restored.execute(tl.NoteAdd(account="crm:A1", text="later"))
            self.assertEqual(receipt.recorded_at.year, 2031)
        with self.assertRaises(tl.InvalidArgument):
            tl.restore(self.path("a.jsonl"), options=tl.LedgerOptions(policy="{}"))

    def test_tables_as_csv(self):
        report = self.ledger.export_csv(self.path("tables"))
        self.assertEqual(report.commits, 0)
        with open(os.path.join(self.path("tables"), "opportunity.csv"), newline="",
                  encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual([(row["name"], row["amount"], row["phase"]) for row in rows],
                         [("200 seats", "48000.00", "won")])

    def test_what_is_no_export(self):
        path = self.write("facts.jsonl", '{"fact": "account.open"}\n')
        with self.assertRaises(tl.InvalidArgument) as raised:
            tl.restore(path)
        self.assertIn("facts.jsonl: line 1", str(raised.exception))
        self.assertRaises(FileNotFoundError, tl.restore, self.path("none.jsonl"))
        self.assertRaises(FileNotFoundError, self.ledger.export, self.path("none/a.jsonl"))
        self.assertRaises(ValueError, tl.restore, LONE_SURROGATE)
        self.assertRaises(ValueError, self.ledger.export, "")

    def test_a_ledger_that_is_there(self):
        self.ledger.export(self.path("a.jsonl"))
        tl.create(self.path("there.db")).close()
        self.assertRaises(tl.LedgerExists, tl.restore, self.path("a.jsonl"), self.path("there.db"))

    def test_progress(self):
        steps = []
        self.ledger.export(self.path("a.jsonl"), progress=lambda *step: steps.append(step))
        self.ledger.export_csv(self.path("tables"), progress=lambda *step: steps.append(step))
        size = os.path.getsize(self.path("a.jsonl"))
        self.assertEqual({step for step, _, _ in steps}, {"exporting"})
        steps.clear()
        tl.restore(self.path("a.jsonl"), progress=lambda *step: steps.append(step)).close()
        self.assertEqual(steps[-1], ("deriving", size, size))
        self.assertEqual(steps[0][0], "restoring")

    def test_progress_may_end_it(self):
        self.ledger.export(self.path("a.jsonl"))
        size = os.path.getsize(self.path("a.jsonl"))
        stop = {"progress": lambda step, done, total: False}
        self.assertRaises(tl.Cancelled, self.ledger.export, self.path("a.jsonl"), **stop)
        self.assertEqual(os.path.getsize(self.path("a.jsonl")), size)
        self.assertEqual(os.listdir(self.folder), ["a.jsonl"])
        self.assertRaises(tl.Cancelled, tl.restore, self.path("a.jsonl"), **stop)

        def fails(step, done, total):
            raise KeyError(step)
        self.assertRaises(KeyError, tl.restore, self.path("a.jsonl"), progress=fails)
        self.assertRaises(KeyError, self.ledger.export_csv, self.path("tables"), progress=fails)


if __name__ == "__main__":
    main()
