"""Commands: every one of them, good and bad; batches; outcomes."""

import ctypes
import dataclasses
import json
from array import array
from datetime import date, datetime, timezone
from decimal import Decimal

from binding import HUGE, BindingTest, main, tl, utc
from throughline import _abi, commands, words

# One good set of members for each command, in an order in which they work one after the other.
GOOD = [
    tl.OwnerDefine(kind="rep", side="sales", name="Ada Byron", external_ids=["crm:U1"]),
    tl.OwnerDefine(kind="team", name="North", retired=False, external_ids=["crm:U2"]),
    tl.CampaignDefine(name="Spring", channel="webinar", starts_on=date(2024, 3, 1),
                      ends_on="2024-05-31", external_ids=["crm:K1"]),
    tl.CampaignCost(campaign="crm:K1", spent_on="2024-03-12", amount="1500.00 EUR"),
    tl.ExchangeRateSet(base="USD", quote="EUR", valid_from="2024-03-01", rate=Decimal("0.923")),
    tl.AccountOpen(name="Acme", domains=["acme.example"], external_ids=["crm:A1"]),
    tl.AccountOpen(name="Bolt", external_ids=[tl.ExternalId("crm", "A2")]),
    tl.AccountUpdate(account="crm:A1", name="Acme SE", removed_domains=["acme.example"],
                     domains=["acme-group.example"]),
    tl.ContactAdd(account="crm:A1", name="Zoë Müller", email="zoe@acme.example",
                  phone="+49 30 1234", title="Buyer", external_ids=["crm:C1"]),
    tl.ContactUpdate(contact="crm:C1", title="COO", phone=""),
    tl.TouchRecord(account="crm:A1", contact="crm:C1", campaign="crm:K1", kind="webinar",
                   side="marketing", direction="inbound", response=True, follow_up=False),
    tl.LeadOpen(account="crm:A1", contact="crm:C1", source="webinar", external_ids=["crm:L1"]),
    tl.NoteAdd(lead="crm:L1", text="Budget is decided in May.\nCall again then."),
    tl.LeadMove(lead="crm:L1", stage="mql"),
    tl.LeadAssign(lead="crm:L1", owner="crm:U1"),
    tl.LeadNurture(lead="crm:L1", until=date(2199, 1, 1)),
    tl.LeadReopen(lead="crm:L1"),
    tl.LeadClose(lead="crm:L1", stage="dead", reason="no_response"),
    tl.LeadReopen(lead="crm:L1"),
    tl.OpportunityOpen(account="crm:A1", type="new_business", name="200 seats", owner="crm:U1",
                       amount=tl.Money(Decimal("48000"), "EUR"), close_date="2030-09-30",
                       external_ids=["crm:O1"]),
    tl.LeadConvert(lead="crm:L1", opportunity="crm:O1"),
    tl.OpportunityMove(opportunity="crm:O1", stage="proposal"),
    tl.OpportunityValue(opportunity="crm:O1", amount="45000.00 EUR", close_date="2030-10-01"),
    tl.OpportunityAssign(opportunity="crm:O1", owner="crm:U1"),
    tl.OpportunityRole(opportunity="crm:O1", contact="crm:C1", role="decision_maker"),
    tl.OpportunityWin(opportunity="crm:O1", amount="45000.00 EUR"),
    tl.OpportunityBook(opportunity="crm:O1", amount="44100.00 EUR", booked_on="2024-10-02",
                       order="SO-88"),
    tl.OpportunityOpen(account="crm:A2", external_ids=["crm:O2"]),
    tl.OpportunityLose(opportunity="crm:O2", reason="no_decision"),
    tl.OpportunityReopen(opportunity="crm:O2", stage="negotiation"),
    tl.ContactMove(contact="crm:C1", account="crm:A2"),
    tl.ContactAdd(account="crm:A2", name="Zoe Mueller", external_ids=["crm:C2"]),
    tl.ContactMerge(contact="crm:C1", merged="crm:C2", reason="duplicate"),
    tl.ContactUnmerge(contact="crm:C2", reason="not_the_same"),
    tl.AccountMerge(account="crm:A1", merged="crm:A2", reason="duplicate"),
    tl.AccountUnmerge(account="crm:A2", reason="not_the_same"),
    tl.ContactErase(contact="crm:C1", reason="asked_for"),
]
KINDS = [kind for kind in vars(commands).values()
         if isinstance(kind, type) and issubclass(kind, commands.Command)
         and kind is not commands.Command]


