"""Snapshots and reports: what is asked for, what stands behind a number, shards, pages."""

import pickle
import unittest
from datetime import date, datetime, timezone

from binding import HUGE, LONE_SURROGATE, BindingTest, main, tl


class OneDeal(BindingTest):
    def setUp(self):
        super().setUp()
        self.won_deal()

    def test_reports_of_one_snapshot(self):
        with self.ledger.snapshot() as snapshot:
            self.assertEqual(snapshot.policy().version, 0)
            self.assertGreater(snapshot.events, 0)
            self.assertEqual(snapshot.recorded_at.tzinfo, timezone.utc)
            for name in tl.reports():
                table = snapshot.report(name)
                self.assertEqual((table.report, table.as_of.seq), (name, snapshot.seq))
                self.assertIsInstance(table.finding, str)
                self.assertIsInstance(table.parameters, dict)

    def test_a_report_as_of_a_time(self):
        rows = self.ledger.report("sources", source="original").rows()
        self.assertEqual([(row["source"], row["won"]) for row in rows], [("webinar", 1)])
        rows = self.ledger.report("sources", through=datetime(2024, 3, 31)).rows()
        self.assertEqual(rows[0]["won"], 0)

    def test_bad_reports(self):
        self.assert_fault("name", self.ledger.report, "nonsense")
        self.assert_fault("source", self.ledger.report, "sources", source="rumour")
        self.assert_fault("through", self.ledger.report, "sources", through="2199-01-01")
        self.assertRaises(TypeError, self.ledger.report, None)


