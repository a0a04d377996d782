"""Imports: facts and exports of other systems, sorted and loaded in bulk; repeatable."""

from __future__ import annotations

import ctypes
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple, Union

from . import _abi
from ._arguments import text_array, write_bytes, write_text
from ._callbacks import LedgerHandle
from ._command import mode_number
from ._lib import lib
from ._results import sized, text_of
from .batch import Batch
from .errors import FILE_CLASSES, ThroughlineError, call
from .values import checked_int64

PathLike = Union[str, "os.PathLike[str]"]
Map = Union[PathLike, Mapping[str, Any], bytes]  # a mapping file, what is in it, or its text
Progress = Callable[[str, int, int], Any]  # step, done, total; False ends the import


@dataclass(frozen=True)
class ImportReport:
    """What became of an import."""

    rows: int  # lines of input, without headers and empty ones
    facts: int  # in those of them that could be read
    imported: int  # facts that added events
    known: int  # facts already in the ledger, or said twice
    rejected: int  # faults: of a row, or of one fact of it
    events: int  # written
    commits: int
    warnings: Dict[str, int]  # breaches and other oddities, by name
    samples: Tuple[str, ...]  # the first rejects and warnings, in words


def _read(report: Any) -> ImportReport:
    c, name, count = sized(_abi.tl_import_counts), _abi.tl_text(), ctypes.c_int64()
    call(lib.tl_import_report_counts, report, ctypes.byref(c))
    warnings: Dict[str, int] = {}
    for index in range(c.warning_count):
        call(lib.tl_import_report_warning, report, index, ctypes.byref(name), ctypes.byref(count))
        warnings[text_of(name)] = count.value
    samples: List[str] = []
    for index in range(c.sample_count):
        call(lib.tl_import_report_sample, report, index, ctypes.byref(name))
        samples.append(text_of(name))
    return ImportReport(c.rows, c.facts, c.imported, c.known, c.rejected, c.events, c.commits,
                        warnings, tuple(samples))


def map_text(map: Optional[Map]) -> Optional[bytes]:
    """The text of a mapping file."""
    if map is None or isinstance(map, bytes):
        return map
    if isinstance(map, Mapping):
        return json.dumps(map).encode("utf-8")
    return Path(map).read_bytes()


@dataclass(frozen=True)
class ImportOptions:
    """How to import."""

    mode: Optional[str] = None  # of facts that do not say: "observe" (default) or "enforce"
    rejects: Optional[PathLike] = None  # where bad rows go, as CSV
    temporary_directory: Optional[PathLike] = None  # for sorting
    memory_bytes: int = 0  # for sorting; 0: the library's default
    progress: Optional[Progress] = None

    def write(self, kept: List[Any], callbacks: Any) -> Any:
        """As a pointer to the struct of the C interface."""
        target = sized(_abi.tl_import_options)
        target.mode = mode_number(self.mode)
        if self.rejects is not None:
            write_text(target.rejects_path, os.fspath(self.rejects), "rejects", kept)
        if self.temporary_directory is not None:
            write_text(target.temporary_directory, os.fspath(self.temporary_directory),
                       "temporary_directory", kept)
        target.memory_bytes = checked_int64(self.memory_bytes, "memory_bytes")
        if self.progress is not None:
            target.progress = callbacks.progress(self.progress)
        kept.append(target)
        return ctypes.byref(target)


@dataclass(frozen=True)
class SalesforceOptions:
    """How to read an export of Salesforce: what its files do not say themselves
    (docs/salesforce.md)."""

    time_zone: Optional[str] = None  # of times without one, e.g. "Europe/Berlin"
    dates: Optional[str] = None  # how they are written, e.g. "%d.%m.%Y %H:%M"; None: ISO 8601
    currency: Optional[str] = None  # of amounts without one, e.g. "EUR"
    stages: Optional[Map] = None  # {"lead": {"Hot": "sql"}}, or the file that says so
    decimal: Optional[str] = None  # of numbers: "." (default) or ","
    thousands: Optional[str] = None  # one of . , ' _ and a space; None: none

    def write(self, kept: List[Any]) -> Any:
        """As a pointer to the struct of the C interface."""
        target = sized(_abi.tl_salesforce_options)
        for name in ("time_zone", "dates", "currency", "decimal", "thousands"):
            value = getattr(self, name)
            if value is not None:
                write_text(getattr(target, name), value, name, kept)
        stages = map_text(self.stages)
        if stages is not None:
            write_bytes(target.stages_json, stages, kept)
        kept.append(target)
        return ctypes.byref(target)


class Imports(LedgerHandle):
    """How a ledger takes in what other systems know."""

    def import_files(self, paths: Union[PathLike, Sequence[PathLike]], map: Optional[Map] = None,
                     options: ImportOptions = ImportOptions()) -> ImportReport:
        """Imports files: JSON lines of facts, or CSV as a mapping says (docs/import.md). A bad row
        is put aside and the rest is loaded."""
        names = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
        kept: List[Any] = []
        array = text_array([os.fspath(name) for name in names], "paths", kept)
        text = map_text(map)
        return self._import(lib.tl_import_files, array, len(names), text,
                            0 if text is None else len(text), options.write(kept, self._callbacks))

    def import_batch(self, batch: Batch, options: ImportOptions = ImportOptions()) -> ImportReport:
        """Imports the commands of a batch, of any number. Those whose context does not say a mode are
        observed, unless `options` says otherwise."""
        kept: List[Any] = []
        with batch._turn:
            return self._import(lib.tl_import_batch, batch._pointer(),
                                options.write(kept, self._callbacks))

    def import_salesforce(self, folder: PathLike,
                          salesforce: SalesforceOptions = SalesforceOptions(),
                          options: ImportOptions = ImportOptions()) -> ImportReport:
        """Imports a folder of CSV files, an export of Salesforce (docs/salesforce.md). What it does
        not say and `salesforce` neither is refused before anything is written."""
        kept: List[Any] = []
        path = os.fsencode(folder)
        return self._import(lib.tl_import_salesforce, path, len(path), salesforce.write(kept),
                            options.write(kept, self._callbacks))

    def _import(self, function: Any, *arguments: Any) -> ImportReport:
        out = ctypes.POINTER(_abi.tl_import_report)()
        try:
            call(function, self._pointer(), *arguments, ctypes.byref(out), classes=FILE_CLASSES)
        except ThroughlineError:
            self._callbacks.raise_stashed()
            raise
        try:
            self._callbacks.raise_stashed()
            return _read(out)
        finally:
            lib.tl_import_report_free(out)