class EveryCommand(BindingTest):
    def run_all(self):
        receipts = []
        for command in GOOD:
            with self.subTest(command=command.fact):
                receipts.append(self.ledger.execute(command, tl.Context(mode="observe")))
        return receipts

    def test_all_of_them_work(self):
        receipts = self.run_all()
        touch = next(r for c, r in zip(GOOD, receipts) if isinstance(c, tl.TouchRecord))
        opened = next(r for c, r in zip(GOOD, receipts) if isinstance(c, tl.LeadOpen))
        policy = self.ledger.policy().json
        for command in (
                tl.EventAmend(event=touch.seq << 20, occurred_at="2024-01-01",
                              changes={"channel": "email"}, reason="wrong_date"),
                tl.TouchRetract(touch=f"{touch.seq}:0", reason="duplicate"),
                tl.EventVoid(event=self.ledger.execute(
                    tl.NoteAdd(lead="crm:L1", text="x")).seq << 20, reason="entered_twice"),
                tl.PolicySet(json=policy)):
            with self.subTest(command=command.fact):
                self.assertGreater(self.ledger.execute(command).seq, opened.seq)
        self.assertTrue(self.ledger.verify())

    def test_there_is_a_class_for_every_command(self):
        self.assertEqual(sorted(kind.fact for kind in KINDS), sorted(words.COMMAND.all()))
        used = {type(command) for command in GOOD}
        self.assertEqual({kind.__name__ for kind in KINDS if kind not in used},
                         {"AccountDistinct", "EventAmend", "EventVoid", "TouchRetract", "PolicySet"})

    def test_the_members_are_those_of_the_header(self):
        for kind in KINDS:
            members = [name for name, _ in kind._struct._fields_
                       if name not in ("struct_size", "command", "reserved")]
            fields = ["rate_e9" if f.name == "rate" else f.name for f in dataclasses.fields(kind)]
            self.assertEqual(fields, members, kind.__name__)

    def test_nothing_given_is_refused_not_fatal(self):
        may_be_empty = {"owner.define", "campaign.define", "account.open"}
        for kind in KINDS:
            with self.subTest(command=kind.fact):
                if kind.fact not in may_be_empty:
                    self.assertRaises(tl.ThroughlineError, self.ledger.execute, kind())

    def test_wrong_types_in_every_member(self):
        for kind in KINDS:
            for member in dataclasses.fields(kind):
                with self.subTest(command=kind.fact, member=member.name):
                    command = kind(**{member.name: object()})
                    self.assertRaises(TypeError, self.ledger.execute, command)

    def test_stale_references_are_not_found(self):
        for command in (tl.LeadMove(lead=999, stage="mql"), tl.AccountUpdate(account="crm:none"),
                        tl.OpportunityWin(opportunity=999), tl.LeadOpen(account=999)):
            with self.assertRaises(KeyError) as raised:
                self.ledger.execute(command)
            self.assertIn(raised.exception.detail.field, ("lead", "account", "opportunity"))

    def test_what_is_no_command(self):
        for value in (None, "lead.move", commands.Command(), {"fact": "lead.move"}):
            self.assertRaises(TypeError, self.ledger.execute, value)
        self.assertRaises(TypeError, self.ledger.execute, tl.AccountOpen(), {"at": "2024-01-01"})

    def test_words_are_checked(self):
        self.assert_fault("side", self.ledger.execute, tl.OwnerDefine(side="finance"))
        self.assert_fault("type", self.ledger.execute, tl.OpportunityOpen(type="upsell"))
        self.assertRaises(ValueError, self.ledger.execute, tl.AccountOpen(),
                          tl.Context(mode="guess"))

    def test_the_functions_of_the_commands_do_as_execute_does(self):
        from throughline._lib import lib
        for command in GOOD:
            kept = []
            args, context = command.write(kept), tl.Context(mode="observe").write(kept)
            args.command = 0
            function = getattr(lib, "tl_" + type(args).__name__[3:-5])
            error = _abi.tl_error(ctypes.sizeof(_abi.tl_error))
            status = function(self.ledger._pointer(), ctypes.byref(args), ctypes.byref(context),
                              None, ctypes.byref(error))
            self.assertEqual(status, 0, f"{command.fact}: {error.message}")


