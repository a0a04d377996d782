"""Records, lists, states as of a time."""

import json
import pickle
from datetime import date, datetime, timezone
from decimal import Decimal

from binding import HUGE, BindingTest, main, tl, utc


class Records(BindingTest):
    def setUp(self):
        super().setUp()
        self.deal = self.won_deal()

    def test_an_account(self):
        account = self.ledger.account("crm:A1")
        self.assertEqual((account.account, account.name, account.touches), (1, "Acme", 1))
        self.assertEqual(account.opened_at, utc(2024, 1, 1))
        self.assertEqual(account.first.channel, "webinar")
        self.assertEqual(account.last_touch_at, utc(2024, 1, 2, 10))
        self.assertEqual(account, self.ledger.account(tl.ExternalId("crm", "A1")))

    def test_a_person_and_their_profile(self):
        contact = self.ledger.contact("crm:C1")
        self.assertEqual(contact.account, 1)
        profile = self.ledger.profile("crm:C1")
        self.assertEqual((profile.name, profile.email), ("Zoë Müller", "zoe@acme.example"))
        self.assertIsNone(profile.phone)

    def test_a_lead(self):
        lead = self.ledger.lead("crm:L1")
        self.assertEqual((lead.stage, lead.phase, lead.kind), ("converted", "lead", "converted"))
        self.assertEqual((lead.contact, lead.opportunity, lead.owner), (1, self.deal, None))
        self.assertEqual(lead.open_stage, "inquiry")
        self.assertEqual(lead.lineage.latest.channel, "webinar")
        self.assertEqual(lead.lineage.episode, 1)
        self.assertIsNone(lead.lineage.previous_lead)

    def test_a_deal(self):
        deal = self.ledger.opportunity("crm:O1")
        self.assertEqual((deal.stage, deal.phase, deal.type), ("won", "won", "new_business"))
        self.assertEqual(deal.amount, tl.Money(Decimal("48000.00"), "EUR"))
        self.assertEqual((deal.booked, deal.close_date, deal.order_id), (None, None, None))
        self.assertEqual(deal.closed_at, utc(2024, 5, 1))

    def test_an_owner_and_a_campaign(self):
        owner = self.ledger.owner("crm:U1")
        self.assertEqual((owner.name, owner.kind, owner.side, owner.retired),
                         ("Ada Byron", "rep", "sales", False))
        self.ledger.execute(tl.CampaignDefine(name="Spring", starts_on=date(2024, 3, 1),
                                              external_ids=["crm:K1"]))
        campaign = self.ledger.campaign("crm:K1")
        self.assertEqual((campaign.name, campaign.starts_on, campaign.ends_on),
                         ("Spring", date(2024, 3, 1), None))

    def test_no_such_record(self):
        for read in (self.ledger.account, self.ledger.contact, self.ledger.profile,
                     self.ledger.lead, self.ledger.opportunity, self.ledger.owner,
                     self.ledger.campaign, self.ledger.note):
            with self.assertRaises(KeyError) as raised:
                read(99)
            self.assertNotIn("'", str(raised.exception)[:1])
            self.assertRaises(TypeError, read, None)
            self.assert_fault("", read, HUGE)
        self.assertRaises(tl.NotFound, self.ledger.lead, "crm:none")

    def test_people_by_email_and_accounts_by_domain(self):
        self.assertEqual([c.contact for c in self.ledger.contacts_by_email("ZOE@acme.example")], [1])
        self.assertEqual(self.ledger.contacts_by_email("nobody@acme.example"), [])
        found = self.ledger.accounts_by_domain("www.Acme.example.")
        self.assertEqual([account.account for account in found], [1])
        self.assertRaises(TypeError, self.ledger.accounts_by_domain, None)

    def test_ids_in_other_systems(self):
        self.assertEqual(self.ledger.external_ids("lead", 1), [tl.ExternalId("crm", "L1")])
        self.assertEqual(self.ledger.external_ids("lead", 99), [])
        self.assert_fault("entity", self.ledger.external_ids, "invoice", 1)

    def test_a_note(self):
        receipt = self.ledger.execute(tl.NoteAdd(lead="crm:L1", text="Zoë:\ncall in May."))
        self.assertEqual(receipt.entity, "note")
        self.assertEqual(self.ledger.note(receipt.id), "Zoë:\ncall in May.")

    def test_a_person_is_told_and_erased(self):
        folder = self.path("person.db")
        with tl.open(folder, create=True) as ledger:
            account = ledger.execute(tl.AccountOpen(name="Acme")).id
            contact = ledger.execute(tl.ContactAdd(account=account, name="Zoë Quast")).id
            self.assertEqual(json.loads(ledger.person(contact))["profiles"][0]["name"], "Zoë Quast")
            self.assertIsNone(ledger.contact(contact).erased_at)
            receipt = ledger.execute(tl.ContactErase(contact=contact, reason="asked_for"))
            self.assertFalse(receipt.pending)
            self.assertTrue(ledger.finish_erasures())
            self.assertEqual(ledger.contact(contact).erased_at, receipt.recorded_at)
            self.assertEqual(json.loads(ledger.person(contact))["profiles"], [])
            self.assertRaises(KeyError, ledger.profile, contact)
            for name in (folder, folder + "-wal"):
                with open(name, "rb") as file:
                    self.assertNotIn(b"Quast", file.read())
        self.assertRaises(KeyError, self.ledger.person, 99)

    def test_the_state_as_of_a_time(self):
        state = self.ledger.account_state("crm:A1")
        self.assertEqual(state.domains, ["acme.example"])
        self.assertEqual([len(state.contacts), len(state.leads), len(state.opportunities)],
                         [1, 1, 1])
        self.assertEqual(state.opportunity_leads, [(self.deal, 1)])
        self.assertEqual(state.opportunity_roles, [(self.deal, 1, "decision_maker")])
        then = self.ledger.account_state("crm:A1", through=datetime(2024, 1, 15))
        self.assertEqual((then.leads[0].stage, then.opportunities), ("inquiry", []))
        self.assertEqual(then.as_of.through, utc(2024, 1, 15))
        self.assert_fault("through", self.ledger.account_state, "crm:A1", through="soon")

    def test_an_answer_is_given_again(self):
        state = self.ledger.account_state("crm:A1")
        self.ledger.execute(tl.NoteAdd(account="crm:A1", text="later"))
        self.assertNotEqual(self.ledger.account_state("crm:A1"), state)
        self.assertEqual(self.ledger.account_state("crm:A1", seq=state.as_of.seq), state)
        self.assert_fault("seq", self.ledger.account_state, "crm:A1", seq=-1)
        with self.ledger.snapshot(state.as_of.seq) as snapshot:
            self.assertEqual(snapshot.seq, state.as_of.seq)
        self.assert_fault("seq", self.ledger.snapshot, state.as_of.seq + 2)

    def test_records_are_values(self):
        lead = self.ledger.lead("crm:L1")
        self.assertEqual(pickle.loads(pickle.dumps(lead)), lead)
        self.assertRaises(AttributeError, setattr, lead, "stage", "mql")


