"""The policy: the lifecycle as data, its stages, moves, reasons and windows."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Tuple, Union

from . import _abi, words
from ._callbacks import LedgerHandle
from ._handle import Handle
from ._lib import lib
from ._results import sized, text_of
from .errors import NotFound, call
from .values import checked_int64, utf8

_REQUIREMENTS = {_abi.TL_REQUIRES_REASON: "reason", _abi.TL_REQUIRES_RETURN_DATE: "return_date",
                 _abi.TL_REQUIRES_AMOUNT: "amount", _abi.TL_REQUIRES_OWNER: "owner",
                 _abi.TL_REQUIRES_CONTACT: "contact"}


@dataclass(frozen=True)
class Stage:
    """A stage of the lifecycle."""

    id: int  # never used for another stage
    key: str
    name: str
    phase: Optional[str]
    kind: Optional[str]
    requirements: Tuple[str, ...]  # "reason", "return_date", "amount", "owner", "contact"
    reasons: Tuple[str, ...]  # allowed ones; none: any key
    aliases: Tuple[str, ...]  # other systems' names for it
    retired: bool  # may be left, not entered


@dataclass(frozen=True)
class TouchKind:
    """A kind of touch, and what it means unless a touch says otherwise."""

    key: str
    side: Optional[str]
    direction: Optional[str]
    response: bool
    follow_up: bool


def _texts(texts: Any) -> Tuple[str, ...]:
    items = (_abi.tl_text * texts.count).from_address(texts.items) if texts.count else ()
    return tuple(text_of(item) for item in items)


def _stage(s: Any) -> Stage:
    requirements = tuple(name for bit, name in _REQUIREMENTS.items() if s.requirements >> bit & 1)
    return Stage(s.id, text_of(s.key), text_of(s.name), words.PHASE.name(s.phase),
                 words.STAGE_KIND.name(s.kind), requirements, _texts(s.reasons),
                 _texts(s.aliases), bool(s.retired))


def _info_of(policy: Any) -> Any:
    info = sized(_abi.tl_policy_info)
    call(lib.tl_policy_get_info, policy, ctypes.byref(info))
    return info


class Policy(Handle):
    """One version of the lifecycle. It does not change and keeps nothing of the ledger.

    >>> policy = Policy.parse()
    >>> policy.allows("working", "sql"), policy.stage("nurture").requirements
    (True, ('return_date',))
    """

    def __init__(self, pointer: Any) -> None:
        super().__init__(pointer, lib.tl_policy_free)

    @classmethod
    def parse(cls, json: str = "") -> Policy:
        """Of the text of a policy file, which is checked; without a text the built-in one."""
        data = utf8(json, "json")
        out = ctypes.POINTER(_abi.tl_policy)()
        call(lib.tl_policy_parse, data or None, len(data), ctypes.byref(out))
        return cls(out)

    def _info(self) -> Any:
        return _info_of(self._pointer())

    @property
    def version(self) -> int:
        """1, 2, 3 ... in its ledger; 0: not from a ledger."""
        return int(self._info().version)

    @property
    def name(self) -> str:
        """Its name."""
        return text_of(self._info().name)

    @property
    def json(self) -> str:
        """Its text as it was given."""
        return text_of(self._info().json)

    @property
    def fiscal_year_start_month(self) -> int:
        """1 ... 12."""
        return int(self._info().fiscal_year_start_month)

    @property
    def reengagement_window_days(self) -> int:
        """How long a dead, disqualified or lost record can be re-engaged."""
        return int(self._info().reengagement_window_days)

    @property
    def sourcing_window_days(self) -> int:
        """How long before the first lead or opportunity a response counts as its source."""
        return int(self._info().sourcing_window_days)

    @property
    def time_zone(self) -> str:
        """IANA name, for days and quarters."""
        return text_of(self._info().time_zone)

    @property
    def stages(self) -> List[Stage]:
        """All stages, in the policy's order."""
        return [self._stage(lib.tl_policy_stage, place)
                for place in range(self._info().stage_count)]

    def stage(self, stage: Union[int, str]) -> Stage:
        """A stage by its id; by its key, or else by its name or an alias in any case. NotFound."""
        if isinstance(stage, str):
            data = utf8(stage, "stage")
            return self._stage(lib.tl_policy_stage_by_key, data, len(data))
        return self._stage(lib.tl_policy_stage_by_id, checked_int64(stage, "stage"))

    def allows(self, from_stage: Union[int, str], to_stage: Union[int, str]) -> bool:
        """Whether a live command may go from one stage to another."""
        out = ctypes.c_int32()
        call(lib.tl_policy_allows, self._pointer(), self.stage(from_stage).id,
             self.stage(to_stage).id, ctypes.byref(out))
        return bool(out.value)

    def touch_kind(self, key: str) -> TouchKind:
        """A kind of touch. NotFound."""
        data, kind = utf8(key, "key"), sized(_abi.tl_touch_kind)
        call(lib.tl_policy_touch_kind, self._pointer(), data, len(data), ctypes.byref(kind))
        return TouchKind(text_of(kind.key), words.SIDE.name(kind.side),
                         words.DIRECTION.name(kind.direction), bool(kind.response),
                         bool(kind.follow_up))

    def check_successor(self, next: Policy) -> None:
        """InvalidArgument if `next` may not come after this one: no stage that was ever used may
        vanish, or change its phase or kind."""
        if not isinstance(next, Policy):
            raise TypeError(f"next: a Policy is expected, not {type(next).__name__}")
        call(lib.tl_policy_check_successor, self._pointer(), next._pointer())

    def _stage(self, function: Any, *arguments: Any) -> Stage:
        stage = sized(_abi.tl_stage)
        call(function, self._pointer(), *arguments, ctypes.byref(stage))
        return _stage(stage)


class StageKeys(Dict[int, str]):
    """Keys of stages by their ids, each looked up when it is first asked for; "" if there is none."""

    def __init__(self, policy: Policy) -> None:
        super().__init__()
        self._policy = policy

    def __missing__(self, stage: int) -> str:
        try:
            self[stage] = self._policy.stage(stage).key
        except NotFound:
            self[stage] = ""
        return self[stage]


class PolicyReads(LedgerHandle):
    """What a ledger tells of its policy."""

    _known_keys: Optional[Tuple[int, StageKeys]] = None  # and the version they are of

    def policy(self) -> Policy:
        """The policy in force."""
        return Policy(self._current_policy())

    def _current_policy(self) -> Any:
        out = ctypes.POINTER(_abi.tl_policy)()
        self._call(lib.tl_policy_current, ctypes.byref(out))
        return out

    def _stage_keys(self) -> StageKeys:
        """Keys of stages by their ids. Every read asks which version is in force, as each commit may
        change it. Threads that find a new one at once all make its keys, and one's are kept."""
        policy = self._current_policy()
        version = _info_of(policy).version
        known = self._known_keys
        if known is not None and known[0] == version:
            lib.tl_policy_free(policy)
            return known[1]
        keys = StageKeys(Policy(policy))
        self._known_keys = (version, keys)
        return keys
