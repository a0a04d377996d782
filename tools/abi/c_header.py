"""Reads the declarations of capi/throughline.h, which is written in a regular subset of C.

The preprocessor does the rest: what it makes of the header is a list of enums with explicit values,
typedefs, structs, function types and functions. Anything else is an error.
"""

import dataclasses
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
HEADER = ROOT / "capi" / "throughline.h"


@dataclasses.dataclass(frozen=True)
class Variable:
    """A member of a struct or a parameter: its type without `const`, and how often it is a pointer."""

    name: str
    base: str
    pointers: int = 0
    length: int = 0  # of an array, 0: none


@dataclasses.dataclass(frozen=True)
class Function:
    name: str
    result: Variable
    parameters: tuple


@dataclasses.dataclass
class Header:
    constants: dict = dataclasses.field(default_factory=dict)  # macros and enums: name -> value
    enums: dict = dataclasses.field(default_factory=dict)  # enums only
    scalars: dict = dataclasses.field(default_factory=dict)  # tl_time -> int64_t
    handles: list = dataclasses.field(default_factory=list)
    structs: dict = dataclasses.field(default_factory=dict)  # name -> [Variable]
    foreign: dict = dataclasses.field(default_factory=dict)  # structs that another project specifies
    callbacks: dict = dataclasses.field(default_factory=dict)  # name -> Function
    functions: dict = dataclasses.field(default_factory=dict)  # name -> Function


def preprocess(*options, compiler="cc"):
    command = [compiler, "-E", "-x", "c", "-std=c11", *options, str(HEADER)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def own_lines(text):
    """What stands in the header itself, without what it includes."""
    lines, own = [], False
    for line in text.splitlines():
        marker = re.match(r'# \d+ "([^"]*)"', line)
        if marker:
            own = marker[1].endswith("throughline.h")
        elif own:
            lines.append(line)
    return "\n".join(lines)


def without_inline_functions(text):
    parts, position = [], 0
    for match in re.finditer(r"static inline [^{;]*\{", text):
        if match.start() < position:
            continue
        parts.append(text[position:match.start()])
        depth, position = 1, match.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(text[position], 0)
            position += 1
    return "".join(parts) + text[position:]


def declarations(text):
    """The text up to each semicolon outside braces, in one line."""
    depth, begin = 0, 0
    for position, character in enumerate(text):
        depth += {"{": 1, "}": -1}.get(character, 0)
        if character == ";" and depth == 0:
            yield " ".join(text[begin:position].split())
            begin = position + 1
    if text[begin:].strip():
        raise ValueError(f"declaration without an end: {text[begin:].strip()[:80]}")


def parse_variable(text):
    match = re.fullmatch(r"(?:const )?(?:struct )?(\w+)((?:\s*\*\s*(?:const)?\s*)*)\s*(\w*)(?:\[(\d+)\])?",
                         text.strip())
    if not match:
        raise ValueError(f"not a declaration of one variable: {text!r}")
    base, stars, name, length = match.groups()
    return Variable(name, base, stars.count("*"), int(length or 0))


def parse_members(text):
    """Members of a struct; a pointer to a function is one to anything."""
    members = []
    for member in filter(None, (part.strip() for part in text.split(";"))):
        function = re.fullmatch(r".*\(\*(\w+)\)\(.*\)", member)
        members.append(Variable(function[1], "void", 1) if function else parse_variable(member))
    return members


def parse_parameters(text):
    if text.strip() == "void":
        return ()
    return tuple(parse_variable(part) for part in text.split(","))


def read_enum(body, header):
    for item in filter(None, (part.strip() for part in body.split(","))):
        match = re.fullmatch(r"(TL_\w+) = (-?\w+)", item)
        if not match:
            raise ValueError(f"an enum's value must be explicit: {item!r}")
        header.enums[match[1]] = header.constants[match[1]] = int(match[2], 0)


def read_declaration(text, header):
    if match := re.fullmatch(r"enum \{(.*)\}", text):
        read_enum(match[1], header)
    elif match := re.fullmatch(r"typedef struct (\w+) \{(.*)\} (\w+)", text):
        header.structs[match[3]] = parse_members(match[2])
    elif match := re.fullmatch(r"struct (\w+) \{(.*)\}", text):
        header.foreign[match[1]] = parse_members(match[2])
    elif match := re.fullmatch(r"typedef struct (\w+) (\w+)", text):
        header.handles.append(match[2])
    elif match := re.fullmatch(r"typedef (.*?) ?\(\*(\w+)\)\((.*)\)", text):
        header.callbacks[match[2]] = Function(match[2], parse_variable(match[1]),
                                              parse_parameters(match[3]))
    elif re.fullmatch(r"struct \w+", text):
        pass  # another library's: pointers to it are only handed on
    elif match := re.fullmatch(r"typedef (\w+) (\w+)", text):
        header.scalars[match[2]] = match[1]
    elif match := re.fullmatch(r'__attribute__\(\(visibility\("default"\)\)\) (.*)\((.*)\)', text):
        result = parse_variable(match[1])
        header.functions[result.name] = Function(result.name, result, parse_parameters(match[2]))
    else:
        raise ValueError(f"not of the subset of C that this script reads: {text!r}")


def read_header(compiler="cc"):
    header = Header()
    macros = preprocess("-dM", compiler=compiler)
    for name, value in sorted(re.findall(r"^#define (TL_[A-Z_]+) (\d+)$", macros, re.MULTILINE)):
        header.constants[name] = int(value)
    text = without_inline_functions(own_lines(preprocess(compiler=compiler)))
    for declaration in declarations(text):
        read_declaration(declaration, header)
    return header
