"""History: events, an account's timeline, the line of a deal, the change feed."""

from __future__ import annotations

import ctypes
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Callable, Dict, Iterator, List, Optional, Sequence, Tuple, Union, overload

from . import _abi, words
from ._arguments import as_of, reference, write_text
from ._callbacks import LedgerHandle
from ._handle import Handle
from ._lib import lib
from ._record_reads import lineage_of
from ._results import (optional_day, optional_money, optional_text, sized, take_string)
from .errors import call
from .records import AsOf, Lineage
from .values import Moment, Money, Ref, checked_int64, time_of

_NO_DESTROY = ctypes.cast(0, _abi.tl_destroy_fn)
_YEAR_US = 365 * 24 * 3600 * 1_000_000


@dataclass(frozen=True)
class StageRef:
    """A stage as it was when the event was decided."""

    id: int
    key: str  # as the policy in force has it
    phase: Optional[str]
    kind: Optional[str]


@dataclass(frozen=True)
class Event:
    """One accepted fact. What its kind does not say is None; Events.json has all that it says."""

    event: Optional[str]  # kind: "lead_moved"; None: written by a later version
    id: int  # seq << 20 | place in the commit
    seq: int  # of its commit
    account: Optional[int]  # whose stream it is in; None: what belongs to no company
    version: int  # of the account, after the commit
    occurred_at: datetime  # in a timeline as amended
    occurred_day: bool  # only the day is known
    recorded_at: datetime
    known_at: datetime  # since when it counts as known
    breaches: Tuple[str, ...]
    actor: Optional[int]
    policy: Optional[int]  # version that decided
    request_id: Optional[str]
    fact_key: Optional[int]  # hash of the key it was imported with
    voided: bool
    amended: bool
    contact: Optional[int]
    lead: Optional[int]
    opportunity: Optional[int]
    campaign: Optional[int]
    owner: Optional[int]
    note: Optional[int]
    about: Optional[int]  # the event that this one retracts, amends or voids
    from_account: Optional[int]
    to_account: Optional[int]  # of a merge or its undoing: whose name shows
    merged: Optional[int]  # and the account or contact that is the alias
    from_stage: Optional[StageRef]
    to_stage: Optional[StageRef]
    reason: Optional[str]
    channel: Optional[str]
    touch_kind: Optional[str]
    side: Optional[str]
    direction: Optional[str]
    response: bool
    follow_up: bool
    amount: Optional[Money]
    return_on: Optional[date]
    match_rule: Optional[str]  # "domain": how somebody was found, or what two accounts share
    match_value: Optional[str]  # what was found, unless it is personal
    match_candidates: Optional[int]  # accounts that have it; None: nothing was looked for
    opened_account: bool  # an account_opened follows that the match needed
    opened_contact: bool  # and a contact_added
    other_account: Optional[int]  # of a pair that may be one company, or is not
    role: Optional[str]  # of a person in an opportunity
    crossing: Tuple[int, ...]  # of an undone merge: events of one side that name the other's records
    lineage: Optional[Lineage]  # of an opening or a relinking


def _stage_ref(stage: Any) -> Optional[StageRef]:
    if not stage.id:
        return None
    return StageRef(stage.id, optional_text(stage.key) or str(stage.id),
                    words.PHASE.name(stage.phase), words.STAGE_KIND.name(stage.kind))


def _event(e: Any) -> Event:
    return Event(
        words.EVENT.name(e.kind), e.id, e.seq, e.account or None, e.version,
        time_of(e.occurred_at), bool(e.occurred_day), time_of(e.recorded_at), time_of(e.known_at),
        tuple(words.BREACH.names_of(e.breaches)) if e.breaches else (), e.actor or None,
        e.policy or None, optional_text(e.request_id), e.fact_key or None, bool(e.voided),
        bool(e.amended), e.contact or None, e.lead or None, e.opportunity or None,
        e.campaign or None, e.owner or None, e.note or None, e.event or None,
        e.from_account or None, e.to_account or None, e.merged or None, _stage_ref(getattr(e, "from")),
        _stage_ref(e.to), optional_text(e.reason), optional_text(e.channel),
        optional_text(e.touch_kind), words.SIDE.name(e.side), words.DIRECTION.name(e.direction),
        bool(e.response), bool(e.follow_up), optional_money(e.amount), optional_day(e.return_on),
        *_match(e), e.other_account or None, optional_text(e.role),
        _ids(e.crossing, e.crossing_count),
        lineage_of(e.lineage) if e.lineage.episode else None)


