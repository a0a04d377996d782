"""Upkeep: the journal against the rows derived from it."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any, Tuple

from . import _abi
from ._callbacks import LedgerHandle
from ._lib import lib
from ._results import sized, text_of
from .errors import call


@dataclass(frozen=True)
class VerifyReport:
    """What a verification found; true if there is no difference."""

    commits: int
    events: int
    rows: int  # compared
    differences: int
    samples: Tuple[str, ...]  # the first differences, in words

    def __bool__(self) -> bool:
        return self.differences == 0


def _read(report: Any) -> VerifyReport:
    counts, text = sized(_abi.tl_verify_counts), _abi.tl_text()
    call(lib.tl_verify_report_counts, report, ctypes.byref(counts))
    samples = []
    for index in range(counts.sample_count):
        call(lib.tl_verify_report_sample, report, index, ctypes.byref(text))
        samples.append(text_of(text))
    return VerifyReport(counts.commits, counts.events, counts.rows, counts.differences,
                        tuple(samples))


class Upkeep(LedgerHandle):
    """How a ledger is looked after."""

    def verify(self) -> VerifyReport:
        """Replays the journal and compares every derived row."""
        out = ctypes.POINTER(_abi.tl_verify_report)()
        self._call(lib.tl_ledger_verify, ctypes.byref(out))
        try:
            return _read(out)
        finally:
            lib.tl_verify_report_free(out)

    def finish_erasures(self) -> bool:
        """Removes what pending erasures left in the files; False: readers stand in the way."""
        done = ctypes.c_int32()
        self._call(lib.tl_finish_erasures, ctypes.byref(done))
        return bool(done.value)

    def rebuild(self) -> None:
        """Derives all rows from the journal anew, in one transaction."""
        self._call(lib.tl_ledger_rebuild)
