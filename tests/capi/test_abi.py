"""What follows from the header is what stands beside it, and the library is what the header says."""

import os
import pathlib
import re
import subprocess
import sys
import unittest

ROOT = pathlib.Path(
    os.environ.get("THROUGHLINE_SOURCE_DIR", pathlib.Path(__file__).resolve().parents[2]))
LIBRARY = os.environ.get("THROUGHLINE_LIBRARY", "")
sys.path.insert(0, str(ROOT / "tools" / "abi"))
sys.dont_write_bytecode = True

import c_header  # noqa: E402
import generate  # noqa: E402
import lint  # noqa: E402

HEADER = c_header.read_header()


class AbiTest(unittest.TestCase):

    def test_generated_files_are_current(self):
        for path, make in generate.OUTPUTS.items():
            with self.subTest(path):
                self.assertEqual(make(HEADER), (ROOT / path).read_text(encoding="utf-8"))

    @unittest.skipUnless(LIBRARY, "THROUGHLINE_LIBRARY is not set")
    def test_library_exports_the_header_and_nothing_else(self):
        listed = subprocess.run(["nm", "-D", "--defined-only", LIBRARY], check=True,
                                capture_output=True, text=True).stdout
        symbols = {line.split()[-1].split("@")[0] for line in listed.splitlines()}
        symbols -= {f"THROUGHLINE_{HEADER.constants['TL_ABI_VERSION']}"}
        self.assertEqual(symbols, set(HEADER.functions))

    def test_structs_begin_with_their_size(self):
        for name, members in HEADER.structs.items():
            fixed = name in lint.FIXED_STRUCTS
            with self.subTest(name):
                self.assertEqual(members[0].name == "struct_size", not fixed)

    def test_every_function_is_called_from_c(self):
        text = "\n".join(path.read_text(encoding="utf-8")
                         for path in (ROOT / "tests" / "capi").glob("*.c"))
        prefixes = {"COMMAND": "tl_", "BY_REF": "tl_", "RECORD": "tl_records_", "RUN": "tl_"}
        called = set(re.findall(r"\btl_\w+", text))
        for macro, prefix in prefixes.items():
            called |= {prefix + name for name in re.findall(macro + r"\((\w+)\)", text)}
        called |= {"tl_" + name for name in re.findall(r"RUN\(\w+, (\w+),", text)}
        self.assertEqual(set(HEADER.functions) - called, set())

    def test_lint(self):
        self.assertEqual(lint.faults(HEADER), [])


class LintTest(unittest.TestCase):
    """The lint finds what it is there for."""

    def test_missing_documentation(self):
        text = "/** Does it. */\nTL_API void tl_x(void) TL_NOEXCEPT;\n"
        found = lint.documentation_faults(text)
        self.assertTrue(any("Thread-safety" in fault for fault in found))

    def test_unknown_contract(self):
        text = "/** Does it. Contract: NONE_SUCH. */\nTL_API void tl_x(void) TL_NOEXCEPT;\n"
        self.assertEqual(len(lint.documentation_faults(text)), 1)

    def test_entry_without_guard(self):
        text = "tl_status tl_x(tl_ledger* ledger) noexcept {\n  return Do(ledger);\n}\n"
        self.assertEqual(lint.guard_faults({"x_c.cc": text}, {"tl_x"}),
                         ["x_c.cc: tl_x is not guarded"])


if __name__ == "__main__":
    unittest.main()
