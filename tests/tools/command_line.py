"""Runs the command line for the tests beside this file."""

import json
import os
import subprocess
import sys
import tempfile
import unittest

BINARY = os.environ.get("THROUGHLINE_BIN", "build/release/bin/throughline")
SOURCE = os.environ.get("THROUGHLINE_SOURCE_DIR", os.getcwd())


class CommandLineTest(unittest.TestCase):
    """A test in a folder of its own, with helpers to call the program."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def read_text(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def call(self, *arguments, code=0, stdin=None):
        """The finished process; its exit code must be `code`."""
        done = subprocess.run([BINARY, *map(str, arguments)], capture_output=True, text=True,
                              input=stdin, cwd=self.folder, check=False)
        self.assertEqual(done.returncode, code, f"{arguments}\n{done.stdout}\n{done.stderr}")
        return done

    def ledger(self, *lines):
        """A new ledger with these facts (dicts)."""
        self.call("init", "test.db")
        if lines:
            text = "".join(json.dumps(line) + "\n" for line in lines)
            self.call("import", "test.db", self.write("facts.jsonl", text))
        return "test.db"

    def report(self, ledger, name, *options):
        return json.loads(self.call("report", ledger, name, "--format", "json", *options).stdout)


def main():
    unittest.main(module=sys.modules["__main__"], verbosity=2)