def _ids(address: Any, count: int) -> Tuple[int, ...]:
    return tuple((ctypes.c_int64 * count).from_address(address)) if count else ()


def _match(e: Any) -> Tuple[Optional[str], Optional[str], Optional[int], bool, bool]:
    matched = e.kind == _abi.TL_EVENT_MATCHED
    return (words.MATCH.name(e.match_rule), optional_text(e.match_value),
            e.match_candidates if matched else None, bool(e.opened_account), bool(e.opened_contact))


class Events(Handle, Sequence[Event]):
    """A list of events, copied: it keeps nothing of the ledger. Each is made when it is asked for."""

    def __init__(self, pointer: Any) -> None:
        super().__init__(pointer, lib.tl_events_free)

    def __len__(self) -> int:
        return int(lib.tl_events_count(self._pointer()))

    @overload
    def __getitem__(self, index: int) -> Event: ...

    @overload
    def __getitem__(self, index: slice) -> List[Event]: ...

    def __getitem__(self, index: Union[int, slice]) -> Union[Event, List[Event]]:
        if isinstance(index, slice):
            return [self._at(place) for place in range(*index.indices(len(self)))]
        return self._at(index if index >= 0 else index + len(self))

    def _at(self, index: int) -> Event:
        event = sized(_abi.tl_event)
        call(lib.tl_events_at, self._pointer(), checked_int64(index, "index"), ctypes.byref(event))
        return _event(event)

    @property
    def next_cursor(self) -> Optional[str]:
        """Of the next page of a timeline; None: there are no more."""
        return optional_text(self._info().next_cursor)

    @property
    def as_of(self) -> AsOf:
        """What a timeline was made from."""
        return AsOf.read(self._info().as_of)

    def _info(self) -> Any:
        info = sized(_abi.tl_events_info)
        call(lib.tl_events_get_info, self._pointer(), ctypes.byref(info))
        return info

    def json(self, index: int = _abi.TL_ALL) -> str:
        """All that an event says as a line of JSON; without an index all of them, a line each."""
        out = ctypes.POINTER(_abi.tl_string)()
        call(lib.tl_events_json, self._pointer(), checked_int64(index, "index"), ctypes.byref(out))
        return take_string(out)

    def dicts(self) -> List[Dict[str, Any]]:
        """All that the events say, as dicts of the JSON form."""
        return [json.loads(line) for line in self.json().split("\n") if line]


@dataclass(frozen=True)
class TraceLink:
    """What brought an event into the line of a trace."""

    acquaintance: Optional[str]  # "first", "same" (was in the line before), "other"
    lead: Optional[int]  # the record of the line that the event is about; without both: a touch of
    opportunity: Optional[int]  # the account that names none
    owner: Optional[int]  # of that record, after the event; of a touch, who acted for us
    silent_days: int  # whole days since the event before
    closed_by: Optional[int]  # id of the newest closing, while all the line's records were closed
    days_closed: int  # whole days since then


@dataclass(frozen=True)
class Trace:
    """The whole line of a deal or a lead, touch by touch, and in one sentence."""

    events: Events
    sentence: str

    def link(self, index: int) -> TraceLink:
        """What brought the event at an index into the line."""
        out = sized(_abi.tl_trace_link)
        call(lib.tl_events_link, self.events._pointer(), checked_int64(index, "index"),
             ctypes.byref(out))
        return TraceLink(words.ACQUAINTANCE.name(out.acquaintance), out.lead or None,
                         out.opportunity or None, out.owner or None, out.silent_days,
                         out.closed_by or None, out.days_closed)

    def links(self) -> List[TraceLink]:
        """What brought each event into the line, side by side with the events."""
        return [self.link(index) for index in range(len(self.events))]


class Subscription(Handle):
    """A callback that is called after commits; close() ends it. Keeps the ledger."""

    def __init__(self, pointer: Any, kept: Any) -> None:
        super().__init__(pointer, lib.tl_subscription_free, kept)


