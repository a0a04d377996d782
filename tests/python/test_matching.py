"""Who somebody is: commands with an identity, lookups, and pairs up for review."""

import json
import unittest

from binding import BindingTest, tl


class MatchingTest(BindingTest):
    def test_a_touch_opens_who_is_not_known_and_knows_them_again(self):
        first = self.ledger.execute(tl.TouchRecord(
            kind="form", match=tl.Identity(email="Zoë@Mail.Acme.co.uk.", name="Zoë")))
        self.assertTrue(first.match.opened_account and first.match.opened_contact)
        self.assertIsNone(first.match.rule)
        self.assertEqual((first.events, first.events_before), (4, 3))
        lead = self.ledger.execute(tl.LeadOpen(match={"email": "ZOË@mail.acme.co.uk"}))
        self.assertEqual((lead.entity, lead.account), ("lead", first.account))
        self.assertEqual((lead.match.rule, lead.match.candidates), ("email", 1))
        self.assertEqual(lead.match.contact, first.match.contact)
        deal = self.ledger.execute(tl.OpportunityOpen(match={"company": "Nobody Ltd"}))
        self.assertTrue(deal.match.opened_account)
        self.assertIsNone(deal.match.contact)

    def test_a_command_without_identity_has_no_match(self):
        receipt = self.ledger.execute(tl.AccountOpen(name="Acme"))
        self.assertIsNone(receipt.match)
        self.assertEqual(receipt.events_before, 0)

    def test_lookups_change_nothing(self):
        account = self.ledger.execute(tl.AccountOpen(name="Acme Inc", domains=["acme.com"])).account
        found = self.ledger.match(email="x@mail.acme.com")
        self.assertEqual((found.rule, found.value, found.account), ("domain", "acme.com", account))
        rows = self.ledger.match_all([{"company": "ACME"}, tl.Identity(email="a@gmail.com")]).rows()
        self.assertEqual([row["rule"] for row in rows], ["name", None])
        self.assertEqual(self.ledger.match_all([]).rows(), [])
        self.assertIsNone(self.ledger.match(email="a@gmail.com").account)

    def test_bad_identities_are_named(self):
        with self.assertRaises(tl.InvalidArgument) as caught:
            self.ledger.execute(tl.TouchRecord(kind="form", match={"email": "a\n@acme.com"}))
        self.assertEqual(caught.exception.detail.field, "match.email")
        with self.assertRaises(tl.InvalidArgument) as caught:
            self.ledger.execute(tl.TouchRecord(kind="form", match={"email": "a" * 10_000_000}))
        self.assertEqual(caught.exception.detail.field, "match.email")
        with self.assertRaises(tl.InvalidArgument) as caught:
            self.ledger.match_all([{"email": "a@acme.com"}, {"name": "Zoë"}])
        self.assertEqual(caught.exception.detail.field, "identities[1]")
        with self.assertRaises(TypeError):
            self.ledger.match(mail="a@acme.com")
        with self.assertRaises(TypeError):
            self.ledger.execute(tl.TouchRecord(kind="form", match="a@acme.com"))

    def test_pairs_are_reviewed(self):
        text = json.loads(self.ledger.policy().json)
        text["matching"]["ambiguous"] = "review"
        self.ledger.execute(tl.PolicySet(json=json.dumps(text)))
        for name in ("Acme", "Acme Two"):
            self.ledger.execute(tl.AccountOpen(name=name, domains=["acme.com"]))
        opened = self.ledger.execute(tl.TouchRecord(kind="form", match={"domain": "acme.com"}))
        pairs = self.ledger.reviews().rows()
        self.assertEqual([(row["account"], row["other_name"]) for row in pairs],
                         [(opened.account, "Acme"), (opened.account, "Acme Two")])
        self.ledger.execute(tl.AccountDistinct(account=pairs[0]["other"], other=opened.account))
        self.assertEqual(len(self.ledger.reviews().rows()), 1)
        self.assertEqual(len(self.ledger.reviews("distinct").rows()), 1)
        self.assertEqual(len(self.ledger.reviews(None).rows()), 2)
        with self.assertRaises(tl.FailedPrecondition):
            self.ledger.execute(tl.AccountDistinct(account=pairs[0]["other"],
                                                   other=opened.account))

    def test_events_say_what_was_found(self):
        text = json.loads(self.ledger.policy().json)
        text["matching"]["ambiguous"] = "review"
        self.ledger.execute(tl.PolicySet(json=json.dumps(text)))
        old = self.ledger.execute(tl.AccountOpen(name="Acme", domains=["acme.com"])).account
        deal = self.ledger.execute(tl.OpportunityOpen(match={"email": "a@acme.com"}))
        matched, added, opened, role = self.ledger.feed_read(deal.seq - 1)
        self.assertEqual((matched.event, matched.match_rule, matched.match_value),
                         ("matched", "domain", "acme.com"))
        self.assertEqual((matched.match_candidates, matched.opened_account, matched.opened_contact,
                          matched.contact), (1, False, True, deal.match.contact))
        self.assertIsNone(added.match_candidates)
        self.assertEqual((opened.lineage.episode, opened.lineage.link), (1, None))
        self.assertEqual((role.role, role.contact, role.opportunity, role.lineage),
                         ("contact", deal.match.contact, deal.id, None))
        self.ledger.execute(tl.AccountOpen(name="Acme Two", domains=["acme.com"]))
        seen = self.ledger.execute(tl.TouchRecord(kind="form", match={"domain": "acme.com"}))
        reviews = [event for event in self.ledger.feed_read(seen.seq - 1)
                   if event.event == "review_opened"]
        self.assertEqual([(e.account, e.other_account, e.match_rule) for e in reviews],
                         [(seen.account, old, "domain"), (seen.account, old + 1, "domain")])

    def test_events_say_what_a_merge_leaves(self):
        one = self.ledger.execute(tl.AccountOpen(name="One")).account
        two = self.ledger.execute(tl.AccountOpen(name="Two")).account
        self.ledger.execute(tl.AccountMerge(account=one, merged=two))
        person = self.ledger.execute(tl.ContactAdd(account=one, name="Ann")).id
        touch = self.ledger.execute(tl.TouchRecord(account=two, contact=person, kind="form"))
        undone = self.ledger.execute(tl.AccountUnmerge(account=two, reason="mistake"))
        event = self.ledger.feed_read(undone.seq - 1)[0]
        self.assertEqual((event.event, event.to_account, event.merged), ("account_unmerged", one, two))
        self.assertEqual(event.crossing, (touch.seq << 20,))
        self.ledger.execute(tl.AccountDistinct(account=one, other=two))
        self.assertEqual(self.ledger.timeline(two)[-1].other_account, one)

    def test_batches_take_columns(self):
        with tl.Batch() as batch:
            batch.add_columns("touch.record", {"kind": "form", "match.email": [
                "a@acme.com", "b@acme.com"], "match.contact_external_ids": ["crm:1", "crm:2"]})
            batch.add_rows("lead.open", [{"match": {"email": "a@acme.com"}}])
            outcomes = self.ledger.execute_all(batch)
            self.assertEqual(len(set(outcomes.accounts)), 1)
            with self.assertRaises(tl.InvalidArgument):
                batch.add_columns("touch.record", {"kind": "form", "match.mail": ["a@acme.com"]})


if __name__ == "__main__":
    unittest.main()
