"""The programs of docs/other-languages.md: the structs of C# are those of the header, and both print
what the page says. A language whose compiler is missing is left out; exit code 77 if all are."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(
    os.environ.get("THROUGHLINE_SOURCE_DIR", pathlib.Path(__file__).resolve().parents[2]))
LIBRARY = os.environ.get("THROUGHLINE_LIBRARY", "")
PAGE = (ROOT / "docs" / "other-languages.md").read_text(encoding="utf-8")
sys.path.insert(0, str(ROOT / "tools" / "abi"))
sys.dont_write_bytecode = True

import c_header  # noqa: E402

# What a type of C is in C#, where it is not a struct.
TYPES = {"int32_t": "int", "uint32_t": "uint", "int64_t": "long", "size_t": "UIntPtr",
         "tl_status": "int", "tl_time": "long"}
PROJECT = """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup>
<OutputType>Exe</OutputType><TargetFramework>net{version}</TargetFramework>
</PropertyGroup></Project>
"""


def block(language):
    return re.search(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)[1]


def in_csharp(member):
    if member.pointers:
        return member.name, "IntPtr"
    if member.length:
        return member.name, f"byte[{member.length}]"
    return member.name, TYPES.get(member.base, member.base)


def csharp_members(body):
    body = re.sub(r"\[MarshalAs\(UnmanagedType.ByValArray, SizeConst = (\d+)\)\] public byte\[\]",
                  r"public byte[\1]", body)
    return [(name, kind) for kind, name in re.findall(r"public ([\w\[\]]+) (\w+);", body)]


class OtherLanguagesTest(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.environment = {**os.environ, "LD_LIBRARY_PATH": os.path.dirname(LIBRARY),
                            "HOME": folder.name}

    def call(self, *command, **variables):
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False,
                              env={**self.environment, **variables})
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def write(self, name, text):
        (self.folder / name).write_text(text, encoding="utf-8")

    def test_structs_of_csharp_are_those_of_the_header(self):
        structs = c_header.read_header().structs
        found = re.findall(r"LayoutKind.Sequential\)\]\nstruct (\w+) \{(.*?)\}\n\n",
                           block("csharp"), re.DOTALL)
        self.assertGreater(len(found), 10)
        for name, body in found:
            with self.subTest(name):
                self.assertEqual(csharp_members(body), [in_csharp(m) for m in structs[name]])

    @unittest.skipUnless(LIBRARY, "THROUGHLINE_LIBRARY is not set")
    def test_csharp(self):
        dotnet, mono = shutil.which("dotnet"), shutil.which("mcs") and shutil.which("mono")
        if not (dotnet or mono):
            self.skipTest("C#: neither dotnet nor Mono is installed")
        self.write("program.cs", block("csharp"))
        if dotnet:
            version = ".".join(self.call(dotnet, "--version").split(".")[:2])
            self.write("program.csproj", PROJECT.format(version=version))
            printed = self.call(dotnet, "run", "--project", "program.csproj")
        else:
            self.call("mcs", "program.cs")
            printed = self.call("mono", "program.exe")
        self.assertEqual(printed, block("text"))

    @unittest.skipUnless(LIBRARY, "THROUGHLINE_LIBRARY is not set")
    def test_go(self):
        if shutil.which("go") is None:
            self.skipTest("Go: go is not installed")
        self.write("main.go", block("go"))
        self.call("go", "build", "-o", "program", "main.go", GO111MODULE="off",
                  GOCACHE=str(self.folder / "cache"), CGO_CFLAGS=f"-I{ROOT / 'capi'}",
                  CGO_LDFLAGS=f"-L{os.path.dirname(LIBRARY)}")
        self.assertEqual(self.call("./program"), block("text"))


if __name__ == "__main__":
    program = unittest.main(exit=False, verbosity=2)
    if program.result.wasSuccessful() and len(program.result.skipped) == 2:
        sys.exit(77)
    sys.exit(not program.result.wasSuccessful())
