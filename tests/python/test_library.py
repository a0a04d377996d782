"""The library: how it is found, which one it must be, whether all of it can be called."""

import ctypes
import doctest
import glob
import importlib
import importlib.util
import os
import pickle
import re
import shutil
import subprocess
import sys
import unittest

from binding import PACKAGE, SOURCE, BindingTest, main, tl
from throughline import _abi, _lib, errors

MODULES = sorted(os.path.basename(path)[:-3]
                 for path in glob.glob(os.path.join(PACKAGE, "throughline", "*.py")))
FAKE = 'int tl_abi_version(void) { return %d; }\nconst char *tl_version(void) { return "9.8.7"; }\n'


class Finding(BindingTest):
    def fake(self, abi):
        """A library that only says its version."""
        compiler = shutil.which("cc")
        if compiler is None:
            self.skipTest("there is no C compiler")
        source, library = self.write("fake.c", FAKE % abi), self.path("libthroughline.so")
        subprocess.run([compiler, "-shared", "-fPIC", "-o", library, source], check=True)
        return library

    def run_with(self, code="import throughline", package=PACKAGE, python=sys.executable,
                 **environment):
        variables = {key: value for key, value in os.environ.items() if key != _lib.VARIABLE}
        return subprocess.run([python, "-c", code], cwd=self.folder, capture_output=True,
                              text=True, check=False,
                              env={**variables, "PYTHONPATH": package, **environment})

    def test_another_abi_is_refused_with_both_versions_and_the_path(self):
        library = self.fake(abi=99)
        message = self.run_with(THROUGHLINE_LIBRARY=library).stderr
        for part in (library, "9.8.7", "99", _lib.HEADER_VERSION, str(_abi.TL_ABI_VERSION)):
            self.assertIn(part, message)

    def test_a_library_without_our_functions_is_refused(self):
        library = self.fake(abi=_abi.TL_ABI_VERSION)
        message = self.run_with(THROUGHLINE_LIBRARY=library).stderr
        self.assertIn(library, message)
        self.assertIn("LibraryError", message)

    def test_a_path_to_nothing(self):
        message = self.run_with(THROUGHLINE_LIBRARY="/none/libthroughline.so").stderr
        self.assertIn("/none/libthroughline.so", message)
        self.assertIn("ImportError", self.run_with(
            "try:\n import throughline\nexcept ImportError: raise SystemExit('ImportError')",
            THROUGHLINE_LIBRARY="/none/libthroughline.so").stderr)

    def test_beside_the_package(self):
        package = self.path("site/throughline")
        shutil.copytree(os.path.join(PACKAGE, "throughline"), package)
        shutil.copy(self.fake(abi=98), package)
        message = self.run_with(package=self.path("site")).stderr
        self.assertIn(package, message)

    def test_an_installed_wheel(self):
        if importlib.util.find_spec("pip") is None:
            self.skipTest("pip is not installed")
        venv, source = self.path("venv"), self.path("python")
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
        site = glob.glob(os.path.join(venv, "lib", "python*", "site-packages"))[0]
        shutil.copytree(PACKAGE, source, ignore=shutil.ignore_patterns("__pycache__", "build"))
        done = subprocess.run(
            [sys.executable, "-m", "pip", "--python", venv, "install", "--no-index", "--quiet",
             "--disable-pip-version-check", source], capture_output=True, text=True, check=False,
            env={**os.environ, _lib.VARIABLE: _lib.lib._name})
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(os.path.exists(os.path.join(site, "throughline", "libthroughline.so")))
        done = self.run_with("import throughline as tl; tl.in_memory().report('funnel')\n"
                             "print(tl._lib.lib._name)", package="",
                             python=os.path.join(venv, "bin", "python3"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(os.path.dirname(done.stdout.strip()), os.path.join(site, "throughline"))


class Interface(BindingTest):
    def test_generated_files_are_as_generated(self):
        done = subprocess.run([sys.executable, "tools/abi/generate.py", "--check"], cwd=SOURCE,
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_every_function_is_used(self):
        text = ""
        for name in MODULES:
            with open(os.path.join(PACKAGE, "throughline", name + ".py"), encoding="utf-8") as file:
                text += file.read() if name != "_abi" else ""
        commands = {"tl_" + re.sub("_args$", "", struct[3:]) for struct in vars(_abi)
                    if struct.endswith("_args")}
        # tl_execute carries out all commands; test_commands calls each one's own function too.
        unused = [name for name in _abi.FUNCTIONS
                  if f"lib.{name}" not in text and f"library.{name}" not in text
                  and name not in commands]
        # Python does not give the address of its own SQLite connections.
        self.assertEqual(unused, ["tl_open_on_sqlite"])

    def test_every_function_survives_nothing(self):
        for name, (result, parameters) in _abi.FUNCTIONS.items():
            arguments = [None if issubclass(kind, (ctypes._Pointer, ctypes.c_char_p,
                                                   ctypes.c_void_p)) else
                         kind() if issubclass(kind, ctypes._CFuncPtr) else 0
                         for kind in parameters]
            getattr(_lib.lib, name)(*arguments)

    def test_every_function_survives_extremes(self):
        error = _abi.tl_error(ctypes.sizeof(_abi.tl_error))
        for name, (result, parameters) in _abi.FUNCTIONS.items():
            if not parameters or parameters[-1] is not ctypes.POINTER(_abi.tl_error):
                continue
            arguments = [None if issubclass(kind, (ctypes._Pointer, ctypes.c_char_p,
                                                   ctypes.c_void_p)) else
                         kind() if issubclass(kind, ctypes._CFuncPtr) else kind(-1).value
                         for kind in parameters[:-1]]
            with self.subTest(function=name):
                status = getattr(_lib.lib, name)(*arguments, ctypes.byref(error))
                self.assertNotEqual(status, _abi.TL_INTERNAL)
                self.assertEqual(error.code, status)

    def test_versions_and_features(self):
        self.assertRegex(tl.version(), r"^\d+\.\d+\.\d+$")
        self.assertTrue(tl.has_feature("sqlite_file"))
        self.assertFalse(tl.has_feature("telepathy"))


class Errors(BindingTest):
    def test_every_status_has_a_class(self):
        raised = errors.class_of
        for name in ("CANCELLED", "NOT_FOUND", "ABORTED", "NO_MEMORY", "REENTRANT"):
            code = getattr(_abi, f"TL_{name}")
            self.assertIsNot(raised(code), tl.ThroughlineError)
            self.assertEqual(raised(code)("x", code).name, name)

    def test_an_unknown_status_is_that_of_its_class(self):
        self.assertIs(errors.class_of(0x7705), tl.NotFound)
        self.assertIs(errors.class_of(0x77), tl.ThroughlineError)

    def test_they_are_the_builtins_that_people_expect(self):
        for ours, builtin in ((tl.NotFound, KeyError), (tl.InvalidArgument, ValueError),
                              (tl.DeadlineExceeded, TimeoutError), (tl.OutOfRange, IndexError),
                              (tl.PermissionDenied, PermissionError), (tl.NoMemory, MemoryError),
                              (tl.LedgerNotFound, FileNotFoundError),
                              (tl.Unimplemented, NotImplementedError), (tl.DataLoss, OSError)):
            error = ours("why", 5, tl.ErrorDetail(field="lead"))
            self.assertIsInstance(error, builtin)
            self.assertEqual(str(error), "why")
            again = pickle.loads(pickle.dumps(error))
            self.assertEqual((type(again), again.code, again.detail), (ours, 5, error.detail))


class Quality(BindingTest):
    def test_the_examples_in_docstrings_work(self):
        found = 0
        for name in MODULES:
            module = importlib.import_module(f"throughline.{name}" if name != "__init__" else
                                             "throughline")
            result = doctest.testmod(module)
            self.assertEqual(result.failed, 0, name)
            found += result.attempted
        self.assertGreater(found, 20)

    def test_the_examples_of_the_page_work(self):
        path = os.path.join(SOURCE, "docs", "python.md")
        result = doctest.testfile(path, module_relative=False)
        self.assertEqual(result.failed, 0)
        self.assertGreater(result.attempted, 10)

    def test_the_readme_works(self):
        with open(os.path.join(SOURCE, "README.md"), encoding="utf-8") as file:
            code = re.findall(r"```python\n(.*?)```", file.read(), re.DOTALL)[0]
        for arguments in (["init", "leads.db"],
                          ["generate", "--events", "5000", "--seed", "7", "-o", "facts.jsonl"],
                          ["import", "leads.db", "facts.jsonl"]):
            subprocess.run([os.environ["THROUGHLINE_BIN"], *arguments], cwd=self.folder, check=True,
                           capture_output=True)
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True,
                              check=False, cwd=self.folder,
                              env={**os.environ, "PYTHONPATH": PACKAGE})
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("funnel", done.stdout)
        self.assertIn("opportunity", done.stdout)

    def test_all_names_are_there(self):
        self.assertEqual([name for name in tl.__all__ if not hasattr(tl, name)], [])
        self.assertNotIn("open", tl.__all__)

    def test_types(self):
        mypy = shutil.which("mypy")
        if mypy is None:
            self.skipTest("mypy is not installed")
        done = subprocess.run([mypy, "--strict", "--python-version", "3.9", "--cache-dir",
                               self.folder, "throughline"], cwd=PACKAGE, capture_output=True,
                              text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_the_example_of_the_analyst(self):
        done = subprocess.run([sys.executable, os.path.join(SOURCE, "examples", "analyst.py")],
                              capture_output=True, text=True, check=False, cwd=self.folder,
                              env={**os.environ, "PYTHONPATH": PACKAGE})
        self.assertEqual(done.returncode, 0, done.stderr)
        for part in ("pipeline", "sources", "won"):
            self.assertIn(part, done.stdout)


if __name__ == "__main__":
    main()
