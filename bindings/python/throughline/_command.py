"""What all commands have in common: the context, the receipt, and how one is written."""

from __future__ import annotations

import ctypes
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, List, Optional, Tuple

from . import _abi, words
from ._arguments import (SCALARS, STRUCT_WRITERS, Kept, Writer, write_moment, write_number,
                         write_ref, write_text, write_time)
from ._identity import Match, identity_address
from .values import Moment, Ref, time_of

_MODES = {None: _abi.TL_MODE_DEFAULT, "enforce": _abi.TL_MODE_ENFORCE,
          "observe": _abi.TL_MODE_OBSERVE}


def mode_number(mode: Optional[str]) -> int:
    """Of "enforce" or "observe"; None is the default."""
    if mode not in _MODES:
        raise ValueError(f"mode: {mode!r} is neither enforce nor observe")
    return _MODES[mode]


@dataclass(frozen=True)
class Context:
    """How a command is to be taken."""

    at: Optional[Moment] = None  # when it happened; default: now
    actor: Optional[Ref] = None  # the owner who does it; default: the system
    mode: Optional[str] = None  # "enforce": the policy may refuse; "observe": it did happen
    request_id: Optional[str] = None  # the same id again gives the first receipt
    expected_version: Optional[int] = None  # of the account; Aborted if it is another
    entered_at: Optional[Moment] = None  # when it was entered in the system it comes from
    key: Optional[str] = None  # of an imported fact: what is known already is skipped

    _WRITERS: ClassVar[List[Tuple[str, str, Writer]]] = [
        ("at", "occurred_at", write_moment), ("actor", "actor", write_ref),
        ("request_id", "request_id", write_text),
        ("expected_version", "expected_version", write_number),
        ("entered_at", "entered_at", write_time), ("key", "fact_key", write_text)]

    def write(self, kept: Kept) -> Any:
        """As the struct of the C interface."""
        target = _abi.tl_context(ctypes.sizeof(_abi.tl_context), mode_number(self.mode))
        for name, member, write in self._WRITERS:
            value = getattr(self, name)
            if value is not None:
                write(getattr(target, member), value, name, kept)
        return target


@dataclass(frozen=True)
class Receipt:
    """What an accepted command did."""

    entity: Optional[str]  # of what it opened, defined or added: "lead"
    id: Optional[int]  # and its id
    seq: int  # of its commit
    account: Optional[int]
    version: int  # of the account, after it
    recorded_at: datetime
    events: int  # how many; the first has the id seq << 20, the others follow
    breaches: Tuple[str, ...]  # why it would have been refused, had it not been observed
    repeated: bool  # nothing was written: the request id, or the fact, was known
    pending: bool = False  # of ContactErase: readers keep traces of it; see finish_erasures
    match: Optional[Match] = None  # of a command that had its `match` looked up
    events_before: int = 0  # how many of `events` stand before the command's own

    @classmethod
    def read(cls, receipt: Any) -> Receipt:
        """Of the struct of the C interface."""
        breaches = receipt.breaches  # nearly always none
        return cls(words.ENTITY.name(receipt.entity), receipt.id or None, receipt.seq,
                   receipt.account or None, receipt.version, time_of(receipt.recorded_at),
                   receipt.events, tuple(words.BREACH.names_of(breaches)) if breaches else (),
                   bool(receipt.repeated), bool(receipt.pending), _match_of(receipt), receipt.events_before)


def _match_of(receipt: Any) -> Optional[Match]:
    if not receipt.matched:
        return None
    return Match(words.MATCH.name(receipt.match_rule), receipt.match_candidates,
                 receipt.account or None, receipt.match_contact or None,
                 bool(receipt.opened_account), bool(receipt.opened_contact))


class Command:
    """The base of all commands."""

    fact: ClassVar[str]  # its name in the fact format: "lead.move"
    _struct: ClassVar[Any]
    _number: ClassVar[int]
    # For each member: its name here and in the struct, and how it is written: as a struct or a number.
    _members: ClassVar[List[Tuple[str, str, Optional[Writer], Any]]]

    def __init_subclass__(cls) -> None:
        name = re.sub("(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
        cls._struct = getattr(_abi, f"tl_{name}_args")
        cls._number = getattr(_abi, f"TL_COMMAND_{name.upper()}")
        cls.fact = words.COMMAND.name(cls._number) or name
        cls._members = [("rate" if member == "rate_e9" else member, member,
                         STRUCT_WRITERS.get(kind), SCALARS.get(member))
                        for member, kind in cls._struct._fields_
                        if member not in ("struct_size", "command", "reserved")]

    def write(self, kept: Kept) -> Any:
        """As the struct of the C interface."""
        target = self._struct(ctypes.sizeof(self._struct), self._number)
        for name, member, write, number in self._members:
            value = getattr(self, name)
            if value is None:
                continue
            if member == "match":
                target.match = identity_address(value, kept)
            elif write is not None:
                write(getattr(target, member), value, name, kept)
            else:
                setattr(target, member, number(value, name))
        return target
