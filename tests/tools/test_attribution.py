"""`throughline attribute`: of a ledger, of a file of paths, of one deal."""

import csv
import io
import json
import os
import unittest

from command_line import SOURCE, CommandLineTest, main

VECTORS = os.path.join(SOURCE, "..", "shared", "data", "attribution")
FACTS = [
    {"fact": "account.open", "at": "2024-01-01", "name": "Acme", "external_ids": ["crm:A1"]},
    {"fact": "touch.record", "at": "2024-01-05", "account": "crm:A1", "channel": "webinar",
     "kind": "webinar"},
    {"fact": "touch.record", "at": "2024-02-05", "account": "crm:A1", "channel": "search",
     "kind": "form"},
    {"mode": "observe", "fact": "opportunity.open", "at": "2024-03-01", "account": "crm:A1",
     "amount": "1000.01 EUR", "external_ids": ["crm:O1"]},
    {"mode": "observe", "fact": "opportunity.win", "at": "2024-04-01", "opportunity": "crm:O1"},
    {"fact": "account.open", "at": "2024-01-01", "name": "Bolt", "external_ids": ["crm:A2"]},
    {"mode": "observe", "fact": "opportunity.open", "at": "2024-03-01", "account": "crm:A2",
     "amount": "500.00 EUR", "external_ids": ["crm:O2"]},
    {"mode": "observe", "fact": "opportunity.win", "at": "2024-04-01", "opportunity": "crm:O2"},
]


