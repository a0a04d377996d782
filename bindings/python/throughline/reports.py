"""Snapshots and reports: all reports of one snapshot agree with one another."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Dict, Iterable, List, Optional, Sequence

from . import _abi
from ._arguments import write_bytes, write_number
from ._callbacks import LedgerHandle
from ._handle import Handle
from ._lib import lib
from ._report_request import Filters, ReportRequest
from ._results import sized, take_bytes
from .errors import call
from .policy import Policy
from .table import Table, about_each
from .values import Day, Moment, checked_int32, checked_int64, time_of, utf8


def reports() -> Dict[str, str]:
    """The reports there are, and what each is about.

    >>> "pipeline" in reports()
    True
    """
    return about_each(lib.tl_report_list)


@dataclass(frozen=True)
class SnapshotMemory:
    """Bytes that a snapshot takes. A refreshed one shares most of them with those before it."""

    event_columns: int  # what events say
    entities: int  # accounts, leads, opportunities and their sources
    dictionaries: int  # texts, and what touches have in common
    indexes: int  # which account is of which group, and how each record stands


class Snapshot(Handle):
    """All facts up to one seq, in memory. It does not change and keeps nothing of the ledger.

    >>> import throughline as tl
    >>> ledger = tl.from_rows(leads=[{"at": "2024-01-05", "account": "Acme", "source": "fair"}])
    >>> with ledger.snapshot() as snapshot:  # its reports agree with one another
    ...     sources = snapshot.report("sources").rows()
    ...     pipeline = snapshot.report("pipeline").rows()
    >>> sources[0]["source"], sources[0]["leads"], pipeline[0]["stage"]
    ('fair', 1, 'inquiry')
    """

    def __init__(self, pointer: Any) -> None:
        super().__init__(pointer, lib.tl_snapshot_free)

    def _info(self) -> Any:
        info = sized(_abi.tl_snapshot_info)
        call(lib.tl_snapshot_get_info, self._pointer(), ctypes.byref(info))
        return info

    @property
    def seq(self) -> int:
        """The last commit it holds."""
        return int(self._info().seq)

    @property
    def recorded_at(self) -> datetime:
        """When that commit was recorded."""
        return time_of(self._info().recorded_at)

    @property
    def events(self) -> int:
        """How many events it holds."""
        return int(self._info().events)

    def policy(self) -> Policy:
        """The policy in force at its seq."""
        out = ctypes.POINTER(_abi.tl_policy)()
        call(lib.tl_snapshot_policy, self._pointer(), ctypes.byref(out))
        return Policy(out)

    @property
    def memory(self) -> SnapshotMemory:
        """How many bytes it takes."""
        info = self._info()
        return SnapshotMemory(info.event_column_bytes, info.entity_bytes, info.dictionary_bytes,
                              info.index_bytes)

    def refresh(self, ledger: LedgerHandle) -> Snapshot:
        """A snapshot of the same ledger as it is now; this one stays as it is. It reads the accounts
        that changed and shares the rest with this one, which keeps nothing of the ledger: so the
        ledger is named again."""
        out, snapshot = ctypes.POINTER(_abi.tl_snapshot)(), self._pointer()
        ledger._call(lambda own, *more: lib.tl_snapshot_refresh(snapshot, own, *more),
                     ctypes.byref(out))
        return Snapshot(out)

    def report(self, name: str, *, source: Optional[str] = None,
               through: Optional[Moment] = None, known_at: Optional[Moment] = None,
               from_day: Optional[Day] = None, to_day: Optional[Day] = None,
               filters: Optional[Filters] = None, group_by: Sequence[str] = (),
               currency: Optional[str] = None, last_days: Optional[int] = None,
               return_days: Optional[int] = None, late_days: Optional[int] = None) -> Table:
        """Runs a report that reports() names; docs/reports.md tells what each counts.

        - source: which of a record's sources counts: "original", "first" or "latest".
        - through, known_at: what happened by then, as far as it was known then; a day is its end.
        - from_day, to_day: the period, both inclusive: of what, each report says.
        - filters: {"owner": "Ann Bell", "source": ["webinar", "email"]}: both must hold; None is
          "(blank)". Owners and campaigns also by id, or as "system:key".
        - group_by: dimensions, a row for each of their values.
        - currency: what amounts are converted into, by the ledger's rates.
        - last_days, return_days: of "quarter_end": how long the end of a quarter is (14), and how
          soon a closed lead came back (90); late_days: what is logged late, of "slippage" (14).
        """
        request = ReportRequest(source, through, known_at, from_day, to_day, filters, group_by,
                                currency, last_days, return_days, late_days)
        return Table(self._ask(lib.tl_report_run, _abi.tl_table, name, request))

    def rows(self, name: str, row: int, column: str, *, source: Optional[str] = None,
             through: Optional[Moment] = None, known_at: Optional[Moment] = None,
             from_day: Optional[Day] = None, to_day: Optional[Day] = None,
             filters: Optional[Filters] = None, group_by: Sequence[str] = (),
             currency: Optional[str] = None, last_days: Optional[int] = None,
             return_days: Optional[int] = None, late_days: Optional[int] = None) -> Table:
        """The leads, opportunities and touches behind one number of the report that is asked for
        in the same way: "kind", "id", "account". OutOfRange for a row behind the end."""
        request = ReportRequest(source, through, known_at, from_day, to_day, filters, group_by,
                                currency, last_days, return_days, late_days)
        data = utf8(column, "column")
        return Table(self._ask(lib.tl_report_rows, _abi.tl_table, name, request,
                               checked_int64(row, "row"), data, len(data)))

    def partial(self, name: str, shard: int = 0, shards: int = 1, *, source: Optional[str] = None,
                through: Optional[Moment] = None, known_at: Optional[Moment] = None,
                from_day: Optional[Day] = None, to_day: Optional[Day] = None,
                filters: Optional[Filters] = None, group_by: Sequence[str] = (),
                currency: Optional[str] = None, last_days: Optional[int] = None,
                return_days: Optional[int] = None, late_days: Optional[int] = None) -> bytes:
        """What the report counts in one of so many parts of the snapshot, numbered from 0, for
        merge_partials. Say `through` and `known_at`, so that all parts mean the same."""
        request = ReportRequest(source, through, known_at, from_day, to_day, filters, group_by,
                                currency, last_days, return_days, late_days)
        return take_bytes(self._ask(lib.tl_report_partial, _abi.tl_string, name, request,
                                    checked_int32(shard, "shard"), checked_int32(shards, "shards")))

    def _ask(self, function: Any, answer: Any, name: str, request: ReportRequest,
             *more: Any) -> Any:
        kept: List[Any] = []
        data, options = utf8(name, "name"), request.write(kept)
        out = ctypes.POINTER(answer)()
        call(function, self._pointer(), data, len(data), ctypes.byref(options), *more,
             ctypes.byref(out))
        return out


def merge_partials(partials: Iterable[bytes]) -> bytes:
    """Partials of one report as one, to be finished or merged further."""
    kept: List[Any] = []
    given = list(partials)
    items = (_abi.tl_text * len(given))()
    for index, partial in enumerate(given):
        write_bytes(items[index], _bytes_of(partial, f"partials[{index}]"), kept)
    out = ctypes.POINTER(_abi.tl_string)()
    call(lib.tl_report_merge, items, len(given), ctypes.byref(out))
    return take_bytes(out)


def finish_report(partial: bytes) -> Table:
    """The table of a partial: of all shards merged, the same as of a snapshot that holds them all. One
    that lacks a shard is refused, and so is merging one twice.

    >>> import throughline as tl
    >>> ledger = tl.from_rows(leads=[{"at": "2024-01-05", "account": "Acme", "source": "fair"},
    ...                              {"at": "2024-02-05", "account": "Bolt", "source": "fair"}])
    >>> with ledger.snapshot() as snapshot:
    ...     partials = [snapshot.partial("sources", shard, 2) for shard in range(2)]
    >>> finish_report(merge_partials(partials)).cell(0, "leads")
    2
    """
    data = _bytes_of(partial, "partial")
    out = ctypes.POINTER(_abi.tl_table)()
    call(lib.tl_report_finish, data, len(data), ctypes.byref(out))
    return Table(out)


def _bytes_of(partial: Any, field: str) -> bytes:
    if not isinstance(partial, (bytes, bytearray, memoryview)):
        raise TypeError(f"{field}: bytes are expected, not {type(partial).__name__}")
    return bytes(partial)


class SnapshotReads(LedgerHandle):
    """What a ledger tells in figures."""

    def snapshot(self, seq: Optional[int] = None) -> Snapshot:
        """Reads the whole journal in one consistent transaction, or what was committed up to `seq`."""
        options = sized(_abi.tl_snapshot_options)
        if seq is not None:
            write_number(options.seq, seq, "seq", [])
        out = ctypes.POINTER(_abi.tl_snapshot)()
        self._call(lib.tl_snapshot_take, ctypes.byref(options), ctypes.byref(out))
        return Snapshot(out)

    def report(self, name: str, *, seq: Optional[int] = None, source: Optional[str] = None,
               through: Optional[Moment] = None, known_at: Optional[Moment] = None,
               from_day: Optional[Day] = None, to_day: Optional[Day] = None,
               filters: Optional[Filters] = None, group_by: Sequence[str] = (),
               currency: Optional[str] = None, last_days: Optional[int] = None,
               return_days: Optional[int] = None, late_days: Optional[int] = None) -> Table:
        """One report of a snapshot taken for it; reports that must agree want one snapshot()."""
        with self.snapshot(seq) as snapshot:
            return snapshot.report(name, source=source, through=through, known_at=known_at,
                                   from_day=from_day, to_day=to_day, filters=filters,
                                   group_by=group_by, currency=currency, last_days=last_days,
                                   return_days=return_days, late_days=late_days)
