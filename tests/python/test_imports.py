"""Reading what people have: files, folders, rows."""

import os
import warnings
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from binding import HUGE, LONE_SURROGATE, BindingTest, main, tl

DEALS = """Deal;Company;Opened;Closed;Result;Amount
D-1;Acme;12.03.2024;27.09.2024;won;45.000,00
D-2;Bolt;02.04.2024;;;12.500,50
"""
MAP = {"files": [{
    "match": "deals*.csv", "decimal": ",", "thousands": ".", "dates": "%d.%m.%Y",
    "currency": "EUR", "facts": [
        {"fact": "account.open", "at": "{Opened}", "unique": True, "name": "{Company}",
         "external_ids": ["sheet:{Company}"]},
        {"fact": "opportunity.open", "at": "{Opened}", "account": "sheet:{Company}",
         "amount": "{Amount}", "external_ids": ["sheet:{Deal}"]},
        {"fact": "opportunity.win", "at": "{Closed}", "opportunity": "sheet:{Deal}",
         "when": {"value": "{Result}", "in": ["won"]}}]}]}
FACTS = '{"fact": "account.open", "at": "2024-01-01", "external_ids": ["crm:A1"]}\n'


class Files(BindingTest):
    def test_a_folder_of_csv(self):
        self.write("deals.csv", DEALS)
        self.write("notes.txt", "not a table")
        with tl.read(self.folder, map=MAP) as ledger:
            self.assertEqual(ledger.opportunity("sheet:D-1").stage, "won")
            self.assertEqual(ledger.opportunity("sheet:D-2").amount,
                             tl.Money(Decimal("12500.50"), "EUR"))
            self.assertEqual((ledger.imported.rows, ledger.imported.rejected), (2, 0))

    def test_into_a_file_twice(self):
        self.write("a.jsonl", FACTS)
        with tl.read(self.path("a.jsonl"), into=self.path("a.db")) as ledger:
            self.assertEqual(ledger.imported.imported, 1)
        with tl.read([self.path("a.jsonl")], into=self.path("a.db")) as ledger:
            self.assertEqual((ledger.imported.imported, ledger.imported.known), (0, 1))

    def test_csv_wants_a_map(self):
        with self.assertRaisesRegex(tl.InvalidArgument, "deals.csv: is CSV, which is read by a mapping"):
            self.ledger.import_files(self.write("deals.csv", DEALS))

    def test_a_map_in_a_file(self):
        import json
        self.write("deals.csv", DEALS)
        map_path = self.write("map.json", json.dumps(MAP))
        report = self.ledger.import_files(self.path("deals.csv"), map_path)
        self.assertEqual(report.facts, 5)

    def test_bad_rows_are_put_aside_and_told(self):
        self.write("a.jsonl", FACTS + "nonsense\n")
        with self.assertWarns(tl.RowsPutAside) as warned:
            ledger = tl.read(self.path("a.jsonl"), options=tl.ImportOptions(
                rejects=self.path("rejects.csv")))
        self.assertIn("1 of 2", str(warned.warning))
        self.assertTrue(os.path.exists(self.path("rejects.csv")))
        self.assertEqual(len(ledger.imported.samples), 1)
        ledger.close()

    def test_what_cannot_be_read(self):
        self.assertRaises(FileNotFoundError, tl.read, self.path("none.jsonl"))
        self.assertRaises(FileNotFoundError, tl.read, self.folder)
        self.assertRaises(FileNotFoundError, tl.read, self.folder, map=self.path("none.json"))
        self.write("deals.csv", DEALS)
        self.assertRaises(tl.InvalidArgument, self.ledger.import_files, self.path("deals.csv"),
                          {"files": [{"match": "deals.csv", "facts": [{"fact": "no"}]}]})
        self.assertRaises(ValueError, self.ledger.import_files, [LONE_SURROGATE])
        self.assertRaises(TypeError, self.ledger.import_files, None)
        self.assertRaises(TypeError, self.ledger.import_files, [None])

    def test_bad_options(self):
        path = self.write("a.jsonl", FACTS)
        for options in (tl.ImportOptions(mode="guess"), tl.ImportOptions(memory_bytes=HUGE),
                        tl.ImportOptions(memory_bytes=-1)):
            self.assertRaises(ValueError, self.ledger.import_files, path, None, options)

    def test_progress(self):
        path, steps = self.write("a.jsonl", FACTS * 3), []
        self.ledger.import_files(path, options=tl.ImportOptions(
            progress=lambda step, done, total: steps.append((step, done, total))))
        self.assertTrue(steps)
        self.assertIsInstance(steps[0][0], str)

    def test_an_import_that_is_stopped(self):
        path = self.write("a.jsonl", FACTS)
        self.assertRaises(tl.Cancelled, self.ledger.import_files, path, None,
                          tl.ImportOptions(progress=lambda *_: False))

    def test_progress_that_raises(self):
        def fail(*_):
            raise LookupError("no room")
        path = self.write("a.jsonl", FACTS)
        with self.assertRaisesRegex(LookupError, "no room"):
            self.ledger.import_files(path, options=tl.ImportOptions(progress=fail))


