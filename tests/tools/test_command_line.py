"""The command line as scripts rely on it: names, exit codes, the shape of what it prints."""

import csv
import html
import io
import json
import os
import stat
import subprocess

from command_line import BINARY, SOURCE, CommandLineTest, main

ACCOUNT = {"fact": "account.open", "at": "2024-01-01", "name": "Acme", "external_ids": ["crm:A1"]}
LEAD = {"fact": "lead.open", "at": "2024-01-05", "account": "crm:A1", "source": "webinar",
        "external_ids": ["crm:L1"]}
DEAD = {"fact": "lead.close", "at": "2024-03-30", "lead": "crm:L1", "stage": "dead",
        "reason": "no_response"}


class Basics(CommandLineTest):
    def test_init_makes_a_file_for_its_owner_only(self):
        self.call("init", "a.db")
        self.assertEqual(stat.S_IMODE(os.stat(self.path("a.db")).st_mode), 0o600)

    def test_init_leaves_an_existing_file_alone(self):
        self.write("a.db", "precious")
        self.call("init", "a.db", code=3)
        with open(self.path("a.db"), encoding="utf-8") as file:
            self.assertEqual(file.read(), "precious")
        self.call("init", "b.db")
        self.assertIn("b.db: ", self.call("init", "b.db", code=3).stderr)

    def test_usage_errors(self):
        for arguments in ([], ["nonsense"], ["init"], ["report", "a.db"],
                          ["generate", "--events", "ten", "-o", "x"]):
            self.call(*arguments, code=2)
        for words in (["nonsense"], ["policy", "nonsense"]):
            self.assertIn("no command 'nonsense'", self.call(*words, code=2).stderr)
        self.assertIn("100 to 10000000", self.call("generate", "--events", 5, "-o", "x",
                                                   code=2).stderr)

    def test_a_missing_or_foreign_ledger_is_a_failure(self):
        done = self.call("verify", "none.db", code=3)
        self.assertIn("none.db", done.stderr)
        self.assertFalse(os.path.exists(self.path("none.db")))
        self.write("text.db", "this is a text file, not a database, and it is long enough " * 20)
        done = self.call("report", "text.db", "pipeline", code=3)
        self.assertIn("text.db", done.stderr)

    def test_a_full_disk_behind_the_output_is_a_failure(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([BINARY, "report", self.ledger(), "pipeline"], stdout=full,
                                  stderr=subprocess.PIPE, text=True, cwd=self.folder, check=False)
        self.assertEqual(done.returncode, 3)
        self.assertIn("standard output", done.stderr)

    def test_unknown_report(self):
        done = self.call("report", self.ledger(), "nonsense", code=2)
        self.assertIn("nonsense", done.stderr)
        self.assertIn("pipeline", done.stderr)


class Reports(CommandLineTest):
    def test_json_shape(self):
        table = self.report(self.ledger(ACCOUNT, LEAD, DEAD), "pipeline")
        for member in ("report", "columns", "rows", "parameters", "through", "known_at", "seq"):
            self.assertIn(member, table)
        self.assertEqual(table["report"], "pipeline")
        names = [column["name"] for column in table["columns"]]
        self.assertEqual(names[:2], ["stage", "phase"])
        self.assertIn("count", names)
        for column in table["columns"]:
            self.assertEqual(sorted(column), ["definition", "name", "type", "unit"])
            self.assertTrue(column["definition"])
        counts = {row["stage"]: row["count"] for row in table["rows"]}
        self.assertEqual(counts["dead"], 1)
        self.assertEqual(sum(counts.values()), 1)

    def test_an_empty_ledger_gives_sensible_tables(self):
        ledger = self.ledger()
        for name in ("pipeline", "funnel", "sources"):
            for form in ("table", "csv", "json"):
                text = self.call("report", ledger, name, "--format", form).stdout
                self.assertNotIn("nan", text.lower().replace("finance", ""))

    def test_csv_agrees_with_json(self):
        ledger = self.ledger(ACCOUNT, LEAD)
        rows = list(csv.DictReader(io.StringIO(
            self.call("report", ledger, "sources", "--format", "csv").stdout)))
        self.assertEqual([(r["source"], r["leads"]) for r in rows], [("webinar", "1")])
        table = self.report(ledger, "sources")
        self.assertEqual(table["rows"][0]["leads"], 1)
        self.assertEqual(list(rows[0]), [column["name"] for column in table["columns"]])

    def test_pages(self):
        ledger = self.ledger(ACCOUNT, LEAD, DEAD)
        page = self.call("report", ledger, "pipeline", "--html").stdout
        self.assertTrue(page.startswith("<!doctype html>"))
        self.assertEqual(self.call("report", ledger, "pipeline", "--format", "html", "-o",
                                   "a.html").stdout, "")
        self.assertEqual(self.read_text("a.html"), page)
        self.call("report", ledger, "pipeline", "--html", "--format", "csv", code=2)
        self.call("dashboard", ledger, code=2)
        self.call("dashboard", ledger, "-o", "all.html", "--known-at", "2024-02-01")
        dashboard = self.read_text("all.html")
        for name in ("pipeline", "funnel", "sources"):
            answer = self.call("report", ledger, name, "--format", "json", "--known-at",
                               "2024-02-01").stdout
            self.assertIn(html.escape(json.loads(answer)["finding"]), dashboard)
        self.assertEqual(self.call("dashboard", ledger, "-o", "-", "--known-at",
                                   "2024-02-01").stdout, dashboard)

    def test_an_answer_can_be_written_to_a_file(self):
        ledger = self.ledger(ACCOUNT, LEAD)
        for form in ("table", "csv", "json"):
            words = ("report", ledger, "pipeline", "--format", form)
            self.call(*words, "-o", "answer")
            self.assertEqual(self.read_text("answer"), self.call(*words).stdout)
        self.assertIn("none/a", self.call("report", ledger, "funnel", "-o", "none/a",
                                          code=2).stderr)
        self.call("report", ledger, "funnel", "-o", "/dev/full", code=3)

    def test_the_two_clocks(self):
        late = dict(LEAD, at="2024-03-20", entered_at="2024-04-20T09:00:00Z",
                    external_ids=["crm:L2"])
        early = dict(LEAD, entered_at="2024-01-05T12:00:00Z")
        ledger = self.ledger(dict(ACCOUNT, entered_at="2024-01-01T00:00:00Z"),
                             early, late)

        def leads(known_at):
            table = self.report(ledger, "pipeline", "--through", "2024-03-31",
                                "--known-at", known_at)
            return sum(row["count"] for row in table["rows"])

        self.assertEqual(leads("2024-03-31"), 1)
        self.assertEqual(leads("2024-04-30"), 2)

    def test_an_answer_is_given_again(self):
        ledger = self.ledger(ACCOUNT, LEAD)
        then = self.report(ledger, "pipeline")
        timeline = self.call("timeline", ledger, "crm:A1").stdout
        # Claims to have been known before: only the seq can tell.
        more = dict(LEAD, external_ids=["crm:L2"], entered_at="2024-01-05T12:00:00Z")
        self.call("import", ledger, self.write("more.jsonl", json.dumps(more) + "\n"))
        self.assertNotEqual(self.report(ledger, "pipeline")["rows"], then["rows"])
        seq = str(then["seq"])
        self.assertEqual(self.report(ledger, "pipeline", "--through", then["through"],
                                     "--known-at", then["known_at"], "--seq", seq), then)
        self.assertEqual(self.call("timeline", ledger, "crm:A1", "--seq", seq).stdout, timeline)
        refused = self.call("report", ledger, "pipeline", "--seq", "999", code=2)
        self.assertIn("seq: 999", refused.stderr)


class ReportRequests(CommandLineTest):
    """Six accounts: leads of two owners from two channels, deals in two currencies."""

    def setUp(self):
        super().setUp()
        facts = [{"fact": "owner.define", "name": "Ann Bell", "external_ids": ["crm:U1"]},
                 {"fact": "owner.define", "name": "Max", "external_ids": ["crm:U2"]},
                 {"fact": "exchange_rate.set", "at": "2024-01-01", "base": "USD", "quote": "EUR",
                  "valid_from": "2024-01-01", "rate_e9": 500000000}]
        for month in range(1, 7):
            common = {"at": f"2024-0{month}-05", "account": f"crm:A{month}",
                      "owner": "crm:U1" if month % 3 else "crm:U2"}
            facts += [{"fact": "account.open", "at": common["at"], "name": f"Acme {month}",
                       "external_ids": [common["account"]]},
                      {**common, "fact": "lead.open", "source": "webinar" if month % 2 else "email"},
                      {**common, "fact": "opportunity.open",
                       "amount": "100.00 EUR" if month % 2 else "100.00 USD"}]
        self.name = self.ledger(*facts)

    def total(self, column, *options, name="sources"):
        return sum(row[column] or 0 for row in self.report(self.name, name, *options)["rows"])

    def test_groups_add_up(self):
        for name, column in (("sources", "leads"), ("pipeline", "count"), ("funnel", "reached")):
            whole = self.total(column, name=name)
            self.assertEqual(self.total(column, "--group-by", "owner,month", name=name), whole)
        rows = self.report(self.name, "sources", "--group-by", "owner,quarter")["rows"]
        self.assertEqual({row["owner"] for row in rows}, {"Ann Bell", "Max"})

    def test_filters(self):
        for filters, leads in ((["owner=Ann Bell"], 4), (["owner=crm:U2"], 2),
                               (["owner=Ann Bell", "source=email"], 2),
                               (["source=webinar", "source=email"], 6), (["campaign="], 6),
                               (["campaign=(blank)", "month=2024-02"], 1)):
            options = [word for text in filters for word in ("--filter", text)]
            self.assertEqual(self.total("leads", *options), leads, filters)

    def test_a_period_and_a_currency(self):
        self.assertEqual(self.total("leads", "--from", "2024-02-01", "--to", "2024-03-05"), 2)
        self.assertEqual(self.total("pipeline_usd"), 300)
        self.assertEqual(self.total("pipeline_eur", "--currency", "EUR"), 450)

    def test_the_records_behind_a_number(self):
        asked = ("--group-by", "owner", "--filter", "source=webinar")
        lines = self.report(self.name, "sources", *asked)["rows"]
        for number, line in enumerate(lines, 1):
            rows = self.report(self.name, "sources", *asked, "--rows", f"{number}:leads")["rows"]
            self.assertEqual(len(rows), line["leads"])
            self.assertEqual({row["kind"] for row in rows}, {"lead"})
        text = self.call("report", self.name, "sources", "--rows", "1:leads", "--format", "csv")
        self.assertTrue(text.stdout.startswith("kind,id,account\nlead,"))

    def test_what_is_refused(self):
        for part, options in (
                ("filters[0].dimension: there is no dimension 'colour'", ["--filter", "colour=red"]),
                ("filters[0].value: there is no owner 'Bo'", ["--filter", "owner=Bo"]),
                ("--filter: 'owner' is not DIMENSION=VALUE", ["--filter", "owner"]),
                ("to: the period ends on", ["--from", "2024-02-02", "--to", "2024-02-01"]),
                ("--from: 'soon'", ["--from", "soon"]), ("--to: '31'", ["--to", "31"]),
                ("group_by: there is no dimension 'colour'", ["--group-by", "owner,colour"]),
                ("group_by: has 4", ["--group-by", "owner,team,month,partner"]),
                ("no rate from EUR to GBP", ["--currency", "GBP"]),
                ("--currency: 'euros'", ["--currency", "euros"]),
                ("--rows: row 3 is not one of the 2", ["--rows", "3:leads"]),
                ("--rows: '0:leads' is not ROW:COLUMN", ["--rows", "0:leads"]),
                ("--rows: '1' is not ROW:COLUMN", ["--rows", "1"]),
                ("column: there is no 'colour'", ["--rows", "1:colour"]),
                ("column: 'source' counts no records", ["--rows", "1:source"])):
            with self.subTest(options):
                done = self.call("report", self.name, "sources", *options, code=2)
                self.assertIn(part, done.stderr)
                self.assertEqual(done.stdout, "")

    def test_a_dashboard_of_a_part(self):
        asked = ("--filter", "owner=Max", "--from", "2024-01-01", "--to", "2024-03-31",
                 "--currency", "EUR")
        page = self.call("dashboard", self.name, "-o", "-", *asked).stdout
        for name in ("pipeline", "funnel", "sources"):
            self.assertIn(html.escape(self.report(self.name, name, *asked)["finding"]), page)
        credit = self.call("attribute", self.name, *asked, "--format", "json").stdout
        self.assertIn(html.escape(json.loads(credit)["finding"]), page)
        self.call("dashboard", self.name, "-o", "-", "--filter", "owner=Bo", code=2)


class Import(CommandLineTest):
    def test_a_second_import_adds_nothing(self):
        ledger = self.ledger(ACCOUNT, LEAD, DEAD)
        before = self.call("log", ledger, "--format", "json").stdout
        done = self.call("import", ledger, "facts.jsonl")
        self.assertIn("0 imported, 3 known", done.stdout)
        self.assertEqual(self.call("log", ledger, "--format", "json").stdout, before)

    def test_bad_rows_are_put_aside_and_the_rest_is_loaded(self):
        self.call("init", "test.db")
        facts = self.write("facts.jsonl", "\n".join([
            json.dumps(ACCOUNT), "{broken", json.dumps(LEAD),
            json.dumps(dict(LEAD, stage="no_such_stage", external_ids=["crm:L9"])),
            json.dumps({"fact": "lead.move", "lead": "crm:L404", "stage": "mql"})]) + "\n")
        self.call("import", "test.db", facts, code=1)
        with open(self.path("test.db.rejects.csv"), encoding="utf-8", newline="") as file:
            rejects = list(csv.DictReader(file))
        self.assertEqual(sorted(row["line"] for row in rejects), ["2", "4", "5"])
        by_line = {row["line"]: row for row in rejects}
        self.assertIn("no_such_stage", by_line["4"]["why"])
        self.assertEqual(by_line["4"]["column"], "stage")
        counts = {r["stage"]: r["count"] for r in self.report("test.db", "pipeline")["rows"]}
        self.assertEqual(counts["inquiry"], 1)

    def test_csv_wants_a_mapping(self):
        ledger = self.ledger(ACCOUNT)
        done = self.call("import", ledger, self.write("leads.csv", "id,name\n1,A\n"), code=2)
        self.assertIn("CSV takes a mapping: --map", done.stderr)

    def test_faults_are_counted_and_those_of_an_earlier_import_go(self):
        ledger = self.ledger(ACCOUNT)
        lead = self.write("lead.jsonl", json.dumps(LEAD) + "\n" + json.dumps(dict(DEAD, reason="")))
        deal = self.write("deal.jsonl", json.dumps({"fact": "lead.move", "lead": "crm:L404",
                                                    "stage": "mql"}))
        done = self.call("import", ledger, deal, code=1)
        self.assertIn("1 row read, 1 fact: 0 imported, 0 known already; 1 fault\n", done.stdout)
        self.assertIn("test.db.rejects.csv lists it", done.stderr)
        done = self.call("import", ledger, lead)
        self.assertIn("2 rows read, 2 facts: 2 imported, 0 known already; 0 faults\n"
                      "2 events in 1 commit\n", done.stdout)
        self.assertIn("lead.jsonl:2: warning: lead.close: missing_reason", done.stderr)
        self.assertIn("Removed test.db.rejects.csv", done.stderr)
        self.assertFalse(os.path.exists(self.path("test.db.rejects.csv")))

    def test_a_missing_file_is_a_matter_of_the_arguments(self):
        ledger = self.ledger()
        for words in (["none.jsonl"], ["--map", "none.json", "none.csv"]):
            self.assertIn("none.js", self.call("import", ledger, *words, code=2).stderr)

    def test_a_fault_of_the_mapping_names_its_file(self):
        mapping = self.write("map.json", '{"files": [{"match": "*", "facts": []}]}')
        done = self.call("import", self.ledger(), "--map", mapping, mapping, code=2)
        self.assertIn("map.json: files[0].facts: is empty", done.stderr)

    def test_standard_input(self):
        self.call("init", "test.db")
        self.call("import", "test.db", "-", stdin=json.dumps(ACCOUNT) + "\n")
        self.assertIn("Acme", self.call("timeline", "test.db", "crm:A1").stdout)

    def test_no_progress_bar_in_a_pipe(self):
        self.call("init", "test.db")
        done = self.call("import", "test.db", "-", stdin=json.dumps(ACCOUNT) + "\n")
        self.assertNotIn("\r", done.stderr)


class History(CommandLineTest):
    def test_timeline(self):
        ledger = self.ledger(ACCOUNT, LEAD, DEAD)
        lines = self.call("timeline", ledger, "crm:A1").stdout.splitlines()
        self.assertEqual(len(lines), 3)
        self.assertIn("dead, no_response", lines[2])
        newest = self.call("timeline", ledger, "crm:A1", "--newest-first", "--limit", "1")
        self.assertEqual(newest.stdout.splitlines(), lines[2:])
        entries = [json.loads(line) for line in
                   self.call("timeline", ledger, "crm:A1", "--format", "json").stdout.splitlines()]
        self.assertEqual([e["event"] for e in entries],
                         ["account_opened", "lead_opened", "lead_moved"])
        for account in ("crm:none", "404", "what"):
            self.assertIn(account, self.call("timeline", ledger, account, code=2).stderr)
        self.call("timeline", ledger, "crm:A1", "--limit", "0", code=2)
        self.call("trace", ledger, "404", code=2)

    def test_timeline_and_log_say_the_same_of_an_event(self):
        ledger = self.ledger(ACCOUNT, LEAD, dict(DEAD, reason=""))
        self.assertIn("[breach: missing_reason]", self.call("timeline", ledger, "crm:A1").stdout)
        self.assertIn("[breach: missing_reason]", self.call("log", ledger).stdout)
        entries = [json.loads(line) for line in
                   self.call("timeline", ledger, "crm:A1", "--format", "json").stdout.splitlines()]
        commit = json.loads(self.call("log", ledger, "--after", 1, "--format", "json").stdout)
        self.assertEqual(len(entries), 3)
        for entry, event in zip(entries, commit["events"]):
            self.assertEqual(entry, dict(entry, **event))
            self.assertEqual(entry["recorded_at"], commit["recorded_at"])
        self.assertEqual(entries[2]["breaches"], ["missing_reason"])

    def test_log(self):
        ledger = self.ledger(ACCOUNT, LEAD, DEAD)
        commits = [json.loads(line) for line in
                   self.call("log", ledger, "--format", "json").stdout.splitlines()]
        seqs = [commit["seq"] for commit in commits]
        self.assertEqual(seqs, sorted(set(seqs)))
        after = self.call("log", ledger, "--after", str(seqs[-1]), "--format", "json")
        self.assertEqual(after.stdout, "")

    def test_a_person_is_told_and_erased(self):
        person = {"fact": "contact.add", "account": "crm:A1", "name": "Zerlinde Quast",
                  "external_ids": ["crm:C1"]}
        self.write("facts.jsonl", "".join(json.dumps(f) + "\n" for f in (ACCOUNT, person)))
        self.call("init", "p.db")
        self.call("import", "p.db", "facts.jsonl")
        known = json.loads(self.call("person", "p.db", "crm:C1").stdout)
        self.assertEqual(known["external_ids"], ["crm:C1"])
        with open(self.path("p.db"), "rb") as file:
            self.assertIn(b"Zerlinde", file.read())
        self.call("erase", "p.db", "crm:C1", "--reason", "asked_for")
        with open(self.path("p.db"), "rb") as file:
            self.assertNotIn(b"Zerlinde", file.read())
        self.assertIn("before", self.call("erase", "p.db", "crm:C1").stderr)
        self.assertIn("erased_at", self.call("person", "p.db", 1).stdout)
        self.assertIn("0 imported, 2 known already", self.call("import", "p.db", "facts.jsonl").stdout)
        self.call("verify", "p.db")
        self.call("person", "p.db", "crm:C2", code=2)

    def test_verify_and_rebuild(self):
        ledger = self.ledger(ACCOUNT, LEAD, DEAD)
        self.assertIn("0 differences", self.call("verify", ledger).stdout)
        self.call("rebuild", ledger)
        self.assertIn("0 differences", self.call("verify", ledger).stdout)


class Exports(CommandLineTest):
    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def test_a_restored_ledger_is_the_same(self):
        ledger = self.ledger(ACCOUNT, LEAD, DEAD)
        done = self.call("export", ledger, "-o", "a.jsonl")
        self.assertIn("2 commits and", done.stderr)
        self.assertEqual(stat.S_IMODE(os.stat(self.path("a.jsonl")).st_mode), 0o600)
        self.assertEqual(self.call("export", ledger, "--output", "-").stdout.encode(),
                         self.read("a.jsonl"))
        self.assertIn("as of commit 2", self.call("restore", "b.db", "a.jsonl").stderr)
        self.call("restore", "c.db", "-", stdin=self.read("a.jsonl").decode())
        for copy in ("b.db", "c.db"):
            self.assertIn("0 differences", self.call("verify", copy).stdout)
            self.assertEqual(self.call("log", copy, "--format", "json").stdout,
                             self.call("log", ledger, "--format", "json").stdout)
            self.assertEqual(self.call("export", copy, "-o", "-").stdout.encode(),
                             self.read("a.jsonl"))

    def test_a_damaged_export_leaves_nothing(self):
        self.call("export", self.ledger(ACCOUNT), "-o", "a.jsonl")
        text = self.read("a.jsonl").decode()
        for name, damaged, word in (("cut", text[:-20], "cut short"),
                                    ("bad", text.replace('"Acme"', "7"), "data.name: '7'"),
                                    ("facts", json.dumps(ACCOUNT), "no export"),
                                    ("empty", "", "is empty")):
            done = self.call("restore", "b.db", self.write(name, damaged), code=1)
            self.assertIn(name, done.stderr)
            self.assertIn(word, done.stderr)
            self.assertEqual([n for n in os.listdir(self.folder) if n.startswith("b.db")], [])
        self.assertIn("none.jsonl", self.call("restore", "b.db", "none.jsonl", code=2).stderr)
        later = self.write("later", text.replace('export":1', 'export":2'))
        self.assertIn("later version", self.call("restore", "b.db", later, code=3).stderr)

    def test_an_existing_ledger_is_left_alone(self):
        ledger = self.ledger(ACCOUNT)
        self.call("export", ledger, "-o", "a.jsonl")
        before = self.call("log", ledger, "--format", "json").stdout
        self.assertIn("test.db", self.call("restore", ledger, "a.jsonl", code=3).stderr)
        self.assertEqual(self.call("log", ledger, "--format", "json").stdout, before)
        self.write("text.db", "this is a text file, not a database, and it is long enough " * 20)
        self.call("restore", "text.db", "a.jsonl", code=3)
        self.assertTrue(self.read("text.db").startswith(b"this is a text"))

    def test_an_export_may_be_imported_into_another_ledger(self):
        self.call("export", self.ledger(ACCOUNT, LEAD, DEAD), "-o", "a.jsonl")
        self.call("init", "b.db")
        done = self.call("import", "b.db", "a.jsonl")
        self.assertIn("3 facts: 3 imported", done.stdout)
        self.assertIn("warning: policy_left_out: 1", done.stdout)
        self.assertIn("3 known already", self.call("import", "b.db", "a.jsonl").stdout)
        self.assertIn("0 differences", self.call("verify", "b.db").stdout)
        done = self.call("import", "test.db", "a.jsonl", code=2)
        self.assertIn("a.jsonl: is an export of this ledger", done.stderr)
        self.assertFalse(os.path.exists(self.path("test.db.rejects.csv")))

    def test_tables(self):
        ledger = self.ledger(ACCOUNT, LEAD, DEAD)
        self.call("export", ledger, "--csv", "tables")
        with open(self.path("tables/lead.csv"), encoding="utf-8", newline="") as file:
            leads = list(csv.DictReader(file))
        self.assertEqual([(r["lead"], r["phase"], r["kind"], r["closed_at"], r["contact"])
                          for r in leads], [("1", "lead", "closed", "2024-03-30T00:00:00Z", "")])
        self.assertIn("note.csv", os.listdir(self.path("tables")))

    def test_where_to_must_be_said_once(self):
        ledger = self.ledger()
        self.call("export", ledger, code=2)
        self.call("export", ledger, "-o", "a", "--csv", "b", code=2)
        self.assertIn("none/a", self.call("export", ledger, "-o", "none/a", code=2).stderr)


class Policies(CommandLineTest):
    def test_check_names_the_path(self):
        with open(os.path.join(SOURCE, "src", "model", "default_policy.json"),
                  encoding="utf-8") as file:
            policy = json.load(file)
        good = self.write("good.json", json.dumps(policy))
        self.assertIn("17 stages", self.call("policy", "check", good).stdout)
        policy["stages"][3]["key"] = policy["stages"][2]["key"]
        bad = self.write("bad.json", json.dumps(policy))
        self.assertIn("stages[3].key", self.call("policy", "check", bad, code=1).stderr)
        self.assertIn("none.json", self.call("policy", "check", "none.json", code=2).stderr)
        empty = self.write("empty.json", "")
        self.assertIn("is empty", self.call("policy", "check", empty, code=2).stderr)
        self.call("init", "a.db", "--policy", bad, code=2)
        self.assertFalse(os.path.exists(self.path("a.db")))


class Salesforce(CommandLineTest):
    LEADS = ("Id,Company,LastName,Status,CreatedDate\n"
             "00Q5f00000LLLL1,Bolt,Young,{status},{created}\n")

    def lead(self, status="Open - Not Contacted", created="2024-01-10T09:00:00.000Z"):
        os.makedirs(self.path("export"), exist_ok=True)
        self.write("export/Lead.csv", self.LEADS.format(status=status, created=created))

    def test_an_export_is_imported_once(self):
        ledger = self.ledger()
        self.lead()
        self.assertIn("1 row read", self.call("import", ledger, "--from", "salesforce",
                                              "export").stdout)
        self.assertIn("0 events", self.call("import", ledger, "--from", "salesforce",
                                            "export").stdout)
        rows = json.loads(self.call("coverage", ledger, "--format", "json").stdout)["rows"]
        self.assertEqual({row["about"]: row["supported"] for row in rows}["funnel"], "exactly")

    def test_what_has_to_be_said_is_asked_for(self):
        ledger = self.ledger()
        self.lead(created="2024-01-10 09:00")
        words = ("import", ledger, "--from", "salesforce", "export")
        self.assertIn("--time-zone", self.call(*words, code=2).stderr)
        self.lead(status="Hot")
        self.assertIn("'Hot' (1)", self.call(*words, code=2).stderr)
        stages = self.write("stages.json", '{"lead": {"Hot": "hotter"}}')
        self.assertIn("stages.json: stages.lead.Hot",
                      self.call(*words, "--stages", stages, code=2).stderr)
        self.write("stages.json", '{"lead": {"Hot": "sql"}}')
        self.call(*words, "--stages", stages)
        self.assertIn("nowhere", self.call(*words[:4], "nowhere", code=2).stderr)
        self.call("import", ledger, "export", "--currency", "EUR", code=2)

    def test_numbers_as_they_are_written(self):
        ledger = self.ledger()
        os.makedirs(self.path("export"))
        self.write("export/Opportunity.csv",
                   "Id,AccountId,Name,StageName,Amount,CurrencyIsoCode,CreatedDate\n"
                   "0065f00000DDDD1,0015f00000AAAA1,Seats,Prospecting,\"45.000,50\",EUR,"
                   "2024-02-01T10:00:00.000Z\n")
        words = ("import", ledger, "--from", "salesforce", "export")
        self.assertIn("is not a number", self.call(*words, code=1).stderr)
        self.call(*words, "--decimal", ",", "--thousands", ".")
        rows = json.loads(self.call("report", ledger, "pipeline", "--format", "json").stdout)["rows"]
        self.assertIn(45000.5, [row["amount_eur"] for row in rows])
        self.call(*words, "--decimal", ";", code=2)
        self.assertIn("must differ", self.call(*words, "--thousands", ".", code=2).stderr)
        self.call("import", ledger, "export", "--decimal", ",", code=2)


class Lines(CommandLineTest):
    """What a trace and a timeline say in words."""

    def test_a_deal_that_follows_on_is_another_one(self):
        deal = {"fact": "opportunity.open", "account": "crm:A1", "amount": "10.00 EUR"}
        ledger = self.ledger(
            {"fact": "account.open", "at": "2023-01-01", "name": "A", "external_ids": ["crm:A1"]},
            {**deal, "at": "2023-02-01", "external_ids": ["crm:O1"]},
            {"fact": "opportunity.win", "at": "2023-05-31", "opportunity": "crm:O1"},
            {**deal, "at": "2023-07-10", "external_ids": ["crm:O2"]},
            {"fact": "opportunity.lose", "at": "2023-09-28", "opportunity": "crm:O2",
             "reason": "price"})
        line = self.call("trace", ledger, "crm:O2").stdout.splitlines()[0]
        self.assertEqual(line, "Its source is not known; it follows on opportunity 1, won on "
                               "2023-05-31; lost on 2023-09-28, 10.00 EUR.")

    def test_what_a_merge_linked_anew_is_told(self):
        ledger = self.ledger(
            {"fact": "account.open", "at": "2023-01-01", "name": "A", "external_ids": ["crm:A1"]},
            {"fact": "account.open", "at": "2023-01-01", "name": "B", "external_ids": ["crm:A7"]},
            {"fact": "lead.open", "at": "2023-02-03", "account": "crm:A7", "external_ids": ["crm:L7"]},
            {"fact": "lead.close", "at": "2023-03-30", "lead": "crm:L7", "stage": "dead",
             "reason": "no_response"},
            {"fact": "opportunity.open", "at": "2023-09-01", "account": "crm:A1",
             "external_ids": ["crm:O1"]},
            {"fact": "account.merge", "at": "2023-11-01", "account": "crm:A1", "merged": "crm:A7"})
        for command, name in (("trace", "crm:O1"), ("timeline", "crm:A1")):
            self.assertIn("opportunity 1 now: episode 2, re-engages lead 1; from no known source",
                          self.call(command, ledger, name).stdout)


class Generated(CommandLineTest):
    def test_the_same_seed_gives_the_same_facts(self):
        for name in ("a.jsonl", "b.jsonl"):
            self.call("generate", "--events", 2000, "--seed", 5, "-o", name)
        with open(self.path("a.jsonl"), "rb") as a, open(self.path("b.jsonl"), "rb") as b:
            self.assertEqual(a.read(), b.read())

    def test_the_line_of_the_demo_deal(self):
        self.call("init", "demo.db")
        self.call("generate", "--events", 3000, "--seed", 1, "-o", "facts.jsonl")
        self.call("import", "demo.db", "facts.jsonl")
        line = self.call("trace", "demo.db", "crm:O-1-1").stdout.splitlines()[0]
        for part in ("sales-generated", "a webinar 14 months earlier", "closed as dead on 2023-03-30",
                     "back through another contact", "won"):
            self.assertIn(part, line)
        self.assertIn("0 differences", self.call("verify", "demo.db").stdout)


if __name__ == "__main__":
    main()
