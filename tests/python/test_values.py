"""Values on their way in: nothing is cut, rounded or guessed."""

import os
import re
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

from binding import HUGE, LONE_SURROGATE, SOURCE, BindingTest, main, tl
from throughline import values


class Numbers(BindingTest):
    def test_integers_are_checked_before_ctypes_cuts_them(self):
        for value in (HUGE, -HUGE, 2**63, -2**63 - 1):
            self.assert_fault("lead", self.ledger.lead, value)
            self.assert_fault("id", self.ledger.external_ids, "lead", value)

    def test_ids_that_are_none(self):
        self.assert_fault("", self.ledger.lead, -1)
        self.assert_fault("", self.ledger.lead, 0)
        for value in (None, 1.0, True, b"crm:L1", []):
            self.assertRaises(TypeError, self.ledger.lead, value)


class Amounts(BindingTest):
    def test_minor_units_by_currency(self):
        self.assertEqual(tl.Money(Decimal("0.29"), "EUR").minor(), 29)
        self.assertEqual(tl.Money.of_minor(1234, "KWD").amount, Decimal("1.234"))
        self.assertEqual(tl.Money.of_minor(98000, "JPY").amount, 98000)
        self.assertEqual(tl.Money.of_minor(-5, "USD").amount, Decimal("-0.05"))

    def test_nothing_is_rounded(self):
        self.assert_fault("amount", tl.Money(Decimal("1.005"), "EUR").minor)
        self.assert_fault("amount", tl.Money(Decimal("1.5"), "JPY").minor)
        self.assertRaises(TypeError, tl.Money(1.5, "EUR").minor)

    def test_amounts_that_are_none(self):
        for amount in (Decimal("NaN"), Decimal("Infinity"), Decimal(10) ** 30):
            self.assert_fault("amount", tl.Money(amount, "EUR").minor)
        for text in ("", "12", "x EUR", "1,5 EUR"):
            self.assertRaises(ValueError, lambda text=text: tl.Money.parse(text).minor() if
                              tl.Money.parse(text).currency else tl.Money.parse(text + "x"))

    def test_currencies_are_those_of_the_library(self):
        with open(os.path.join(SOURCE, "src", "model", "currency.inc"), encoding="utf-8") as file:
            text = re.sub(r"//.*", "", file.read())
        found = 0
        for places, codes in re.findall(r"\{(\d),(.*?)\}", text, re.DOTALL):
            for code in re.findall(r"[A-Z]{3}", codes):
                self.assertEqual(values.places_of(code), int(places), code)
                found += 1
        self.assertGreater(found, 150)

    def test_an_unknown_currency_is_refused(self):
        lead = self.open_lead()
        for currency in ("QQQ", "EURO", "", "eu\0"):
            self.assert_fault("amount", self.ledger.execute, tl.OpportunityOpen(
                leads=[lead], amount=tl.Money(Decimal(1), currency)))


class Times(BindingTest):
    def test_without_a_zone_it_is_utc(self):
        self.assertEqual(values.instant(datetime(1970, 1, 1, 0, 0, 1), "at"), 1_000_000)
        self.assertEqual(values.instant("1970-01-01T02:00:00+02:00", "at"), 0)
        self.assertEqual(values.instant("1970-01-01T00:00:00Z", "at"), 0)
        zone = timezone(timedelta(hours=2))
        self.assertEqual(values.instant(datetime(1970, 1, 1, 2, tzinfo=zone), "at"), 0)

    def test_a_day_stays_a_day(self):
        self.assertEqual(values.moment_parts(date(1970, 1, 2), "at"), (86_400_000_000, True))
        self.assertEqual(values.moment_parts("1970-01-02", "at"), (86_400_000_000, True))
        self.open_lead()
        at = tl.Context(at=date(2024, 3, 31))
        self.ledger.execute(tl.AccountOpen(external_ids=["crm:day"]), at)
        event = self.ledger.timeline("crm:day")[0]
        self.assertTrue(event.occurred_day)
        self.assertEqual(event.occurred_at, datetime(2024, 3, 31, tzinfo=timezone.utc))

    def test_round_trip_to_the_microsecond(self):
        for micros in (0, -1, 1_711_843_200_000_001, -2_208_988_800_000_000):
            self.assertEqual(values.micros_of(values.time_of(micros)), micros)

    def test_times_that_are_none(self):
        for text in ("yesterday", "2024-13-01", "31.03.2024", ""):
            self.assert_fault("at", self.ledger.execute, tl.AccountOpen(), tl.Context(at=text))
        self.assertRaises(TypeError, self.ledger.execute, tl.AccountOpen(), tl.Context(at=17))
        self.assert_fault("occurred_at", self.ledger.execute, tl.AccountOpen(),
                          tl.Context(at=datetime(1800, 1, 1)))

    def test_days_that_are_none(self):
        lead = self.open_lead()
        self.assert_fault("until", self.ledger.execute, tl.LeadNurture(lead=lead, until="soon"))
        self.assertRaises(TypeError, self.ledger.execute,
                          tl.LeadNurture(lead=lead, until=datetime(2030, 1, 1)))


class TextsIn(BindingTest):
    def test_a_lone_surrogate_is_no_text(self):
        self.assert_fault("name", self.ledger.execute, tl.AccountOpen(name=LONE_SURROGATE))
        self.assert_fault("email", self.ledger.contacts_by_email, LONE_SURROGATE)
        self.assert_fault("domain", self.ledger.accounts_by_domain, LONE_SURROGATE)
        self.assert_fault("stage", tl.Policy.parse().stage, LONE_SURROGATE)
        with tl.Batch() as batch:
            self.assert_fault("stage", batch.add_columns, "lead.move",
                              {"lead": [1], "stage": [LONE_SURROGATE]})

    def test_wrong_utf8_is_refused(self):
        with tl.Batch() as batch:
            self.assertRaises(tl.InvalidArgument, batch.add_json,
                              b'{"fact": "account.open", "name": "Zo\xeb"}')

    def test_a_nul_does_not_end_a_text(self):
        self.assert_fault("name", self.ledger.execute, tl.AccountOpen(name="Acme\0Evil"))

    def test_what_is_no_text(self):
        for value in (b"Acme", 17, ["Acme"]):
            self.assertRaises(TypeError, self.ledger.execute, tl.AccountOpen(name=value))

    def test_a_text_is_no_list(self):
        self.assertRaises(TypeError, self.ledger.execute, tl.AccountOpen(domains="acme.example"))
        self.assertRaises(TypeError, self.ledger.execute, tl.AccountOpen(external_ids="crm:A1"))
        self.assertRaises(TypeError, self.ledger.execute, tl.AccountOpen(attributes=["industry"]))
        self.assertRaises(TypeError, self.ledger.lead_columns, "lead")

    def test_external_ids_have_a_system_and_a_key(self):
        for text in ("L1", "crm:", ":L1", ""):
            self.assert_fault("lead", self.ledger.lead, text)

    def test_a_list_that_is_too_long(self):
        domains = [f"d{i}.example" for i in range(1001)]
        self.assert_fault("domains", self.ledger.execute, tl.AccountOpen(domains=domains))


if __name__ == "__main__":
    main()
