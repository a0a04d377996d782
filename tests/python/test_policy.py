"""The policy as data."""

import json

from binding import HUGE, BindingTest, main, tl


class Policies(BindingTest):
    def test_what_it_says(self):
        with tl.Policy.parse() as policy:
            self.assertEqual(policy.version, 0)
            self.assertEqual(policy.json == "" or json.loads(policy.json) is not None, True)
            self.assertIn(policy.fiscal_year_start_month, range(1, 13))
            self.assertEqual(policy.sourcing_window_days, 180)
            self.assertGreater(policy.reengagement_window_days, 700)
            self.assertTrue(policy.time_zone)
            self.assertTrue(policy.name)
        self.assertEqual(self.ledger.policy().version, 1)

    def test_stages(self):
        policy = tl.Policy.parse()
        keys = [stage.key for stage in policy.stages]
        self.assertEqual(keys[0], "inquiry")
        nurture = policy.stage("nurture")
        self.assertEqual((nurture.phase, nurture.kind, nurture.requirements, nurture.retired),
                         ("marketing", "parked", ("return_date",), False))
        self.assertEqual(policy.stage(nurture.id), nurture)
        self.assertEqual(policy.stage("NURTURE").key, "nurture")
        self.assertIn("reason", policy.stage("dead").requirements)
        self.assertTrue(policy.allows("inquiry", "mql"))
        self.assertTrue(policy.allows(nurture.id, "mql"))

    def test_kinds_of_touches(self):
        kind = tl.Policy.parse().touch_kind("webinar")
        self.assertEqual((kind.key, kind.side, kind.response), ("webinar", "marketing", True))

    def test_what_is_not_there(self):
        policy = tl.Policy.parse()
        self.assertRaises(KeyError, policy.stage, "limbo")
        self.assertRaises(KeyError, policy.stage, 9999)
        self.assertRaises(KeyError, policy.allows, "limbo", "mql")
        self.assertRaises(KeyError, policy.touch_kind, "seance")
        self.assert_fault("stage", policy.stage, HUGE)
        self.assertRaises(TypeError, policy.stage, None)
        self.assertRaises(TypeError, policy.touch_kind, None)

    def test_a_policy_that_is_none(self):
        for text in ("{", "[]", '{"colour": 1}'):
            self.assertRaises(ValueError, tl.Policy.parse, text)
        self.assertRaises(TypeError, tl.Policy.parse, None)
        self.assertRaises(ValueError, tl.in_memory, tl.LedgerOptions(policy="{"))

    def test_reads_notice_a_new_version(self):
        path = self.path("policy.db")
        with tl.create(path) as writer, tl.open(path) as reader:
            lead = writer.execute(tl.LeadOpen(account=writer.execute(
                tl.AccountOpen(name="Acme")).id)).id
            self.assertEqual([reader.lead(lead).stage for _ in range(2)], ["inquiry"] * 2)
            text = writer.policy().json.replace('"inquiry"', '"anfrage"')
            writer.execute(tl.PolicySet(json=text))
            self.assertEqual(writer.lead(lead).stage, "anfrage")
            self.assertEqual([reader.lead(lead).stage for _ in range(2)], ["anfrage"] * 2)

    def test_successors(self):
        policy = self.ledger.policy()
        policy.check_successor(policy)
        self.assertRaises(TypeError, policy.check_successor, None)
        text = json.loads(policy.json)
        text["stages"] = [s for s in text["stages"] if s.get("key") != "engaged"]
        try:
            smaller = tl.Policy.parse(json.dumps(text))
        except tl.InvalidArgument:
            return  # its transitions name the stage
        self.assertRaises(tl.InvalidArgument, policy.check_successor, smaller)


if __name__ == "__main__":
    main()
