"""The code in the documents is the code that works."""

import json
import os
import re
import shlex

from command_line import BINARY, SOURCE, CommandLineTest, main


def read(*parts):
    with open(os.path.join(SOURCE, *parts), encoding="utf-8") as file:
        return file.read()


def blocks(text, language):
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


class Documents(CommandLineTest):
    def run_shell(self, block):
        for line in block.replace("\\\n", " ").splitlines():
            words = shlex.split(line, comments=True)
            if words and words[0] == "throughline":
                self.call(*words[1:])

    def test_the_readme_works_line_by_line(self):
        readme = read("README.md")
        self.run_shell(blocks(readme, "sh")[0])
        facts = self.write("readme.jsonl", blocks(readme, "json")[0])
        self.call("init", "readme.db")
        self.call("import", "readme.db", facts)
        self.assertIn("dead, no_response", self.call("timeline", "readme.db", "crm:A1").stdout)

    def test_cpp_blocks_stand_in_the_examples(self):
        found = 0
        for name in ["README.md"] + [f"docs/{n}" for n in os.listdir(os.path.join(SOURCE, "docs"))
                                     if n.endswith(".md")]:
            for path, code in re.findall(r"<!-- (examples/\S+) -->\n```cpp\n(.*?)```", read(name),
                                         re.DOTALL):
                self.assertIn(code, read(path), name)
                found += 1
        self.assertGreater(found, 0)

    def test_the_questions_of_the_two_clocks(self):
        self.call("init", "leads.db")
        self.call("generate", "--events", 3000, "--seed", 7, "-o", "facts.jsonl")
        self.call("import", "leads.db", "facts.jsonl")
        self.run_shell(blocks(read("docs", "two-clocks.md"), "sh")[0])

    def test_the_commands_of_the_command_line_page(self):
        policy = read("src", "model", "default_policy.json")
        self.write("policy.json", policy)
        for block in blocks(read("docs", "command-line.md"), "sh"):
            self.run_shell(block)

    def test_the_commands_of_the_export_page(self):
        page = read("docs", "export-and-restore.md")
        self.run_shell(blocks(page, "sh")[0])
        # The lines that the page shows are like those that there are, but for texts cut off.
        with open(self.path("leads.jsonl"), encoding="utf-8") as file:
            written = [json.loads(line) for line in file]
        shown = [json.loads(line) for line in blocks(page, "jsonl")[0].splitlines()]
        self.assertEqual(list(shown[0]), list(written[0]))
        self.assertEqual(list(shown[-1]), list(written[-1]))
        commit = next(line for line in written if line.get("seq") == 2 and "events" in line)
        self.assertEqual(list(shown[3]), list(commit))
        tables = {line["table"] for line in written if "table" in line}
        for table in tables:
            self.assertIn(f"`{table}`", page)
        for name in os.listdir(self.path("tables")):
            self.assertIn(name[:-len(".csv")], read("docs", "journal-format.md"))

    def test_the_command_line_page_has_every_option(self):
        page = read("docs", "command-line.md")
        commands = re.findall(r"^  (\w+)  ", self.call("--help").stdout.split("Subcommands:")[1],
                              re.MULTILINE)
        self.assertGreater(len(commands), 8)
        for command in commands:
            self.assertRegex(page, rf"\b{command}\b")
            for option in re.findall(r"--[a-z-]+", self.call(command, "--help").stdout):
                self.assertTrue(option == "--help" or f"`{option}" in page, f"{command} {option}")

    def test_the_facts_of_the_fact_format_are_one_file(self):
        facts = "".join(blocks(read("docs", "fact-format.md"), "jsonl"))
        named = set(re.findall(r'"fact": "([a-z_.]+)"', read("docs", "fact-format.md")))
        schema = json.loads(read("docs", "fact.schema.json"))
        self.assertEqual(named, set(schema["properties"]["fact"]["enum"]))
        self.call("init", "leads.db")
        done = self.call("import", "leads.db", self.write("facts.jsonl", facts))
        self.assertIn(f"{facts.count(chr(10))} imported, 0 known already; 0 faults", done.stdout)
        self.assertNotIn("warning", done.stdout)

    def test_links_lead_somewhere(self):
        pages = ["README.md"] + [f"docs/{n}" for n in os.listdir(os.path.join(SOURCE, "docs"))
                                 if n.endswith(".md")]
        for page in pages:
            for target in re.findall(r"\]\(([^)#:]+)\)", read(page)):
                path = os.path.join(SOURCE, os.path.dirname(page), target)
                self.assertTrue(os.path.exists(path), f"{page}: {target}")

    def test_the_program_is_where_the_readme_says(self):
        self.assertTrue(BINARY.endswith("bin/throughline"))


if __name__ == "__main__":
    main()
