"""Tables: columns, cells, texts, data frames."""

import csv
import io
import json
import unittest

from binding import HUGE, LONE_SURROGATE, BindingTest, main, tl, utc


class Tables(BindingTest):
    def setUp(self):
        super().setUp()
        self.won_deal()
        self.ledger.execute(tl.LeadOpen(account="crm:A1", source="Empfehlung: Zoë"))
        self.table = self.ledger.lead_columns(["lead", "source", "opened_at", "opportunity"])
        self.addCleanup(self.table.close)

    def test_columns_without_copies(self):
        self.assertEqual(self.table.names, ["lead", "source", "opened_at", "opportunity"])
        lead = self.table["lead"]
        self.assertEqual((lead.kind, lead.values.format, lead.values.tolist()),
                         ("integer", "q", [1, 2]))
        self.assertRaises(TypeError, lead.values.__setitem__, 0, 5)
        self.assertEqual(self.table["source"].tolist()[1], "Empfehlung: Zoë")
        self.assertEqual(self.table["opened_at"].tolist()[0], utc(2024, 1, 3))
        self.assertIsNone(self.table["opportunity"].tolist()[1])
        self.assertIsInstance(self.table["lead"].definition, str)

    def test_columns_outlive_the_table(self):
        column, texts = self.table["lead"], self.table["source"].values
        self.table.close()
        self.assertEqual(column.tolist(), [1, 2])
        self.assertEqual(texts[-1], "Empfehlung: Zoë")
        self.assertEqual(texts[0:2], texts.tolist())
        self.assertRaises(IndexError, texts.__getitem__, 2)
        self.assertRaises(tl.Closed, len, self.table)

    def test_rows_and_cells(self):
        rows = self.table.rows()
        self.assertEqual(len(rows), len(self.table))
        self.assertEqual(rows[1]["lead"], 2)
        self.assertEqual(self.table.cell(1, "source"), "Empfehlung: Zoë")
        self.assertEqual(self.table.cell(0, "opened_at"), utc(2024, 1, 3))
        self.assertIsNone(self.table.cell(1, "opportunity"))
        for row, column in ((2, 0), (-1, 0), (0, 99), (0, -1)):
            self.assertRaises(IndexError, self.table.cell, row, column)
        self.assert_fault("row", self.table.cell, HUGE, 0)
        self.assert_fault("column", self.table.cell, 0, "colour")
        self.assert_fault("column", self.table.__getitem__, "colour")

    def test_copies(self):
        values, given = self.table.copy_integers("opportunity", 0, 2)
        self.assertEqual((values.tolist(), list(given)), ([1, 0], [1, 0]))
        reals, given = self.table.copy_reals("lead", 1, 1)
        self.assertEqual((reals.tolist(), list(given)), ([2.0], [1]))
        self.assertRaises(IndexError, self.table.copy_integers, "lead", 1, 2)
        self.assertRaises(IndexError, self.table.copy_integers, "lead", -1, 1)
        self.assert_fault("count", self.table.copy_integers, "lead", 0, HUGE)
        self.assert_fault("count", self.table.copy_reals, "lead", 0, -1)
        self.assertRaises(tl.FailedPrecondition, self.table.copy_integers, "source", 0, 1)

    def test_texts(self):
        rows = list(csv.DictReader(io.StringIO(self.table.to_csv())))
        self.assertEqual(rows[1]["source"], "Empfehlung: Zoë")
        parsed = json.loads(self.table.to_json())
        self.assertEqual(parsed["rows"][0]["lead"], 1)
        self.assertEqual(json.loads(self.table.to_json(indent=2)), parsed)
        self.assertIn("source", self.table.to_text(80))
        self.assertEqual(str(self.table), self.table.to_text())
        self.assert_fault("width", self.table.to_text, HUGE)
        self.assert_fault("indent", self.table.to_json, HUGE)

    def test_all_columns_and_none(self):
        names = self.ledger.lead_columns().names
        for name in ("lead", "stage", "original_channel", "latest_at", "attributes"):
            self.assertIn(name, names)
        names = self.ledger.opportunity_columns().names
        for name in ("opportunity", "amount_minor", "amount_currency"):
            self.assertIn(name, names)
        with self.ledger.lead_columns(["lead", "source"], tl.Filter(account=99)) as empty:
            self.assertEqual((len(empty), empty.rows()), (0, []))
            self.assertEqual(empty["lead"].tolist(), [])
        self.assert_fault("columns", self.ledger.lead_columns, ["colour"])
        self.assert_fault("columns", self.ledger.lead_columns, [LONE_SURROGATE])
        self.assertRaises(TypeError, self.ledger.lead_columns, [1])
        self.assertRaises(ValueError, self.ledger.lead_columns, ["lead"],
                          tl.Filter(stage="nonsense"))

    def test_a_data_frame(self):
        try:
            import pandas
        except ImportError:
            raise unittest.SkipTest("pandas is not installed")
        frame = self.table.to_pandas()
        self.assertEqual(list(frame.columns), self.table.names)
        self.assertEqual(frame["lead"].tolist(), [1, 2])
        self.assertEqual(frame["opened_at"][0], pandas.Timestamp("2024-01-03", tz="UTC"))
        self.assertTrue(pandas.isna(frame["opportunity"][1]))
        frame = self.ledger.lead_columns(["return_on", "opportunity", "opened_at"]).to_pandas()
        self.assertTrue(pandas.isna(frame["return_on"][0]))
        self.assertEqual([str(kind) for kind in frame.dtypes],
                         ["datetime64[ns]", "Int64", "datetime64[ns, UTC]"])
        self.assertNotIn("through", frame.attrs)
        for name in tl.reports():
            table = self.ledger.report(name)
            frame = table.to_pandas()
            self.assertEqual(frame.shape, (len(table), len(table.names)))
            self.assertEqual(frame.attrs["finding"], table.finding)
            self.assertEqual(frame.attrs["through"], table.as_of.through.isoformat())
            self.assertEqual(list(frame.attrs["units"]), table.names)

    def test_shows_what_it_is(self):
        with self.ledger.lead_columns(["lead", "stage"]) as table:
            self.assertEqual(repr(table), "<Table 'leads': 2 rows, lead, stage>")
        self.assertEqual(repr(table), "<Table, closed>")

    def test_a_data_frame_on_the_way_in(self):
        try:
            import pandas
        except ImportError:
            raise unittest.SkipTest("pandas is not installed")
        frame = pandas.DataFrame({"account": ["crm:A1", "crm:A1"], "source": ["web", None],
                                  "at": pandas.to_datetime(["2024-03-01", "2024-03-02"])})
        with tl.Batch() as batch:
            batch.add_rows("lead.open", frame)
            self.assertEqual(json.loads(batch.json(1)), {
                "fact": "lead.open", "account": "crm:A1", "at": "2024-03-02T00:00:00Z"})


if __name__ == "__main__":
    main()
