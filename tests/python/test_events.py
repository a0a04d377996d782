"""History: timelines, traces, the change feed, callbacks after commits."""

import json
import threading

from binding import HUGE, BindingTest, main, tl, utc


class History(BindingTest):
    def setUp(self):
        super().setUp()
        self.deal = self.won_deal()

    def test_a_timeline(self):
        with self.ledger.timeline("crm:A1") as events:
            kinds = [event.event for event in events]
            self.assertEqual(kinds[0], "account_opened")
            self.assertIn("touch_recorded", kinds)
            self.assertEqual(events[-1].event, "opportunity_moved")
            self.assertEqual(events[-1].to_stage.phase, "won")
            self.assertEqual(events[0:1], [events[0]])
            self.assertRaises(IndexError, events.__getitem__, len(events))
            self.assertRaises(IndexError, events.__getitem__, -len(events) - 1)
            self.assertIsNone(events.next_cursor)

    def test_pages_and_order(self):
        all_ids = [event.id for event in self.ledger.timeline("crm:A1")]
        page = self.ledger.timeline("crm:A1", size=2)
        more = self.ledger.timeline("crm:A1", size=2, cursor=page.next_cursor)
        self.assertEqual([event.id for event in (*page, *more)], all_ids[:4])
        newest = [event.id for event in self.ledger.history("crm:A1", newest_first=True)]
        self.assertEqual(newest[::-1], all_ids)
        self.assertEqual(page.as_of, more.as_of)
        self.ledger.execute(tl.NoteAdd(account="crm:A1", text="between two pages"))
        rest = self.ledger.timeline("crm:A1", cursor=more.next_cursor)
        self.assertEqual([event.id for event in rest], all_ids[4:])
        self.assertEqual(rest.as_of, page.as_of)
        early = self.ledger.timeline("crm:A1", through="2024-01-02")
        self.assertEqual(early[-1].event, "touch_recorded", "a day goes to its end")
        self.assertLess(len(early), len(all_ids))

    def test_a_touch(self):
        touch = next(e for e in self.ledger.history("crm:A1") if e.event == "touch_recorded")
        self.assertEqual((touch.channel, touch.touch_kind, touch.side), ("webinar", "webinar",
                                                                          "marketing"))
        self.assertEqual((touch.contact, touch.occurred_at), (1, utc(2024, 1, 2, 10)))
        self.assertEqual(touch.id, touch.seq << 20)

    def test_all_that_an_event_says(self):
        events = self.ledger.timeline("crm:A1")
        lines = events.json().splitlines()
        self.assertEqual(len(lines), len(events))
        self.assertEqual(json.loads(events.json(0)), events.dicts()[0])
        self.assertEqual(events.dicts()[0]["event"], "account_opened")
        self.assertRaises(IndexError, events.json, len(events))
        self.assertRaises(IndexError, events.json, -2)

    def test_the_line_of_a_deal(self):
        trace = self.ledger.trace("crm:O1")
        self.assertTrue(trace.sentence)
        self.assertIn("touch_recorded", [event.event for event in trace.events])
        self.assertRaises(KeyError, self.ledger.trace, 99)
        links = trace.links()
        self.assertEqual(len(links), len(trace.events))
        self.assertEqual((links[0].acquaintance, links[0].lead, links[0].silent_days),
                         ("first", None, 0))
        self.assertEqual(links[-1].opportunity, 1)
        self.assertEqual(trace.events.dicts()[0]["link"]["acquaintance"], "first")
        self.assertRaises(IndexError, trace.link, len(links))

    def test_the_line_of_a_lead(self):
        trace = self.ledger.trace_lead(1)
        self.assertIn("lead_opened", [event.event for event in trace.events])
        early = self.ledger.trace_lead(1, known_at=trace.events.as_of.known_at,
                                       seq=trace.events.as_of.seq)
        self.assertEqual(early.sentence, trace.sentence)
        self.assertRaises(KeyError, self.ledger.trace_lead, 1, through="2000-01-01")
        self.assertRaises(KeyError, self.ledger.trace_lead, 99)

    def test_bad_questions(self):
        self.assertRaises(KeyError, self.ledger.timeline, 99)
        self.assertRaises(TypeError, self.ledger.timeline, None)
        self.assertRaises(ValueError, self.ledger.timeline, "crm:A1", size=10_001)
        self.assertRaises(ValueError, self.ledger.timeline, "crm:A1", cursor="nonsense")
        self.assert_fault("size", self.ledger.timeline, "crm:A1", size=HUGE)
        self.assert_fault("after", self.ledger.feed_read, HUGE)
        self.assertRaises(ValueError, self.ledger.feed_read, 0, 0)
        self.assertRaises(ValueError, self.ledger.feed_read, 0, 10_001)


class Feed(BindingTest):
    def test_reading_on(self):
        self.open_lead(1)
        first = self.ledger.feed_read(0, 1)
        rest = self.ledger.feed_read(first[-1].seq)
        kinds = [event.event for event in (*first, *rest)]
        self.assertEqual([k for k in kinds if k != "policy_set"],
                         ["account_opened", "lead_opened"])
        self.assertEqual(len(self.ledger.feed_read(rest[-1].seq)), 0)

    def test_waiting(self):
        seq = self.ledger.execute(tl.AccountOpen(name="A")).seq
        self.assertEqual(self.ledger.feed_wait(seq, 0), seq)
        self.assertEqual(self.ledger.feed_wait(seq - 1, 10), seq)
        self.assertEqual(self.ledger.feed_wait(seq, -5), seq)
        opens = threading.Timer(0.05, self.open_lead)
        opens.start()
        self.assertGreater(self.ledger.feed_wait(seq, 30), seq)
        opens.join()

    def test_following(self):
        self.open_lead(1)
        kinds = [event.event for event in self.ledger.follow(timeout=0)]
        self.assertEqual(kinds[-2:], ["account_opened", "lead_opened"])

    def test_a_callback_after_commits(self):
        seen = []
        with self.ledger.subscribe(seen.append):
            seq = self.ledger.execute(tl.AccountOpen(name="A")).seq
        self.ledger.execute(tl.AccountOpen(name="B"))
        self.assertEqual(seen, [seq])
        self.assertRaises(TypeError, self.ledger.subscribe, None)

    def test_a_callback_that_raises(self):
        def fail(_seq):
            raise LookupError("no room")
        with self.ledger.subscribe(fail):
            with self.assertRaisesRegex(LookupError, "no room"):
                self.ledger.execute(tl.AccountOpen(name="A", external_ids=["crm:A1"]))
        self.assertEqual(self.ledger.account("crm:A1").name, "A")
        self.ledger.execute(tl.AccountOpen(name="B"))

    def test_an_interrupt_in_a_callback_comes_through(self):
        def interrupt(_seq):
            raise KeyboardInterrupt
        with self.ledger.subscribe(interrupt):
            self.assertRaises(KeyboardInterrupt, self.ledger.execute, tl.AccountOpen(name="A"))

    def test_the_library_is_not_to_be_called_from_a_callback(self):
        with self.ledger.subscribe(lambda seq: self.ledger.feed_read(0)):
            self.assertRaises(tl.Reentrant, self.ledger.execute, tl.AccountOpen(name="A"))

    def test_a_subscription_keeps_the_ledger(self):
        seen = []
        subscription = self.ledger.subscribe(seen.append)
        self.ledger.close()
        subscription.close()
        self.assertTrue(subscription.closed)


if __name__ == "__main__":
    main()
