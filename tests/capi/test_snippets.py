"""The snippets of C in docs/ compile, without a warning."""

import os
import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(
    os.environ.get("THROUGHLINE_SOURCE_DIR", pathlib.Path(__file__).resolve().parents[2]))
PAGES = [ROOT / "docs" / name for name in ("c-abi.md", "host-database.md", "salesforce.md")]
COMPILER = os.environ.get("CC", "cc")
DIALECTS = {"c": ["-x", "c", "-std=c11"], "cpp": ["-x", "c++", "-std=c++17"]}


class SnippetTest(unittest.TestCase):

    def test_snippets_compile(self):
        text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
        snippets = re.findall(r"^```(c|cpp)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
        self.assertGreater(len(snippets), 3)
        for language, text in snippets:
            with self.subTest(text[:60]):
                done = subprocess.run(
                    [COMPILER, *DIALECTS[language], "-Wall", "-Wextra", "-Wpedantic", "-Werror",
                     "-I", str(ROOT / "capi"), "-fsyntax-only", "-"],
                    input=text, capture_output=True, text=True, check=False)
                self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    unittest.main()