class EventReads(LedgerHandle):
    """What a ledger tells of its history."""

    def timeline(self, account: Ref, *, newest_first: bool = False,
                 through: Optional[Moment] = None, known_at: Optional[Moment] = None,
                 seq: Optional[int] = None, size: int = 0, cursor: Optional[str] = None) -> Events:
        """A page of an account's history, in the order in which things happened; a size of 0 is the
        library's default, 100. With a `seq`, later commits do not count."""
        kept: List[Any] = []
        options = as_of(through, known_at, sized(_abi.tl_timeline_options), seq)
        options.newest_first = int(bool(newest_first))
        options.page_size = checked_int64(size, "size")
        if cursor is not None:
            write_text(options.cursor, cursor, "cursor", kept)
        return self._events(lib.tl_account_timeline, reference(account, "account", kept),
                            ctypes.byref(options))

    def history(self, account: Ref, *, newest_first: bool = False) -> Iterator[Event]:
        """An account's whole history, read page by page."""
        cursor: Optional[str] = None
        while True:
            with self.timeline(account, newest_first=newest_first, size=1000,
                               cursor=cursor) as page:
                yield from page
                cursor = page.next_cursor
            if cursor is None:
                return

    def trace(self, opportunity: Ref, through: Optional[Moment] = None,
              known_at: Optional[Moment] = None, seq: Optional[int] = None) -> Trace:
        """Where a deal came from: the touches of its account, and the lives of the leads and
        opportunities that led to it, up to its close."""
        kept: List[Any] = []
        return self._trace(lib.tl_opportunity_trace, reference(opportunity, "opportunity", kept),
                           as_of(through, known_at, sized(_abi.tl_as_of), seq))

    def trace_lead(self, lead: Ref, through: Optional[Moment] = None,
                   known_at: Optional[Moment] = None, seq: Optional[int] = None) -> Trace:
        """The same of a lead, up to its close or its conversion."""
        kept: List[Any] = []
        return self._trace(lib.tl_lead_trace, reference(lead, "lead", kept),
                           as_of(through, known_at, sized(_abi.tl_as_of), seq))

    def _trace(self, function: Any, record: Any, times: Any) -> Trace:
        events = ctypes.POINTER(_abi.tl_events)()
        sentence = ctypes.POINTER(_abi.tl_string)()
        self._call(function, record, ctypes.byref(times), ctypes.byref(events),
                   ctypes.byref(sentence))
        return Trace(Events(events), take_string(sentence))

    def feed_read(self, after: int = 0, limit: int = 1000) -> Events:
        """The change feed: the events of at most `limit` commits with seq > after, oldest first."""
        return self._events(lib.tl_feed_read, checked_int64(after, "after"),
                            checked_int64(limit, "limit"))

    def feed_wait(self, after: int, timeout: float) -> int:
        """Waits until there is a commit with seq > after, or for `timeout` seconds: gives the newest
        seq, or `after`. Ctrl-C is noticed when the wait is over."""
        micros = int(min(max(float(timeout), 0.0) * 1e6, _YEAR_US))
        out = ctypes.c_int64()
        self._call(lib.tl_feed_wait, checked_int64(after, "after"), micros, ctypes.byref(out))
        return out.value

    def follow(self, after: int = 0, timeout: Optional[float] = None) -> Iterator[Event]:
        """Events as they are committed, for ever, or until `timeout` seconds bring none."""
        while True:
            with self.feed_read(after) as events:
                for event in events:
                    after = event.seq
                    yield event
                found = len(events) > 0
            if found:
                continue
            newest = self.feed_wait(after, 0.2 if timeout is None else timeout)
            if timeout is not None and newest <= after:
                return

    def subscribe(self, callback: Callable[[int], Any]) -> Subscription:
        """Calls `callback` with the newest seq after each transaction of this ledger object, in the
        thread that committed. What it raises comes out of the call that committed, whose commands
        stand."""
        if not callable(callback):
            raise TypeError("callback: a function is expected")
        committed = self._callbacks.commit(callback)
        out = ctypes.POINTER(_abi.tl_subscription)()
        self._call(lib.tl_feed_subscribe, committed, None, _NO_DESTROY, ctypes.byref(out))
        return Subscription(out, (committed, self._callbacks))

    def _events(self, function: Any, *arguments: Any) -> Events:
        out = ctypes.POINTER(_abi.tl_events)()
        self._call(function, *arguments, ctypes.byref(out))
        return Events(out)
