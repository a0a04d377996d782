"""The figures of a real funnel: see the README beside the data, which may not be shipped."""

import glob
import json
import os
import sys

from command_line import SOURCE, CommandLineTest, main

FOLDER = os.environ.get("THROUGHLINE_OLIST_DIR",
                        os.path.join(SOURCE, "..", "shared", "data", "olist"))


class Olist(CommandLineTest):
    def test_reports_give_the_published_figures(self):
        with open(os.path.join(FOLDER, "reference.json"), encoding="utf-8") as file:
            reference = json.load(file)
        files = sorted(glob.glob(os.path.join(FOLDER, "olist_*.csv")))
        mapping = os.path.join(SOURCE, "mappings", "olist.json")
        self.call("init", "olist.db")
        done = self.call("import", "olist.db", "--map", mapping, *files)
        self.assertRegex(done.stdout, r"warning: before_(lead|open): 1\b")

        sources = {row["source"]: row for row in self.report("olist.db", "sources")["rows"]}
        expected = reference["by_origin"]
        self.assertEqual({name: (row["leads"], row["won"]) for name, row in sources.items()},
                         {name: (row["leads"], row["won"]) for name, row in expected.items()})

        funnel = {row["stage"]: row for row in self.report("olist.db", "funnel")["rows"]}
        self.assertEqual(funnel["mql"]["entered"], reference["leads"])
        self.assertEqual(funnel["won"]["entered"], reference["won"])

        pipeline = {row["stage"]: row for row in self.report("olist.db", "pipeline")["rows"]}
        self.assertEqual(pipeline["won"]["count"], reference["won"])
        self.assertEqual(pipeline["mql"]["count"], reference["leads"] - reference["won"])
        # No amount is known: there is no column of any currency, and no zero stands for "unknown".
        self.assertEqual(pipeline["won"]["unknown_amounts"], reference["won"])
        self.assertFalse([name for name in pipeline["won"] if name.startswith("amount")])

        again = self.call("import", "olist.db", "--map", mapping, *files)
        self.assertIn(": 0 imported", again.stdout)
        self.assertIn("0 differences", self.call("verify", "olist.db").stdout)


if __name__ == "__main__":
    if not os.path.isdir(FOLDER):
        print("skipped: the Olist data is not here; set THROUGHLINE_OLIST_DIR to its folder")
        sys.exit(77)
    main()