class Answers(BindingTest):
    def test_a_receipt(self):
        receipt = self.ledger.execute(tl.AccountOpen(name="Acme"))
        self.assertEqual((receipt.entity, receipt.id, receipt.account), ("account", 1, 1))
        self.assertEqual((receipt.version, receipt.events, receipt.repeated), (1, 1, False))
        self.assertIs(receipt.recorded_at.tzinfo, timezone.utc)

    def test_a_refusal_of_the_policy_names_the_rule(self):
        lead = self.open_lead()
        with self.assertRaises(tl.FailedPrecondition) as raised:
            self.ledger.execute(tl.LeadClose(lead=lead, stage="dead"))
        error = raised.exception
        self.assertEqual(error.detail.rule, "missing_reason")
        self.assertEqual((error.code, error.name), (9, "FAILED_PRECONDITION"))
        self.assertTrue(str(error))

    def test_a_breach_that_is_observed(self):
        lead = self.open_lead()
        receipt = self.ledger.execute(tl.LeadClose(lead=lead, stage="dead"),
                                      tl.Context(mode="observe"))
        self.assertIn("missing_reason", receipt.breaches)

    def test_a_version_conflict(self):
        self.open_lead()
        with self.assertRaises(tl.Aborted) as raised:
            self.ledger.execute(tl.AccountUpdate(account="crm:A1", name="B"),
                                tl.Context(expected_version=1))
        self.assertEqual(raised.exception.detail.version, 2)

    def test_an_external_id_that_is_taken(self):
        self.open_lead()
        with self.assertRaises(tl.AlreadyExists) as raised:
            self.ledger.execute(tl.AccountOpen(external_ids=["crm:A1"]))
        self.assertEqual(raised.exception.detail.id, 1)

    def test_a_request_is_carried_out_once(self):
        context = tl.Context(request_id="r-1")
        first = self.ledger.execute(tl.AccountOpen(name="Acme"), context)
        again = self.ledger.execute(tl.AccountOpen(name="Acme"), context)
        self.assertEqual((again.id, again.seq, again.repeated), (first.id, first.seq, True))
        self.assertRaises(ValueError, self.ledger.execute, tl.AccountOpen(name="B"), context)
        self.assert_fault("request_id", self.ledger.execute, tl.AccountOpen(name="B"),
                          tl.Context(request_id="x" * 65))

    def test_the_actor_and_when_it_was_entered(self):
        owner = self.ledger.execute(tl.OwnerDefine(name="Ada")).id
        self.ledger.execute(tl.AccountOpen(external_ids=["crm:A1"]), tl.Context(
            actor=owner, at="2024-01-01", entered_at=utc(2024, 1, 2), mode="observe", key="k1"))
        event = self.ledger.timeline("crm:A1")[0]
        self.assertEqual((event.actor, event.known_at), (owner, utc(2024, 1, 2)))


