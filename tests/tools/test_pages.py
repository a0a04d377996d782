"""Reports as pages, in a browser: what they show, in every light, and that they need nothing else."""

import json
import os
import re
import subprocess
import sys

from chromium import Chromium, program
from command_line import CommandLineTest, main

GALLERY = os.path.join(os.environ.get("THROUGHLINE_BUILD_DIR", "build/release"), "bin",
                       "chart_gallery")
VIEWS = [(width, scheme) for width in (1200, 390) for scheme in ("light", "dark")]
REPORTS = ("scorecard", "pipeline", "movement", "funnel", "cohorts", "cohort_curves", "fall_off",
           "velocity", "sources", "campaigns", "attribution", "follow_up", "win_rate",
           "quarter_end", "slippage", "resurrection", "reps", "coverage")

TABLES = """[...document.querySelectorAll('section.report')].map(section => ({
  finding: section.querySelector('h2').textContent,
  data: JSON.parse(section.querySelector('script.data').textContent),
  rows: [...section.querySelectorAll('tbody tr')].map(
      row => [...row.cells].map(cell => cell.textContent)),
  definitions: [...section.querySelectorAll('.definitions dd')].map(dd => dd.textContent),
}))"""

FIGURES = """[...document.querySelectorAll('figure.chart')].map(figure => {
  const plot = figure.querySelector('.plot'), svg = plot.querySelector('svg');
  const room = plot.getBoundingClientRect();
  const outside = svg ? [...svg.querySelectorAll('text')].filter(text => {
    const box = text.getBoundingClientRect();
    return box.width > 0 && (box.left < room.left - 2 || box.right > room.right + 2 ||
                             box.top < room.top - 2 || box.bottom > room.bottom + 2);
  }).map(text => text.textContent) : [];
  return {
    report: figure.closest('section').querySelector('script.data').textContent,
    drawn: svg !== null && svg.querySelectorAll('path').length > 0, hidden: plot.hidden,
    texts: svg ? [...svg.querySelectorAll('text')].map(text => text.textContent) : [], outside,
    note: figure.querySelector('.note').textContent,
  };
})"""

# The ratio of WCAG 2 between the page and what is written or drawn on it.
CONTRAST = """(() => {
  const probe = document.body.appendChild(document.createElement('i'));
  const light = name => {
    probe.style.color = `var(--${name})`;
    const parts = getComputedStyle(probe).color.match(/[\\d.]+/g).slice(0, 3).map(v => {
      const c = v / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2] + 0.05;
  };
  const names = ['ink', 'muted', 'link', 'series-1', 'series-2', 'series-3', 'series-4',
                 'series-5', 'series-6'];
  const paper = light('paper');
  const ratios = names.map(name => [name, Math.max(light(name), paper) /
                                          Math.min(light(name), paper)]);
  probe.remove();
  return Object.fromEntries(ratios);
})()"""


def number_of(text):
    """What a cell's text says, and by how much it may be rounded."""
    plain = text.replace(",", "")
    scale = 0.01 if plain.endswith("%") else 1
    decimals = len(plain.rstrip("%").partition(".")[2])
    return float(plain.rstrip("%")) * scale, 0.5001 * scale * 10 ** -decimals


