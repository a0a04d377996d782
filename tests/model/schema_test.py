"""docs/*.schema.json against samples: what the parsers take the schemas take, and the broken files
that the tests in C++ feed the parsers are refused, as far as a schema can tell."""

import copy
import json
import os
import pathlib
import re
import sys
import unittest

try:
    import jsonschema
except ImportError:
    print("skipped: python3-jsonschema is not installed")
    sys.exit(77)

ROOT = pathlib.Path(
    os.environ.get("THROUGHLINE_SOURCE_DIR", pathlib.Path(__file__).resolve().parents[2]))


def read(path):
    return (ROOT / path).read_text(encoding="utf-8")


def examples(path, language):
    """The fenced blocks of a page in one language."""
    return re.findall(r"^```%s\n(.*?)^```$" % language, read(path), re.MULTILINE | re.DOTALL)


def expanded(text):
    """'<256*x>' stands for 256 times 'x'."""
    return re.sub(r"<([0-9]+)\*([^>]+)>", lambda match: int(match[1]) * match[2], text)


def patched(document, patch):
    """JSON Patch: add, replace and remove."""
    document = copy.deepcopy(document)
    for step in patch:
        *parents, last = step["path"].split("/")[1:]
        target = document
        for name in parents:
            target = target[int(name) if isinstance(target, list) else name]
        key = int(last) if isinstance(target, list) else last
        if step["op"] == "remove":
            del target[key]
        else:
            target[key] = step["value"]
    return document


def validator(path):
    schema = json.loads(read(path))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


class FactSchema(unittest.TestCase):
    def setUp(self):
        self.validator = validator("docs/fact.schema.json")

    def test_takes_the_examples_of_the_page(self):
        facts = [json.loads(line) for block in examples("docs/fact-format.md", "jsonl")
                 for line in block.splitlines()]
        for fact in facts:
            with self.subTest(fact=fact):
                self.validator.validate(fact)
        known = set(self.validator.schema["properties"]["fact"]["enum"])
        self.assertEqual(known, {fact["fact"] for fact in facts})

    def test_refuses_broken_facts(self):
        for text in read("tests/model/broken_facts.jsonl").splitlines():
            broken = json.loads(text)
            with self.subTest(broken=broken):
                try:
                    fact = json.loads(expanded(broken["line"]))
                except json.JSONDecodeError:
                    self.assertTrue(broken["schema"])
                    continue
                self.assertEqual(not self.validator.is_valid(fact), broken["schema"])

    def test_refuses_what_lacks_its_subject(self):
        for definition in self.validator.schema["properties"]["fact"]["enum"]:
            if definition not in ("owner.define", "campaign.define"):
                with self.subTest(fact=definition):
                    self.assertFalse(self.validator.is_valid({"fact": definition}))

    def test_has_a_note_belong_to_one_record(self):
        note = {"fact": "note.add", "text": "Call in May.", "lead": 3}
        self.validator.validate(note)
        self.assertFalse(self.validator.is_valid({**note, "account": 4}))


class PolicySchema(unittest.TestCase):
    def setUp(self):
        self.validator = validator("docs/policy.schema.json")
        self.default = json.loads(read("src/model/default_policy.json"))

    def test_takes_the_default_policy(self):
        self.validator.validate(self.default)

    def test_takes_the_examples_of_the_page(self):
        blocks = examples("docs/policy.md", "json")
        self.assertTrue(blocks)
        for block in blocks:
            self.validator.validate(json.loads(block))

    def test_refuses_broken_policies(self):
        for broken in json.loads(read("tests/model/broken_policies.json")):
            with self.subTest(error=broken["error"]):
                policy = patched(self.default, broken["patch"])
                self.assertEqual(not self.validator.is_valid(policy), broken["schema"])


if __name__ == "__main__":
    unittest.main()
