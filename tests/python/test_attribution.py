"""Attribution from Python."""

import json
import os
import pathlib
import tempfile
import unittest

from binding import BindingTest, main, tl

VECTORS = pathlib.Path(os.environ.get("THROUGHLINE_SOURCE_DIR", ".")) / "../shared/data/attribution"


def column(table, name):
    return {row[table.names[0]]: row[name] for row in table}


class PathsTest(unittest.TestCase):
    def test_of_lists(self):
        paths = tl.Paths.of([["a", "b", "c"], ["c"], []], conversions=[1, 0, 2],
                            values=[90, 0, 10], nulls=[0, 3, 0])
        self.assertEqual((paths.paths, paths.touches), (3, 4))
        table = paths.attribute("linear")
        self.assertEqual(column(table, "value"),
                         {"a": 30, "b": 30, "c": 30, "(no marketing touch)": 10})
        self.assertAlmostEqual(sum(column(table, "share").values()), 1)

    def test_every_model(self):
        paths = tl.Paths.of([["a", "b"], ["b", "a", "b"], ["a"]], conversions=[8, 4, 0],
                            nulls=[1, 1, 9], days=[[0, 1], [0, 2, 4], [0]], direct=["a"])
        for model in tl.attribution_models():
            weights = {"first": 50, "middle": 50} if model == "custom" else None
            table = paths.attribute(model, weights=weights)
            self.assertEqual(table.parameters["model"], model)
            self.assertAlmostEqual(sum(row["conversions"] for row in table), 12, msg=model)
            finished = tl.finish_attribution(tl.merge_attribution_partials(
                [paths.partial(model, weights=weights)]))
            self.assertEqual(finished.to_json(), table.to_json())

    def test_fallback_is_named(self):
        table = tl.Paths.of([["a", "b"]], conversions=[3]).attribute("markov")
        self.assertEqual(table.parameters["asked_model"], "markov")
        self.assertIn("Too little data for markov", table.finding)
        whole = tl.Paths.of([["a", "b"]], conversions=[3]).attribute("markov",
                                                                     minimum_conversions=0)
        self.assertEqual(whole.parameters["model"], "markov")

    def test_comparison_and_validation(self):
        paths = tl.Paths.of([["a", "b"], ["b"], ["a"]] * 30, conversions=[1, 0, 1] * 30,
                            nulls=[0, 1, 0] * 30)
        table = paths.compare(["linear", "markov"], resamples=20)
        self.assertEqual(table.names, ["channel", "linear", "markov", "markov_low", "markov_high"])
        self.assertEqual(
            paths.compare(["markov"], minimum_conversions=1000).parameters["markov"],
            "linear: too little data")
        with self.assertRaises(tl.InvalidArgument):
            paths.validate(["linear"], samples=1)
        self.assertNotEqual(paths.partial("shapley_rate", samples=20, seed=2),
                            paths.partial("shapley_rate", samples=20, seed=3))
        checked = paths.validate(["linear"], held_out=0.5, seed=3)
        self.assertGreater(checked.cell(0, "auc"), 0.9)

    def test_faults(self):
        paths = tl.Paths.of([["a", "b"]], conversions=[30])
        for field, ask in (
                ("model", lambda: paths.attribute("nope")),
                ("order", lambda: paths.attribute("markov", order=4)),
                ("order", lambda: paths.attribute("markov", order=0)),
                ("half_life_days", lambda: paths.attribute("time_decay", half_life_days=-1)),
                ("model", lambda: paths.attribute("time_decay")),
                ("weights", lambda: paths.attribute("custom", weights={"first": 90})),
                ("weights.stages", lambda: paths.attribute("custom", weights={"frist": 100})),
                ("models[1]", lambda: paths.compare(["first", "first"])),
                ("paths", lambda: paths.explain(1)),
                ("conversions", lambda: tl.Paths.of([["a"]], conversions=[1, 2])),
                ("conversions[0]", lambda: tl.Paths.of([["a"]], conversions=[-1])),
                ("touches", lambda: tl.Paths.of_columns(["a"], [0, 1], [-1], [1])),
                ("touches[0]", lambda: tl.Paths.of_columns(["a"], [0, 1], [1], [1])),
        ):
            with self.subTest(field=field), self.assertRaises(tl.InvalidArgument) as caught:
                ask()
            self.assertEqual(caught.exception.detail.field, field)
        with self.assertRaises(TypeError):
            tl.Paths.of(["abc"], conversions=[1])
        for ask in (lambda: tl.Paths.of([["direct"]], conversions=[1], direct="direct"),
                    lambda: paths.compare("first")):
            with self.assertRaisesRegex(TypeError, "not a text"):
                ask()

    def test_days_are_those_of_each_path(self):
        for days, field in (([[0], [1, 2]], "days[0]"), ([[0, 1], [2, 3]], "days[1]"),
                            ([[0, 1]], "days"), ([[0, 1], [2], [3]], "days")):
            with self.subTest(days=days), self.assertRaises(tl.InvalidArgument) as caught:
                tl.Paths.of([["a", "b"], ["b"]], conversions=[1, 1], days=days)
            self.assertEqual(caught.exception.detail.field, field)

    def test_csv(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "paths.csv"
            file.write_text("path,total_conversions\nemail > search,2\n", encoding="utf-8")
            self.assertEqual(tl.Paths.read_csv(file).paths, 1)
            with self.assertRaises(tl.NotFound):
                tl.Paths.read_csv(pathlib.Path(folder) / "none.csv")

    @unittest.skipUnless(VECTORS.exists(), f"no {VECTORS}")
    def test_vectors(self):
        expected = json.loads((VECTORS / "expected.json").read_text(encoding="utf-8"))
        paths = tl.Paths.read_csv(VECTORS / "paths.csv")
        for order in (1, 2, 3):
            found = column(paths.attribute("markov", order=order), "conversions")
            for channel, number in expected[f"markov_order_{order}"]["conversions"].items():
                self.assertAlmostEqual(found[channel], number, places=9)


class LedgerPathsTest(BindingTest):
    def setUp(self):
        super().setUp()
        account = self.ledger.execute(tl.AccountOpen(name="Acme")).id
        for channel, day in (("webinar", "2024-01-05"), ("search", "2024-02-05")):
            self.run_at(tl.TouchRecord(account=account, channel=channel, kind="form"), day)
        self.deal = self.run_at(tl.OpportunityOpen(account=account, amount="100.01 EUR"),
                                "2024-03-01")
        self.run_at(tl.OpportunityWin(opportunity=self.deal), "2024-04-01")

    def run_at(self, command, at):
        return self.ledger.execute(command, tl.Context(at=at, mode="observe")).id

    def test_of_a_snapshot(self):
        with self.ledger.snapshot() as snapshot:
            paths = tl.Paths.of_snapshot(snapshot)
        self.assertEqual(column(paths.attribute(), "value"), {"webinar": 50.01, "search": 50.0})
        table = paths.explain(self.deal, "first")
        self.assertEqual([row["weight"] for row in table], [1, 0])
        with self.assertRaises(tl.NotFound):
            paths.explain(99)

    def test_options(self):
        with self.ledger.snapshot() as snapshot:
            by_month = tl.Paths.of_snapshot(snapshot, by="month", anchor="opportunity",
                                            window="days", window_days=30)
            self.assertEqual(column(by_month.attribute(), "share"), {"2024-02": 1})
            for field, options in (("by", {"by": "colour"}), ("window", {"window": "x"}),
                                   ("window_days", {"window_days": 0}),
                                   ("shard", {"shard": 2, "shards": 2})):
                with self.subTest(field=field), self.assertRaises(tl.InvalidArgument) as caught:
                    tl.Paths.of_snapshot(snapshot, **options)
                self.assertEqual(caught.exception.detail.field, field)


if __name__ == "__main__":
    main()