class Pages(CommandLineTest):
    @classmethod
    def setUpClass(cls):
        cls.browser = Chromium()
        cls.addClassCleanup(cls.browser.close)

    def demo(self):
        self.call("init", "demo.db")
        self.call("generate", "--events", 3000, "--seed", 1, "-o", "facts.jsonl")
        self.call("import", "demo.db", "facts.jsonl")
        return "demo.db"

    def dashboard(self):
        self.call("dashboard", self.demo(), "-o", "demo.html")
        return self.path("demo.html")

    def gallery(self):
        done = subprocess.run([GALLERY], capture_output=True, check=True, text=True)
        return self.write("gallery.html", done.stdout)

    def show(self, page, width=1200, scheme="light"):
        self.browser.open(page, width, scheme)
        self.assert_quiet()

    def assert_quiet(self):
        self.assertEqual(self.browser.complaints(), [])
        self.assertEqual(self.browser.requests(), [])

    def assert_cells(self, table, rows):
        """The texts of the cells say what the values of the JSON do."""
        self.assertEqual(len(rows), len(table["rows"]))
        for values, texts in zip(table["rows"], rows):
            for column, text in zip(table["columns"], texts, strict=True):
                value = values[column["name"]]
                if value is None:
                    self.assertEqual(text, "-")
                elif column["type"] == "text":
                    self.assertEqual(text, value)
                elif column["type"] == "boolean":
                    self.assertEqual(text, "true" if value else "false")
                else:
                    number, tolerance = number_of(text)
                    self.assertAlmostEqual(number, value, delta=tolerance)

    def test_a_dashboard_shows_the_numbers_of_its_reports(self):
        self.show(self.dashboard())
        shown = self.browser.run(TABLES)
        self.assertEqual([table["data"]["report"] for table in shown], list(REPORTS))
        for table, name in zip(shown, REPORTS):
            answer = (self.report("demo.db", name) if name != "attribution" else
                      json.loads(self.call("attribute", "demo.db", "--format", "json").stdout))
            self.assertEqual(table["data"], answer)
            self.assertEqual(table["finding"], answer["finding"])
            self.assert_cells(answer, table["rows"])
            self.assertEqual(table["definitions"],
                             [column["definition"] for column in answer["columns"]])
        top = self.browser.run("document.querySelector('.findings').textContent")
        for table in shown:
            self.assertIn(table["finding"], top)

    def test_the_line_of_a_deal_is_drawn_from_its_first_touch_to_its_end(self):
        demo = self.demo()
        deals = json.loads(self.call("report", demo, "win_rate", "--rows", "1:won", "--format",
                                     "json").stdout)["rows"]
        deal = deals[-1]["id"]
        line = json.loads(self.call("trace", demo, deal, "--format", "json").stdout)
        self.call("dashboard", demo, "-o", "deal.html", "--deal", deal)
        self.show(self.path("deal.html"))
        shown = self.browser.run(TABLES)[1]
        self.assertEqual(shown["data"]["report"], "trace")
        self.assertEqual(shown["finding"], line["sentence"])
        self.assertEqual(len(shown["rows"]), len(line["steps"]))
        drawn = [figure for figure in self.browser.run(FIGURES)
                 if json.loads(figure["report"])["report"] == "trace"]
        self.assertEqual([figure["drawn"] for figure in drawn], [True])
        self.assertIn(f"opportunity {deal}", drawn[0]["texts"])
        page = self.call("trace", demo, deal, "--format", "html").stdout
        self.show(self.write("trace.html", page))
        self.assertEqual(self.browser.run(TABLES)[0]["data"], shown["data"])

    def test_the_scorecard_is_published(self):
        demo = self.demo()
        self.call("publish", demo, "out/reports", "--through", "2024-12-31")
        answer = self.report(demo, "scorecard", "--through", "2024-12-31")
        self.show(self.path("out/reports/scorecard.html"))
        self.assertEqual(self.browser.run(TABLES)[0]["data"], answer)
        markdown = self.read_text("out/reports/scorecard.md")
        self.assertTrue(markdown.startswith("# Leads and deals: demo\n"))
        lines = [line for line in markdown.splitlines() if line.startswith("|")]
        self.assertEqual(len(lines), len(answer["rows"]) + 2)
        for row, line in zip(answer["rows"], lines[2:]):
            self.assertIn(row["metric"].replace("_", "\\_"), line)
        self.assertEqual(sorted(os.listdir(self.path("out/reports"))),
                         ["scorecard.html", "scorecard.md"])
        self.call("publish", demo, "out/reports")
        self.assertNotEqual(self.read_text("out/reports/scorecard.md"), markdown)
        self.call("publish", demo, "facts.jsonl", code=2)

    def test_charts_are_drawn_in_every_view(self):
        page = self.dashboard()
        papers = set()
        for width, scheme in VIEWS:
            with self.subTest(width=width, scheme=scheme):
                self.show(page, width, scheme)
                figures = self.browser.run(FIGURES)
                self.assertGreater(len(figures), 5)
                for figure in figures:
                    self.assertTrue(figure["drawn"])
                    self.assertEqual(figure["outside"], [])
                self.assertLessEqual(
                    self.browser.run("document.documentElement.scrollWidth"), width)
                papers.add(self.browser.run("getComputedStyle(document.body).backgroundColor"))
        self.assertEqual(len(papers), 2)

    def test_a_chart_says_what_its_table_says(self):
        page = self.path("pipeline.html")
        self.call("report", self.demo(), "pipeline", "--html", "-o", page)
        self.show(page)
        rows = self.report("demo.db", "pipeline")["rows"]
        texts = self.browser.run(FIGURES)[0]["texts"]
        for row in rows:
            if row["kind"] in ("open", "parked"):
                self.assertIn(row["stage"], texts)
                self.assertIn(f"{row['count']:,}", texts)
            else:
                self.assertNotIn(row["stage"], texts)
        self.assertTrue(self.browser.run("document.querySelector('details.numbers').open"))

    def test_every_kind_of_chart(self):
        page = self.gallery()
        for width, scheme in VIEWS:
            with self.subTest(width=width, scheme=scheme):
                self.show(page, width, scheme)
                figures = {json.loads(f["report"])["report"]: f
                           for f in self.browser.run(FIGURES)}
                for name, figure in figures.items():
                    nothing = name in ("nothing known", "no rows")
                    self.assertEqual(figure["drawn"], not nothing, name)
                    self.assertEqual(figure["hidden"], nothing, name)
                    self.assertEqual(figure["outside"], [], name)
                self.assertIn("Nothing to draw", figures["no rows"]["note"])
                self.assertIn("40 of 60", figures["many bars"]["note"])
                self.assertEqual(figures["bridge"]["note"], "")
                self.assertIn("+64,500.50", figures["bridge"]["texts"])
                self.assertIn("-5 is not explained", figures["bridge below nothing"]["note"])
                self.assertIn("1 without a date", figures["timeline"]["note"])
                self.assertIn("introduction", figures["timeline"]["texts"])

    def test_times_and_dates(self):
        """Columns of these types, which are text in a page's JSON."""
        with open(self.gallery(), encoding="utf-8") as file:
            page = file.read()
        for column, kind in (("at", "time"), ("month", "date"), ("quarter", "date")):
            page, changed = re.subn(rf'("name":"{column}","type":)"text"', rf'\1"{kind}"', page)
            self.assertGreater(changed, 0)
        self.show(self.write("dates.html", page))
        texts = {json.loads(f["report"])["report"]: f["texts"] for f in self.browser.run(FIGURES)}
        self.assertIn("Mar", texts["months"])
        self.assertIn("2023-Q1", texts["bars"])
        self.assertIn("introduction", texts["timeline"])

    def test_names_stay_text(self):
        self.show(self.gallery())
        self.assertEqual(self.browser.run("document.querySelector('h1').textContent"), "Gallery")
        self.assertEqual(self.browser.run("document.querySelectorAll('img, h1 ~ h1').length"), 0)
        tables = [t for t in self.browser.run(TABLES) if t["data"]["report"] == "hostile names"]
        for table in tables:
            self.assertEqual(table["finding"], "<script>alert(3)</script>")
            self.assert_cells(table["data"], table["rows"])
        texts = [text for f in self.browser.run(FIGURES) for text in f["texts"]]
        for name in ("<img src=x onerror=alert(2)>", "__proto__", "constructor", "(blank)"):
            self.assertIn(name, texts)
        # Every place of every chart, with what its tooltip says.
        tips = self.browser.run("""(async () => {
          const tips = [];
          for (const plot of document.querySelectorAll('.plot:not([hidden])')) {
            for (let i = 0; i < 12; ++i) {
              plot.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight'}));
              tips.push(plot.querySelector('.tip')?.innerText ?? 'none');
            }
          }
          return tips;
        })()""")
        self.assertNotIn("none", tips)
        self.assertTrue(any("</script>" in tip for tip in tips))
        self.assertEqual(self.browser.run("document.querySelectorAll('.plot img').length"), 0)
        self.assert_quiet()

    def test_the_keyboard_reaches_everything(self):
        self.show(self.dashboard())
        seen = []
        for _ in range(40):
            self.browser.press("Tab")
            seen.append(self.browser.run("document.activeElement.className + ' ' + "
                                         "document.activeElement.tagName.toLowerCase()"))
        for place in ("skip a", " select", " button", "plot div", " summary"):
            self.assertIn(place, seen)
        self.browser.run("document.querySelector('.plot').focus()")
        self.browser.press("ArrowDown")
        count = self.report("demo.db", "pipeline")["rows"][0]["count"]
        tip = self.browser.run("document.querySelector('.plot .tip').innerText")
        self.assertRegex(tip, rf"(?s)^inquiry.*\b{count} records")
        self.assertEqual(self.browser.run("document.querySelector('[aria-live]').textContent"), tip)
        self.assert_quiet()

    def test_colours_can_be_chosen_and_can_be_read(self):
        page = self.dashboard()
        for scheme in ("light", "dark"):
            self.show(page, scheme=scheme)
            for name, ratio in self.browser.run(CONTRAST).items():
                self.assertGreater(ratio, 3 if name.startswith("series") else 4.5, (scheme, name))
        colour = """[getComputedStyle(document.body).backgroundColor,
                     document.querySelector('.plot svg text').getAttribute('fill')].join()"""
        of_the_system = self.browser.run(colour)
        self.browser.run("""(() => {
          const scheme = document.getElementById('scheme');
          scheme.value = 'light';
          scheme.dispatchEvent(new Event('change'));
        })()""")
        self.assertNotEqual(self.browser.run(colour).split("),")[0],
                            of_the_system.split("),")[0])
        self.assertNotEqual(self.browser.run(colour).split("),")[-1],
                            of_the_system.split("),")[-1])
        self.assert_quiet()

    def test_it_can_be_printed(self):
        self.show(self.dashboard(), scheme="dark")
        self.browser.print_to(self.path("demo.pdf"))
        with open(self.path("demo.pdf"), "rb") as file:
            pdf = file.read()
        self.assertTrue(pdf.startswith(b"%PDF"))
        self.assertGreaterEqual(len(re.findall(rb"/Type\s*/Page\b", pdf)), len(REPORTS))
        self.browser.run("dispatchEvent(new Event('beforeprint'))")
        closed = "document.querySelectorAll('details:not([open])').length"
        self.assertEqual(self.browser.run(closed), 0)
        self.browser.run("dispatchEvent(new Event('afterprint'))")
        self.assertGreater(self.browser.run(closed), 0)
        self.assert_quiet()

    def test_motion_is_left_out_where_it_is_not_wanted(self):
        page = self.dashboard()
        for still in (True, False):
            self.browser.open(page, still=still)
            self.browser.run("new Promise(done => setTimeout(done, 600))")
            self.assertTrue(all(f["drawn"] for f in self.browser.run(FIGURES)))
            self.assert_quiet()

    def test_without_scripts_the_numbers_are_there(self):
        self.browser.open(self.dashboard(), scripts=False)
        self.assertIn("need scripts", self.browser.run("document.body.innerText"))
        answer = self.report("demo.db", "funnel")
        self.assert_cells(answer, self.browser.run(TABLES)[REPORTS.index("funnel")]["rows"])

    def test_an_empty_ledger(self):
        self.call("dashboard", self.ledger(), "-o", "empty.html")
        self.show(self.path("empty.html"))
        for figure in self.browser.run(FIGURES):
            self.assertTrue(figure["drawn"] or "Nothing to draw" in figure["note"])


if __name__ == "__main__":
    if program() is None:
        print("skipped: chromium is not installed, and could not be installed")
        sys.exit(77)
    main()