class Attribute(CommandLineTest):
    def attribute(self, *arguments):
        return json.loads(self.call("attribute", *arguments, "--format", "json").stdout)

    def test_of_a_ledger_adds_up(self):
        table = self.attribute(self.ledger(*FACTS))
        rows = {row["channel"]: row for row in table["rows"]}
        self.assertEqual(list(rows), ["search", "webinar", "(no marketing touch)"])
        self.assertAlmostEqual(sum(row["value"] for row in table["rows"]), 1500.01)
        self.assertEqual(rows["webinar"]["value"], 500.01)
        self.assertAlmostEqual(sum(row["share"] for row in table["rows"]), 1)

    def test_scopes(self):
        ledger = self.ledger(*FACTS)
        for options, keys in (
                (["--by", "month"], ["2024-01", "2024-02", "(no marketing touch)"]),
                (["--window", "days", "--window-days", "60"], ["search", "(no marketing touch)"]),
                (["--side", "sales"], ["(no marketing touch)"]),
                (["--filter", "record=1"], ["search", "webinar"]),
                (["--from", "2024-05-01"], [])):
            with self.subTest(options=options):
                table = self.attribute(ledger, *options)
                first = table["columns"][0]["name"]
                self.assertEqual([row[first] for row in table["rows"]], keys)

    def test_explains_one_deal(self):
        table = self.attribute(self.ledger(*FACTS), "--explain", "crm:O1", "--model", "first")
        self.assertEqual([(row["channel"], row["weight"], row["value"]) for row in table["rows"]],
                         [("webinar", 1, 1000.01), ("search", 0, 0)])
        self.call("attribute", "test.db", "--explain", "crm:O9", code=2)
        self.call("attribute", "test.db", "--explain", "1", "--model", "markov", code=2)

    def test_of_a_file(self):
        self.write("paths.csv", "path,total_conversions,total_conversion_value,total_null\n"
                                "email > search,3,30,1\ndirect,2,8,0\nsearch > direct,5,10,4\n")
        table = self.attribute("paths", "paths.csv", "--model", "last_non_direct",
                               "--direct", "direct")
        self.assertEqual({row["channel"]: row["conversions"] for row in table["rows"]},
                         {"search": 8, "direct": 2, "email": 0})
        written = self.call("attribute", "paths", "-", "--format", "csv",
                            stdin=self.read_text("paths.csv")).stdout
        rows = list(csv.DictReader(io.StringIO(written)))
        self.assertAlmostEqual(sum(float(row["value"]) for row in rows), 48)

    def test_comparison_and_validation(self):
        self.write("paths.csv", "path,total_conversions,total_null\n" +
                   "a > b,30,10\nb,5,40\na,20,20\n" * 5)
        compared = self.attribute("paths", "paths.csv", "--compare")
        self.assertIn("markov_low", compared["rows"][0])
        validated = self.attribute("paths", "paths.csv", "--validate", "--seed", "3")
        self.assertIn("linear", [row["model"] for row in validated["rows"]])

    def test_too_little_data_is_said(self):
        self.write("paths.csv", "path,total_conversions\na > b,3\n")
        table = self.attribute("paths", "paths.csv", "--model", "shapley_rate")
        self.assertIn("Too little data for shapley_rate", table["finding"])
        self.assertEqual(table["parameters"]["model"], "linear")
        self.write("none.csv", "path,total_conversions\na > b,0\n")
        self.assertEqual(self.attribute("paths", "none.csv", "--model", "markov")["rows"], [])

    def test_faults(self):
        self.write("paths.csv", "path,total_conversions\na > b,30\n")
        for arguments, why in (
                (["--model", "nope"], "nope"),
                (["--model", "markov", "--order", "0"], "order: 0"),
                (["--model", "time_decay", "--half-life-days", "-3"], "half_life_days: -3"),
                (["--model", "time_decay"], "time_decay"),
                (["--model", "custom", "--weights", "first=30"], "add up to 30"),
                (["--compare", "--weights", "first=50"], "add up to 50"),
                (["--model", "custom", "--weights", "frist=100"], "there is no 'frist'"),
                (["--weights", "first"], "--weights"),
                (["--explain", "1"], "--explain")):
            with self.subTest(arguments=arguments):
                said = self.call("attribute", "paths", "paths.csv", *arguments, code=2).stderr
                self.assertIn(why, said)
        self.call("attribute", "paths", "missing.csv", code=2)
        self.call("attribute", "missing.db", code=3)
        self.call("attribute", code=2)
        ledger = self.ledger(*FACTS)
        for option in ("--scope", "--window", "--credit", "--by", "--side", "--anchor"):
            self.assertIn("nope", self.call("attribute", ledger, option, "nope", code=2).stderr)

    def test_options_for_nothing_are_refused(self):
        self.write("paths.csv", "path,total_conversions\na > b,30\n")
        ledger = self.ledger(*FACTS)
        for arguments, option in (
                (["--by", "campaign"], "--by"), (["--from", "2024-01-01"], "--from"),
                (["--filter", "owner=Ann"], "--filter"), (["--scope", "account"], "--scope"),
                (["--compare", "--model", "w"], "--model"),
                (["--validate", "--model", "w"], "--model"),
                (["--models", "w"], "--models"), (["--order", "2"], "--order"),
                (["--compare", "--models", "w", "--order", "2"], "--order"),
                (["--compare", "--held-out", "0.5"], "--held-out"),
                (["--validate", "--resamples", "5"], "--resamples"),
                (["--weights", "first=100"], "--weights"), (["--seed", "3"], "--seed"),
                (["--direct", "a"], "--direct"),
                (["--minimum-conversions", "3"], "--minimum-conversions")):
            with self.subTest(arguments=arguments):
                said = self.call("attribute", "paths", "paths.csv", *arguments, code=2).stderr
                self.assertIn(f"throughline: {option}: ", said)
        for arguments, option in (
                (["--explain", "crm:O1", "--compare"], "--compare"),
                (["--explain", "crm:O1", "--aged-out-days", "3"], "--aged-out-days"),
                (["--window-days", "3"], "--window-days"), (["--source", "first"], "--source"),
                (["--credit", "leads", "--anchor", "close"], "--anchor"),
                (["--credit", "losses", "--aged-out-days", "3"], "--aged-out-days")):
            with self.subTest(arguments=arguments):
                said = self.call("attribute", ledger, *arguments, code=2).stderr
                self.assertIn(f"throughline: {option}: ", said)

    def test_settings_of_comparison_and_validation(self):
        self.write("paths.csv", "path,total_conversions,total_null\n" +
                   "a > b,30,10\nb,5,40\na,20,20\n" * 5)
        compared = self.attribute("paths", "paths.csv", "--compare", "--models", "w,markov",
                                  "--resamples", "0", "--order", "2")
        self.assertEqual([column["name"] for column in compared["columns"]],
                         ["channel", "w", "markov"])
        validated = self.attribute("paths", "paths.csv", "--validate", "--models", "shapley",
                                   "--held-out", "0.5", "--minimum-conversions", "20")
        self.assertEqual(validated["parameters"]["held_out"], "0.5")
        self.assertEqual([row["model"] for row in validated["rows"]], ["shapley"])
        self.assertIn("nope", self.call("attribute", "paths", "paths.csv", "--compare", "--models",
                                        "nope", code=2).stderr)

    @unittest.skipUnless(os.path.isdir(VECTORS), f"no {VECTORS}")
    def test_vectors(self):
        with open(os.path.join(VECTORS, "expected.json"), encoding="utf-8") as file:
            expected = json.load(file)
        for order in (1, 2, 3):
            table = self.attribute("paths", os.path.join(VECTORS, "paths.csv"), "--model", "markov",
                                   "--order", str(order))
            for row in table["rows"]:
                wanted = expected[f"markov_order_{order}"]
                for name in ("conversions", "value", "removal_effect"):
                    self.assertAlmostEqual(row[name] / wanted[name][row["channel"]], 1, places=9)


if __name__ == "__main__":
    main()