class Batches(BindingTest):
    def setUp(self):
        super().setUp()
        self.batch = tl.Batch()
        self.addCleanup(self.batch.close)

    def facts(self):
        return [json.loads(self.batch.json(i)) for i in range(len(self.batch))]

    def test_structs_lines_and_columns_mix(self):
        self.batch.add(tl.LeadMove(lead=1, stage="mql"), tl.Context(at="2024-01-01"))
        self.batch.add_json('{"fact": "lead.move", "lead": 2, "stage": "mql"}\n\n')
        self.batch.add_columns("lead.move", {"lead": [3, 4], "stage": "mql"})
        self.assertEqual([fact["lead"] for fact in self.facts()], [1, 2, 3, 4])
        self.batch.clear()
        self.assertEqual(len(self.batch), 0)

    def test_columns_of_every_kind(self):
        self.batch.add_columns("opportunity.open", {
            "account": array("q", [1, 2]), "leads": ["crm:L1", None],
            "amount": [tl.Money(Decimal("12.5"), "EUR"), None], "type": "renewal",
            "close_date": [date(2024, 1, 31), None], "at": [utc(2024, 1, 1, 5), None],
            "attributes.industry": ["Zoë", None], "external_ids": [tl.ExternalId("crm", "1"), "crm:2"]})
        first, second = self.facts()
        self.assertEqual(first["amount"], "12.50 EUR")
        self.assertEqual((first["leads"], first["close_date"]), (["crm:L1"], "2024-01-31"))
        self.assertEqual(first["attributes"], {"industry": "Zoë"})
        self.assertTrue(first["at"].startswith("2024-01-01T05:00:00"))
        self.assertEqual(second, {"fact": "opportunity.open", "account": 2, "type": "renewal",
                                  "external_ids": ["crm:2"]})

    def test_days_and_mixed_times(self):
        self.batch.add_columns("account.open", {"at": [date(2024, 1, 2)], "name": ["A"]})
        self.batch.add_columns("account.open", {"at": [date(2024, 1, 2), datetime(2024, 1, 3, 4)],
                                                "name": ["A", "B"]})
        self.assertEqual([fact["at"][:10] for fact in self.facts()],
                         ["2024-01-02", "2024-01-02", "2024-01-03"])
        self.assertEqual(self.facts()[0]["at"], "2024-01-02")

    def test_truth_values(self):
        self.batch.add_columns("touch.record", {"lead": [1, 2, 3], "kind": "call",
                                                "response": [True, False, None]})
        self.assertEqual([fact.get("response") for fact in self.facts()], [True, False, None])

    def test_rows(self):
        self.batch.add_rows("account.open", [
            {"name": "A", "external_ids": ["crm:1", "erp:2"], "attributes": {"industry": "steel"}},
            {"name": "B", "domains": ["b.example"]}, {"external_ids": "crm:3"}])
        self.assertEqual(self.facts(), [
            {"fact": "account.open", "name": "A", "external_ids": ["crm:1", "erp:2"],
             "attributes": {"industry": "steel"}},
            {"fact": "account.open", "name": "B", "domains": ["b.example"]},
            {"fact": "account.open", "external_ids": ["crm:3"]}])

    def test_nothing_of_something(self):
        self.batch.add_columns("lead.move", {"lead": [], "stage": []})
        self.batch.add_rows("lead.move", [])
        self.batch.add_json("")
        self.assertEqual(len(self.batch), 0)

    def test_bad_columns(self):
        add = self.batch.add_columns
        self.assert_fault("columns", add, "lead.move", {"lead": [1, 2], "stage": ["mql"]})
        self.assert_fault("columns", add, "lead.move", {"colour": ["red"]})
        self.assert_fault("columns", add, "lead.move", {"lead": 1})
        self.assert_fault("fact", add, "lead.paint", {"lead": [1]})
        self.assert_fault("lead", add, "lead.move", {"lead": [HUGE]})
        self.assertRaises(TypeError, add, "lead.move", {"lead": [object()]})
        self.assertRaises(TypeError, add, "opportunity.value", {"amount": [1.5]})
        self.assertRaises(TypeError, self.batch.add_rows, "lead.move", [["lead", 1]])
        self.assert_fault("close_date", add, "opportunity.value",
                          {"close_date": [datetime(2024, 1, 1, 5)]})
        self.assertEqual(len(self.batch), 0)

    def test_a_bad_line_names_its_place_and_adds_nothing(self):
        lines = '{"fact": "account.open"}\n{"fact": "lead.move", "colour": 1}\n'
        self.assert_fault("lines[1].", self.batch.add_json, lines)
        self.assertEqual(len(self.batch), 0)
        self.assertRaises(IndexError, self.batch.json, 0)
        self.assertRaises(IndexError, self.batch.json, -1)
        self.assert_fault("index", self.batch.json, HUGE)

    def test_missing_values_of_data_frames(self):
        self.batch.add_columns("lead.open", {"account": [17.0, float("nan")],
                                             "source": ["web", float("nan")]})
        self.assertEqual(self.facts(), [{"fact": "lead.open", "account": 17, "source": "web"},
                                        {"fact": "lead.open"}])

    def test_all_or_nothing(self):
        self.open_lead()
        self.batch.add(tl.LeadMove(lead="crm:L1", stage="mql"))
        self.batch.add(tl.LeadMove(lead="crm:L1", stage="nonsense"))
        with self.assertRaises(tl.InvalidArgument) as raised:
            self.ledger.execute_atomic(self.batch)
        self.assertTrue(raised.exception.detail.field.startswith("commands[1]."))
        self.assertEqual(self.ledger.lead("crm:L1").stage, "inquiry")
        self.batch.clear()
        self.batch.add(tl.LeadMove(lead="crm:L1", stage="mql"))
        self.batch.add(tl.NoteAdd(lead="crm:L1", text="Called."))
        receipt = self.ledger.execute_atomic(self.batch, tl.Context(request_id="r"))
        self.assertEqual(receipt.events, 2)

    def test_an_empty_batch_cannot_be_atomic(self):
        self.assertRaises(ValueError, self.ledger.execute_atomic, self.batch)
        self.assertEqual(len(self.ledger.execute_all(self.batch)), 0)

    def test_outcomes_one_by_one(self):
        self.open_lead(1)
        self.batch.add_columns("lead.move", {"lead": [1, 99, 1], "stage": ["mql", "mql", "no"]})
        outcomes = self.ledger.execute_all(self.batch)
        self.assertEqual((len(outcomes), outcomes.accepted), (3, 1))
        self.assertEqual(outcomes.statuses.tolist(), [0, 5, 3])
        self.assertEqual(outcomes.accounts.tolist(), [1, 0, 0])
        self.assertEqual(outcomes.versions.tolist(), [3, 0, 0])
        self.assertIsInstance(outcomes[0], tl.Receipt)
        self.assertIsInstance(outcomes[-1], tl.InvalidArgument)
        self.assertEqual([error.index for error in outcomes.refusals()], [1, 2])
        self.assertEqual(len(list(outcomes)), 3)
        self.assertRaises(tl.NotFound, outcomes.raise_first)
        self.assertRaises(IndexError, outcomes.__getitem__, 3)
        self.assertRaises(IndexError, outcomes.__getitem__, -4)

    def test_more_than_the_library_takes_at_a_time(self):
        count = _abi.TL_MAX_COMMANDS + 10
        self.batch.add_columns("account.open", {"name": [f"A{i}" for i in range(count)]})
        outcomes = self.ledger.execute_all(self.batch)
        self.assertEqual(outcomes.accepted, count)
        self.assertEqual(outcomes.ids.tolist(), list(range(1, count + 1)))
        self.assertEqual(outcomes[count - 1].id, count)

    def test_slices_out_of_bounds(self):
        self.batch.add(tl.AccountOpen(name="A"))
        for first, count in ((0, 2), (2, 1), (-1, 1), (0, HUGE)):
            self.assertRaises((ValueError, IndexError), self.ledger.execute_all, self.batch, first,
                              count)


if __name__ == "__main__":
    main()
