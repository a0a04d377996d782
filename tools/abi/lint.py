#!/usr/bin/env python3
"""Looks at what a compiler cannot: that every function of capi/throughline.h says all that a caller
must know, and that every entry of capi/ goes through the guard. Prints what is missing."""

import re
import sys

from c_header import HEADER, ROOT, read_header

# Values that never change; every other struct begins with struct_size.
FIXED_STRUCTS = {
    "tl_text", "tl_optional", "tl_date", "tl_moment", "tl_money", "tl_ref", "tl_event_ref",
    "tl_external_id", "tl_attribute", "tl_texts", "tl_refs", "tl_external_ids", "tl_attributes",
    "tl_report_filter", "tl_report_filters", "tl_weight", "tl_weights",
    "tl_as_of_answer", "tl_source", "tl_lineage", "tl_stage_ref",
}

# What every comment, or the contract that it names, must say.
NEEDED = ("Thread-safety:", "Re-entrancy:", "Since:")

# Calls that end in the guard, beside itself. They are looked for in the body of an entry.
GUARDS = re.compile(r"\b(Guarded|GuardedOn|GuardedOpen|RunCommand|RunImport|RunExport|ReadRecords|ReadByRef|"
                    r"ReadByText|ReadList|GiveRecord|GiveAt|GiveSample|FindStage|WriteTable|AskReport|AskAttribution|MergeGiven|FinishGiven|ReadIntoColumns|GiveTable|GiveTrace<\w+>)\(")

# Entries that cannot fail and take nothing but plain values or read one field.
UNGUARDED = {
    "tl_version", "tl_abi_version", "tl_has_feature", "tl_status_name", "tl_name",
    "tl_string_data", "tl_string_size", "tl_batch_count", "tl_records_count", "tl_events_count",
}


def contracts(text):
    return {match[1]: match[0] for match in re.finditer(r"/\*\* @contract (\w+):.*?\*/", text, re.S)}


def documentation_faults(text):
    known, found = contracts(text), []
    for match in re.finditer(r"TL_API [^;]*?\b(tl_\w+)\([^;]*;", text):
        name, before = match[1], text[:match.start()].rstrip()
        comment = before[before.rfind("/**"):] if before.endswith("*/") else ""
        if "@contract" in comment:
            comment = ""
        named = re.search(r"Contract: (\w+)\.", comment)
        if named and named[1] not in known:
            found.append(f"{name}: there is no contract {named[1]}")
            continue
        whole = comment + (known[named[1]] if named else "")
        needed = NEEDED if match[0].startswith("TL_API void") or named else (*NEEDED, "Returns:")
        found += [f"{name}: does not say {word}" for word in needed if word not in whole]
    return found


def guard_faults(sources, functions):
    found, defined = [], set()
    for path, text in sources.items():
        for match in re.finditer(r"^[\w* ]*?\b(tl_\w+)\([^;{]*\) noexcept \{"
                                 r"([^\n]*\}$|\n.*?^\})", text, re.M | re.S):
            name, body = match[1], match[2]
            defined.add(name)
            frees = re.search(r"_(free|close)$", name)
            if not (frees or name in UNGUARDED or GUARDS.search(body)):
                found.append(f"{path}: {name} is not guarded")
        defined |= {"tl_" + name for name in re.findall(r"^TL_COMMAND_FUNCTION\((\w+),", text, re.M)}
        if "#define TL_COMMAND_FUNCTION" in text and not GUARDS.search(
                text[text.index("#define TL_COMMAND_FUNCTION"):]):
            found.append(f"{path}: TL_COMMAND_FUNCTION is not guarded")
    return found + [f"{name} is not defined in capi/" for name in sorted(functions - defined)]


def faults(header):
    text = HEADER.read_text(encoding="utf-8")
    sources = {path.name: path.read_text(encoding="utf-8")
               for path in sorted((ROOT / "capi").glob("*.cc"))}
    return documentation_faults(text) + guard_faults(sources, set(header.functions))


def main():
    found = faults(read_header())
    for fault in found:
        print(fault)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
