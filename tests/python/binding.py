"""Finds the package for the tests beside this file; they are skipped if no library was built."""

import datetime
import os
import sys
import tempfile
import unittest

SOURCE = os.environ.get("THROUGHLINE_SOURCE_DIR") or os.path.dirname(
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PACKAGE = os.path.join(SOURCE, "bindings", "python")
SKIPPED = 77  # the exit code that means so to ctest

sys.path.insert(0, PACKAGE)
try:
    import throughline as tl
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(SKIPPED)

HUGE = 2**64
LONE_SURROGATE = "Zo\udceb"


def utc(year, month, day, hour=0):
    return datetime.datetime(year, month, day, hour, tzinfo=datetime.timezone.utc)


class BindingTest(unittest.TestCase):
    """A test with a ledger in memory and a folder of its own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.ledger = tl.in_memory()
        self.addCleanup(self.ledger.close)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def open_lead(self, number=1, **members):
        """An account crm:A<number> with a lead crm:L<number>; the lead's id."""
        self.ledger.execute(tl.AccountOpen(name=f"Acme {number}",
                                           external_ids=[f"crm:A{number}"]))
        return self.ledger.execute(tl.LeadOpen(
            account=f"crm:A{number}", external_ids=[f"crm:L{number}"], **members)).id

    def won_deal(self):
        """One account with a touch, a lead and the deal that was won of it; the deal's id."""
        def run(command, at):
            return self.ledger.execute(command, tl.Context(at=at, mode="observe")).id
        run(tl.AccountOpen(name="Acme", domains=["acme.example"], external_ids=["crm:A1"]),
            "2024-01-01")
        run(tl.ContactAdd(account="crm:A1", name="Zoë Müller", email="zoe@acme.example",
                          external_ids=["crm:C1"]), "2024-01-01")
        run(tl.OwnerDefine(name="Ada Byron", external_ids=["crm:U1"]), None)
        run(tl.TouchRecord(account="crm:A1", contact="crm:C1", kind="webinar",
                           channel="webinar"), "2024-01-02T10:00:00Z")
        run(tl.LeadOpen(account="crm:A1", contact="crm:C1", external_ids=["crm:L1"]),
            "2024-01-03")
        deal = run(tl.OpportunityOpen(leads=["crm:L1"], owner="crm:U1", name="200 seats",
                                      amount="48000.00 EUR", external_ids=["crm:O1"]),
                   "2024-02-01")
        run(tl.OpportunityRole(opportunity=deal, contact="crm:C1", role="decision_maker"),
            "2024-02-02")
        run(tl.OpportunityWin(opportunity=deal), "2024-05-01")
        return deal

    def assert_fault(self, field, function, *arguments, **keywords):
        """InvalidArgument that names the field."""
        with self.assertRaises(tl.InvalidArgument) as raised:
            function(*arguments, **keywords)
        self.assertIn(field, raised.exception.detail.field or "")


def main():
    unittest.main(module=sys.modules["__main__"], verbosity=2)
