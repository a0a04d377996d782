"""Records: the current state of accounts, people, leads, opportunities, owners and campaigns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Dict, Generic, List, Optional, Tuple, TypeVar

from . import _abi, words
from ._arguments import write_text
from ._results import sized
from .values import Day, Money, checked_int64, days_of, parse_day, time_of

T = TypeVar("T")


@dataclass(frozen=True)
class Source:
    """Where something came from: the touch, and what it says."""

    touch: Optional[int]  # event id; None: the record itself claimed the channel
    at: datetime
    channel: Optional[str]
    campaign: Optional[int]


@dataclass(frozen=True)
class Lineage:
    """How a record stands to the past of its account; decided when it opens."""

    link: Optional[str]  # "joins", "reengages", "follows_on", "converts"; None: first of its chain
    previous_lead: Optional[int]
    previous_opportunity: Optional[int]
    episode: int  # 1, 2, 3 ... within the account
    original: Optional[Source]  # of the chain of episodes
    latest: Optional[Source]  # of this record: what opened it or brought it back


@dataclass(frozen=True)
class Account:
    """A company."""

    account: int
    version: int  # of its stream: for Context.expected_version
    name: Optional[str]
    opened_at: datetime
    episodes: int
    touches: int
    first: Optional[Source]  # the first touch ever
    first_day: bool  # of it only the day is known
    last_touch_at: Optional[datetime]
    last_opened_at: Optional[datetime]  # of its leads and opportunities
    merged_into: Optional[int]  # it is an alias of that account
    aliases: int  # accounts merged into it, directly
    attributes: Dict[str, str]


@dataclass(frozen=True)
class Contact:
    """A person, without personal data."""

    contact: int
    account: int
    revision: int  # of the profile
    added_at: datetime
    merged_into: Optional[int]  # it is an alias of that contact
    aliases: int  # contacts merged into it, directly
    erased_at: Optional[datetime]  # then: nothing personal is left of them


@dataclass(frozen=True)
class Profile:
    """Personal data: what is known of a person now."""

    contact: int
    revision: int
    name: Optional[str]
    email: Optional[str]
    phone: Optional[str]
    title: Optional[str]
    attributes: Dict[str, str]


@dataclass(frozen=True)
class Lead:
    """A lead."""

    lead: int
    account: int
    contact: Optional[int]
    owner: Optional[int]
    type: Optional[str]
    stage: str  # key, as the policy in force has it
    stage_id: int
    phase: Optional[str]
    kind: Optional[str]
    stage_since: datetime
    opened_at: datetime
    handed_off_at: Optional[datetime]
    followed_up_at: Optional[datetime]  # the first follow-up after the hand-off
    closed_at: Optional[datetime]  # while closed
    reason: Optional[str]  # of the last stage change
    return_on: Optional[date]  # while parked
    open_stage: Optional[str]  # the last open or parked one it was in
    opportunity: Optional[int]  # converted into
    source: Optional[str]  # as claimed
    lineage: Lineage
    attributes: Dict[str, str]


@dataclass(frozen=True)
class Opportunity:
    """An opportunity; once won, a deal."""

    opportunity: int
    account: int
    owner: Optional[int]
    type: Optional[str]
    name: Optional[str]
    stage: str  # key, as the policy in force has it
    stage_id: int
    phase: Optional[str]
    kind: Optional[str]
    stage_since: datetime
    opened_at: datetime
    closed_at: Optional[datetime]
    reason: Optional[str]
    return_on: Optional[date]
    open_stage: Optional[str]
    amount: Optional[Money]  # None: unknown
    close_date: Optional[date]  # expected
    booked: Optional[Money]
    booked_on: Optional[date]
    order_id: Optional[str]
    source: Optional[str]
    lineage: Lineage
    attributes: Dict[str, str]


@dataclass(frozen=True)
class Owner:
    """A rep, a team or a partner."""

    owner: int
    version: int
    kind: Optional[str]
    side: Optional[str]
    name: Optional[str]
    team: Optional[int]
    retired: bool


@dataclass(frozen=True)
class Campaign:
    """A campaign."""

    campaign: int
    version: int
    name: Optional[str]
    channel: Optional[str]
    parent: Optional[int]
    starts_on: Optional[date]
    ends_on: Optional[date]


@dataclass(frozen=True)
class AsOf:
    """What an answer was made from: asked for again with these three, it is the same for ever."""

    through: datetime
    known_at: datetime
    seq: int

    @classmethod
    def read(cls, answer: Any) -> AsOf:
        """Of the struct of the C interface."""
        return cls(time_of(answer.through), time_of(answer.known_at), answer.seq)


@dataclass(frozen=True)
class AccountState:
    """An account with all that belongs to it, as of a time; of accounts that are merged, all of them
    as one."""

    account: Account  # the one that the others are aliases of, with counts and times of all
    aliases: List[Account]  # as they are by themselves
    domains: List[str]
    contacts: List[Contact]
    leads: List[Lead]
    opportunities: List[Opportunity]
    opportunity_leads: List[Tuple[int, int]]  # opportunity, lead
    opportunity_roles: List[Tuple[int, int, str]]  # opportunity, contact, role
    as_of: AsOf


@dataclass(frozen=True)
class Page(Generic[T]):
    """A part of a long answer."""

    records: List[T]
    next_cursor: Optional[str]  # None: there are no more


@dataclass(frozen=True)
class Filter:
    """What to list: all conditions must hold."""

    phase: Optional[str] = None
    stage: Optional[str] = None
    owner: Optional[int] = None
    account: Optional[int] = None
    source: Optional[str] = None  # channel of the original source; "": none is known
    due_from: Optional[Day] = None  # leads: return date; opportunities: expected close date
    due_to: Optional[Day] = None  # inclusive

    def write(self, kept: List[Any]) -> Any:
        """As the struct of the C interface."""
        target = sized(_abi.tl_filter)
        target.phase = words.PHASE.number(self.phase, "phase")
        for name in ("stage", "source"):
            text = getattr(self, name)
            if text is not None:
                write_text(getattr(target, name), text, name, kept)
        for name in ("owner", "account"):
            number = getattr(self, name)
            if number is not None:
                setattr(target, name, checked_int64(number, name))
        for name in ("due_from", "due_to"):
            day = getattr(self, name)
            if day is not None:
                setattr(target, name, _abi.tl_date(days_of(parse_day(day, name)), 1))
        return target