class Lists(BindingTest):
    def setUp(self):
        super().setUp()
        with tl.Batch() as batch:
            batch.add_columns("account.open", {"name": [f"A{i}" for i in range(2500)]})
            batch.add_columns("lead.open", {"account": list(range(1, 2501))})
            self.ledger.execute_all(batch).raise_first()

    def test_pages(self):
        page = self.ledger.lead_page(size=3)
        self.assertEqual([lead.lead for lead in page.records], [1, 2, 3])
        page = self.ledger.lead_page(size=3, cursor=page.next_cursor)
        self.assertEqual([lead.lead for lead in page.records], [4, 5, 6])
        self.assertEqual(len(self.ledger.lead_page().records), 100)

    def test_all_of_them(self):
        self.assertEqual([lead.lead for lead in self.ledger.leads()], list(range(1, 2501)))
        self.assertEqual(list(self.ledger.opportunities()), [])
        self.assertIsNone(self.ledger.opportunity_page().next_cursor)

    def test_filters(self):
        self.ledger.execute(tl.LeadMove(lead=7, stage="mql"))
        self.assertEqual([lead.lead for lead in self.ledger.leads(tl.Filter(stage="mql"))], [7])
        found = self.ledger.leads(tl.Filter(phase="marketing", account=8))
        self.assertEqual([lead.lead for lead in found], [8])
        self.ledger.execute(tl.LeadNurture(lead=9, until="2030-05-02"))
        due = tl.Filter(due_from=date(2030, 5, 1), due_to="2030-05-31")
        self.assertEqual([lead.return_on for lead in self.ledger.leads(due)], [date(2030, 5, 2)])

    def test_bad_filters_and_pages(self):
        self.assert_fault("phase", self.ledger.lead_page, tl.Filter(phase="limbo"))
        self.assert_fault("owner", self.ledger.lead_page, tl.Filter(owner=HUGE))
        self.assert_fault("due_from", self.ledger.lead_page, tl.Filter(due_from="soon"))
        self.assert_fault("size", self.ledger.lead_page, size=HUGE)
        self.assertRaises(ValueError, self.ledger.lead_page, size=10_001)
        self.assertRaises(ValueError, self.ledger.lead_page, cursor="nonsense")
        self.assertRaises(TypeError, self.ledger.lead_page, tl.Filter(stage=1))


if __name__ == "__main__":
    main()