class Requests(BindingTest):
    """Six accounts: leads of two owners from two channels, deals in two currencies."""

    def setUp(self):
        super().setUp()
        self.ledger.execute(tl.OwnerDefine(name="Ann Bell", external_ids=["crm:U1"]))
        self.ledger.execute(tl.OwnerDefine(name="Zoë"))
        self.ledger.execute(tl.ExchangeRateSet(base="USD", quote="EUR", valid_from="2024-01-01",
                                               rate="0.5"))
        for month in range(1, 7):
            at = tl.Context(at=f"2024-0{month}-05", mode="observe")
            account = self.ledger.execute(
                tl.AccountOpen(name=f"Acme {month}", external_ids=[f"crm:A{month}"]), at).id
            owner = 1 if month % 3 else 2
            self.ledger.execute(tl.LeadOpen(account=account, owner=owner,
                                            source="webinar" if month % 2 else "email"), at)
            self.ledger.execute(tl.OpportunityOpen(
                account=account, owner=owner,
                amount="100.00 EUR" if month % 2 else "100.00 USD"), at)
        self.snapshot = self.ledger.snapshot()
        self.addCleanup(self.snapshot.close)

    def total(self, column, name="sources", **asked):
        with self.snapshot.report(name, **asked) as table:
            return sum(table[column].tolist())

    def test_groups_add_up(self):
        for name, column in (("sources", "leads"), ("pipeline", "count"), ("funnel", "entered")):
            whole = self.total(column, name)
            for dimension in ("owner", "month", "quarter", "currency", "sourced"):
                self.assertEqual(self.total(column, name, group_by=[dimension]), whole, dimension)
        rows = self.snapshot.report("sources", group_by=["owner", "month"]).rows()
        self.assertEqual(sorted({(row["owner"], row["month"]) for row in rows})[0],
                         ("Ann Bell", "2024-01"))

    def test_filters(self):
        for filters, leads in (({"owner": "Ann Bell"}, 4), ({"owner": ["crm:U1", "Zoë"]}, 6),
                               ({"owner": 2, "source": ("webinar", "email")}, 2),
                               ({"owner": tl.ExternalId("crm", "U1"), "source": "email"}, 2),
                               ({"campaign": None}, 6), ({}, 6), (None, 6)):
            self.assertEqual(self.total("leads", filters=filters), leads, filters)

    def test_a_period(self):
        for asked, leads in (({"from_day": "2024-02-01", "to_day": date(2024, 3, 5)}, 2),
                             ({"from_day": date(2024, 6, 5)}, 1), ({"to_day": "2024-01-04"}, 0)):
            self.assertEqual(self.total("leads", **asked), leads, asked)

    def test_a_currency(self):
        self.assertEqual(self.total("pipeline_eur"), 300)
        self.assertEqual(self.total("pipeline_usd"), 300)
        self.assertEqual(self.total("pipeline_eur", currency="EUR"), 450)

    def test_bad_requests(self):
        report = self.snapshot.report
        for field, asked in (
                ("filters[0].dimension", {"filters": {"colour": "red"}}),
                ("filters[0].value", {"filters": {"owner": "Bo"}}),
                ("filters.owner", {"filters": {"owner": []}}),
                ("filters.owner", {"filters": {"owner": HUGE}}),
                ("filters.owner", {"filters": {"owner": LONE_SURROGATE}}),
                ("to", {"from_day": "2024-02-02", "to_day": "2024-02-01"}),
                ("from_day", {"from_day": "soon"}), ("from", {"from_day": "1066-10-14"}),
                ("group_by", {"group_by": ["colour"]}), ("group_by", {"group_by": ["source"]}),
                ("group_by", {"group_by": ["owner", "team", "month", "partner"]}),
                ("group_by[0]", {"group_by": [LONE_SURROGATE]}),
                ("currency", {"currency": "GBP"}), ("currency", {"currency": "euros"})):
            with self.subTest(asked):
                self.assert_fault(field, report, "sources", **asked)
        self.assert_fault("group_by", report, "coverage", group_by=["owner"])
        for asked in ({"filters": ["owner"]}, {"filters": {"owner": 1.5}}, {"filters": {1: "a"}},
                      {"filters": {"owner": True}}, {"group_by": "owner"}, {"currency": 978},
                      {"from_day": datetime(2024, 1, 1)}):
            with self.subTest(asked):
                self.assertRaises(TypeError, report, "sources", **asked)

    def test_behind_a_number(self):
        asked = {"group_by": ["owner"], "filters": {"source": "webinar"}}
        table = self.snapshot.report("sources", **asked)
        for row, line in enumerate(table):
            for column, kind in (("leads", "lead"), ("open", "opportunity")):
                rows = self.snapshot.rows("sources", row, column, **asked).rows()
                self.assertEqual(len(rows), line[column])
                self.assertEqual({each["kind"] for each in rows}, {kind})
                for each in rows:
                    owner = getattr(self.ledger, kind)(each["id"]).owner
                    self.assertEqual(self.ledger.owner(owner).name, line["owner"])
        self.assertRaises(IndexError, self.snapshot.rows, "sources", len(table), "leads", **asked)
        self.assertRaises(IndexError, self.snapshot.rows, "sources", -1, "leads")
        self.assert_fault("row", self.snapshot.rows, "sources", HUGE, "leads")
        for column in ("colour", "source", ""):
            self.assert_fault("column", self.snapshot.rows, "sources", 0, column)
        self.assert_fault("column", self.snapshot.rows, "coverage", 0, "why")

    def test_shards_add_up_to_the_report(self):
        for name in tl.reports():
            asked = {"through": "2024-06-30", "filters": {"owner": ["Ann Bell", "Zoë"]}}
            partials = [self.snapshot.partial(name, shard, 4, **asked) for shard in range(4)]
            merged = tl.merge_partials([tl.merge_partials(partials[:2]), *partials[2:]])
            table, whole = tl.finish_report(merged), self.snapshot.report(name, **asked)
            self.assertEqual(table.to_csv(), whole.to_csv(), name)
            self.assertEqual((table.finding, table.as_of.seq), (whole.finding, 0))
            alone = tl.finish_report(pickle.loads(pickle.dumps(self.snapshot.partial(name, **asked))))
            self.assertEqual(alone.to_json(), whole.to_json())

    def test_bad_partials(self):
        partial = self.snapshot.partial("funnel")
        for place in range(0, len(partial), 7):  # damaged ones are refused, or are others
            for damaged in (partial[:place], partial[:place] + b"\xff" + partial[place + 1:]):
                try:
                    tl.finish_report(damaged).close()
                except tl.InvalidArgument:
                    pass
        self.assert_fault("partial", tl.finish_report, b"")
        self.assert_fault("partials", tl.merge_partials, [])
        self.assert_fault("partials[1]", tl.merge_partials,
                          [partial, self.snapshot.partial("sources")])
        self.assert_fault("shard", self.snapshot.partial, "funnel", 4, 4)
        self.assert_fault("shard_index", self.snapshot.partial, "funnel", -1, 4)
        self.assert_fault("shards", self.snapshot.partial, "funnel", 0, HUGE)
        self.assertRaises(TypeError, tl.finish_report, "text")
        self.assertRaises(TypeError, tl.merge_partials, [None])

    def test_refresh(self):
        with self.snapshot.refresh(self.ledger) as same:
            self.assertEqual((same.seq, same.memory), (self.snapshot.seq, self.snapshot.memory))
        self.open_lead(9, source="fair")
        before = self.snapshot.report("sources").to_json()
        with self.snapshot.refresh(self.ledger) as newer:
            self.assertGreater(newer.seq, self.snapshot.seq)
            self.assertEqual(sum(newer.report("sources")["leads"].tolist()), 7)
            self.assertEqual(newer.report("sources").to_json(),
                             self.ledger.report("sources", through=newer.recorded_at).to_json())
        self.assertEqual(self.snapshot.report("sources").to_json(), before)
        self.assertGreater(min(vars(self.snapshot.memory).values()), 0)
        with tl.in_memory() as other:
            self.assert_fault("store", self.snapshot.refresh, other)
        self.assertRaises(tl.Closed, newer.refresh, self.ledger)

    def test_pages(self):
        tables = [self.snapshot.report(name) for name in ("pipeline", "funnel")]
        page = tables[0].to_html()
        self.assertTrue(page.startswith("<!doctype html>"))
        self.assertIn('<figure class="chart">', page)
        page = tl.to_html(tables, "Ann & Zoë")
        self.assertIn("<title>Ann &amp; Zoë</title>", page)
        self.assertIn('id="report-2"', page)
        self.assertRaises(TypeError, tl.to_html, tables, None)
        self.assertRaises(tl.InvalidArgument, tl.to_html, tables, LONE_SURROGATE)

    def test_in_a_notebook(self):
        text = self.snapshot.report("sources", filters={"owner": "Zoë"})._repr_html_()
        self.assertIn(">webinar</td>", text)
        self.assertIn(">0.0%</td>", text)
        self.assertLess(len(text), 10_000)
        for number in range(70):
            self.open_lead(100 + number, source="<b>")
        text = self.ledger.lead_columns(["lead", "source"])._repr_html_()
        self.assertIn("and 16 more rows", text)
        self.assertIn("&lt;b&gt;", text)
        self.assertNotIn("<b>", text)


if __name__ == "__main__":
    main()
