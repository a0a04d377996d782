"""A ledger as files: all of it as JSON lines, from which `restore` makes it again, or its tables as
CSV (docs/export-and-restore.md). Both hold personal data; they are made for their owner only.
"""

from __future__ import annotations

import ctypes
import os
from dataclasses import dataclass
from typing import Any, Optional

from . import _abi
from ._callbacks import LedgerHandle
from ._lib import lib
from ._results import sized
from .errors import FILE_CLASSES, ThroughlineError, call
from .imports import PathLike, Progress


@dataclass(frozen=True)
class ExportReport:
    """What an export wrote."""

    seq: int  # of the last commit that it shows
    commits: int  # 0 of tables
    rows: int  # of tables


class Exports(LedgerHandle):
    """How a ledger is written to files. Each gets its name when it is whole."""

    def export(self, path: PathLike, *, progress: Optional[Progress] = None) -> ExportReport:
        """Writes the whole ledger as JSON lines. The file holds the ledger's secret key too."""
        return self._export(lib.tl_ledger_export, path, progress)

    def export_csv(self, folder: PathLike, *, progress: Optional[Progress] = None) -> ExportReport:
        """Writes each table of the current state and of the personal data to a file NAME.csv."""
        return self._export(lib.tl_ledger_export_tables, folder, progress)

    def _export(self, function: Any, path: PathLike, progress: Optional[Progress]) -> ExportReport:
        data = os.fsencode(path)
        options, counts = sized(_abi.tl_export_options), sized(_abi.tl_export_counts)
        if progress is not None:
            options.progress = self._callbacks.progress(progress)
        try:
            call(function, self._pointer(), data, len(data), ctypes.byref(options),
                 ctypes.byref(counts), classes=FILE_CLASSES)
        except ThroughlineError:
            self._callbacks.raise_stashed()
            raise
        self._callbacks.raise_stashed()
        return ExportReport(counts.seq, counts.commits, counts.rows)
