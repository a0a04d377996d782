"""Snapshots and reports: all reports of one snapshot agree with one another."""

from __future__ import annotations

import ctypes
from datetime import datetime
from typing import Any, Dict, Optional

from . import _abi, words
from ._arguments import as_of, write_number
from ._callbacks import LedgerHandle
from ._handle import Handle
from ._lib import lib
from ._results import sized
from .errors import call
from .policy import Policy
from .table import Table
from .values import Moment, time_of, utf8


def reports() -> Dict[str, str]:
    """The reports there are, and what each is about.

    >>> "pipeline" in reports()
    True
    """
    out = ctypes.POINTER(_abi.tl_table)()
    call(lib.tl_report_list, ctypes.byref(out))
    with Table(out) as table:
        return {row["name"]: row["about"] for row in table}


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

    def report(self, name: str, *, source: Optional[str] = None,
               through: Optional[Moment] = None, known_at: Optional[Moment] = None) -> Table:
        """Runs a report: "pipeline", "funnel", "sources", "coverage" (docs/reports.md). `source`:
        "original", "first" or "latest". A day as `through` or `known_at` means its end."""
        data, options = utf8(name, "name"), sized(_abi.tl_report_options)
        options.source = words.SOURCE.number(source, "source")
        out = ctypes.POINTER(_abi.tl_table)()
        call(lib.tl_report_run, self._pointer(), data, len(data),
             ctypes.byref(as_of(through, known_at, options)), ctypes.byref(out))
        return Table(out)


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

    def report(self, name: str, *, source: Optional[str] = None,
               through: Optional[Moment] = None, known_at: Optional[Moment] = None,
               seq: Optional[int] = None) -> Table:
        """One report of a snapshot taken for it; reports that must agree want one snapshot()."""
        with self.snapshot(seq) as snapshot:
            return snapshot.report(name, source=source, through=through, known_at=known_at)