class Salesforce(BindingTest):
    """Times without a zone, numbers and dates as in German, and a stage that no policy has."""

    CHOICES = tl.SalesforceOptions(time_zone="Europe/Berlin", dates="%d.%m.%Y %H:%M", currency="EUR",
                                   stages={"opportunity": {"Pilot": "proposal"}}, decimal=",",
                                   thousands=".")

    def setUp(self):
        super().setUp()
        self.write("Account.csv",
                   "Id,Name,CreatedDate\n0015f00000AAAA1,Acme,02.01.2024 08:00\n")
        self.write("Opportunity.csv",
                   "Id,AccountId,Name,StageName,Amount,CreatedDate\n"
                   "0065f00000DDDD1,0015f00000AAAA1,200 seats,Pilot,\"45.000,50\","
                   "01.02.2024 10:00\n")

    def test_an_export_is_imported_once(self):
        report = self.ledger.import_salesforce(self.folder, self.CHOICES)
        self.assertEqual((report.rows, report.rejected), (2, 0), report)
        deal = self.ledger.opportunity("salesforce:0065f00000DDDD1AAP")
        self.assertEqual((deal.stage, deal.amount),
                         ("proposal", tl.Money(Decimal("45000.50"), "EUR")))
        self.assertEqual(deal.opened_at.hour, 9)  # UTC
        self.assertEqual(self.ledger.import_salesforce(self.folder, self.CHOICES).imported, 0)

    def test_stages_in_a_file(self):
        path = self.write("stages.json", '{"opportunity": {"Pilot": "proposal"}}')
        report = self.ledger.import_salesforce(self.folder, replace(self.CHOICES, stages=path))
        self.assertEqual(report.warnings["no_stage_date"], 1)

    def test_what_the_export_can_answer(self):
        self.ledger.import_salesforce(self.folder, self.CHOICES)
        rows = self.ledger.report("coverage").rows()
        supported = {row["about"]: row["supported"] for row in rows}
        self.assertEqual(supported["pipeline: counts and amounts"], "exactly")
        self.assertEqual(supported["pipeline: days in a stage"], "not")

    def test_what_has_to_be_said(self):
        for member, value in (("time_zone", "Atlantis"), ("dates", "%d"), ("currency", "euro"),
                              ("decimal", ";"), ("thousands", ","), ("stages", b"nonsense")):
            with self.subTest(member), self.assertRaises(tl.InvalidArgument) as refused:
                self.ledger.import_salesforce(self.folder, replace(self.CHOICES, **{member: value}))
            self.assertEqual(refused.exception.detail.field, member)
        self.assertRaises(tl.InvalidArgument, self.ledger.import_salesforce, self.folder)
        self.assertRaises(FileNotFoundError, self.ledger.import_salesforce, self.path("nowhere"))
        self.assertRaises(TypeError, self.ledger.import_salesforce, None)


class Batches(BindingTest):
    def test_a_batch_of_any_size(self):
        with tl.Batch() as batch:
            batch.add_columns("account.open", {"external_ids": [f"crm:{i}" for i in range(20_000)],
                                               "at": "2024-01-01"})
            report = self.ledger.import_batch(batch)
            self.assertEqual((report.imported, report.rejected), (20_000, 0))
            self.assertEqual(self.ledger.import_batch(batch).known, 20_000)

    def test_breaches_are_counted(self):
        self.open_lead()
        with tl.Batch() as batch:
            batch.add_json('{"fact": "lead.close", "lead": "crm:L1", "stage": "dead", '
                           '"mode": "observe"}')
            report = self.ledger.import_batch(batch)
        self.assertEqual(report.warnings.get("missing_reason"), 1, report)


class Rows(BindingTest):
    def rows(self, **tables):
        ledger = tl.from_rows(**tables)
        self.addCleanup(ledger.close)
        return ledger

    def test_dicts(self):
        ledger = self.rows(
            campaigns=[{"id": 3, "name": "Spring", "channel": "webinar"}],
            touches=[{"at": date(2024, 1, 2), "account": "Acme", "campaign": 3, "kind": "webinar"}],
            leads=[{"at": date(2024, 1, 5), "account": "Acme", "id": 1},
                   {"at": datetime(2024, 2, 5, 9), "account": "Bolt", "id": 2, "source": "fair"}],
            opportunities=[{"at": date(2024, 2, 1), "leads": [1], "id": 7,
                            "amount": tl.Money(Decimal(48000), "EUR")}],
            wins=[{"at": date(2024, 5, 10), "opportunity": 7}])
        self.assertEqual(ledger.imported.rejected, 0, ledger.imported)
        self.assertEqual(ledger.account("rows:Acme").name, "Acme")
        self.assertEqual(ledger.opportunity("rows:7").lineage.original.channel, "webinar")
        self.assertTrue(ledger.verify())

    def test_accounts_that_are_given(self):
        ledger = self.rows(accounts=[{"id": "A1", "at": "2024-01-01", "name": "Acme SE"}],
                           leads=[{"at": "2024-01-05", "account": "A1", "id": 1}])
        self.assertEqual(ledger.account("rows:A1").name, "Acme SE")

    def test_columns(self):
        ledger = self.rows(leads={"at": ["2024-01-05", "2024-01-06"], "account": ["Acme", "Bolt"],
                                  "id": [1, 2]})
        self.assertEqual(len(list(ledger.leads())), 2)

    def test_data_frames(self):
        try:
            import pandas
        except ImportError:
            self.skipTest("pandas is not installed")
        frame = pandas.DataFrame({"id": [1, 2], "account": ["Acme", "Bolt"],
                                  "at": pandas.to_datetime(["2024-01-05", "2024-01-06"]),
                                  "source": ["web", None]})
        ledger = self.rows(leads=frame)
        self.assertEqual([lead.source for lead in ledger.leads()], ["web", None])

    def test_bad_tables(self):
        self.assertRaises(TypeError, tl.from_rows, invoices=[])
        self.assertRaises(TypeError, tl.from_rows, leads=[1])
        self.assertRaises(ValueError, tl.from_rows, leads=[{"colour": "red"}])
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            tl.from_rows(lead_moves=[{"at": "2024-01-01", "lead": 5, "stage": "mql"}]).close()
        self.assertEqual(len(caught), 1)

    def test_no_tables(self):
        self.assertEqual(list(self.rows().leads()), [])


if __name__ == "__main__":
    main()
