"""A ledger: the whole history of every account, and the one way to add to it.

>>> with in_memory() as ledger:
...     account = ledger.execute(AccountOpen(name="Acme", external_ids=["crm:A-1"])).id
...     lead = ledger.execute(LeadOpen(account="crm:A-1", source="webinar")).id
...     ledger.lead(lead).stage
'inquiry'
"""

from __future__ import annotations

import ctypes
import os
from dataclasses import dataclass
from typing import Any, List, Optional

from . import _abi
from ._arguments import write_text
from ._callbacks import Callbacks, Clock, Log
from ._lib import lib
from ._record_reads import RecordReads
from ._results import sized
from .batch import Execution
from .commands import AccountOpen, LeadOpen  # noqa: F401: for the example above
from .errors import FILE_CLASSES, LedgerNotFound, ThroughlineError, call
from .events import EventReads
from .imports import ImportReport, Imports, PathLike, Progress
from .ledger_files import Exports
from .matching import Matching
from .reports import SnapshotReads
from .table import ColumnReads
from .values import checked_int32, checked_int64
from .verify import Upkeep

_SYNCHRONOUS = {"full": _abi.TL_SYNCHRONOUS_FULL, "normal": _abi.TL_SYNCHRONOUS_NORMAL}


@dataclass(frozen=True)
class LedgerOptions:
    """How to open a ledger. 0 and None are the library's defaults."""

    read_only: bool = False  # refuses to write, never changes the file
    synchronous: str = "full"  # a commit outlives a loss of power; "normal": the newest may not
    busy_timeout_ms: int = 0  # how long to wait for another process; negative: not at all
    idle_readers: int = 0  # connections kept for readers; negative: none
    group_limit: int = 0  # commands that share a commit
    group_wait_us: int = 0  # how long a commit waits for others; negative: never
    mapped_bytes: int = 0  # of the file that readers map into memory; negative: none
    policy: Optional[str] = None  # of a new ledger: the text of a policy file
    clock: Optional[Clock] = None  # gives the current time, for tests
    log: Optional[Log] = None  # is told what an operator should see

    def write(self, kept: List[Any], callbacks: Callbacks) -> Any:
        """As a pointer to the struct of the C interface."""
        target = sized(_abi.tl_ledger_options)
        if self.synchronous not in _SYNCHRONOUS:
            raise ValueError(f"synchronous: {self.synchronous!r} is neither full nor normal")
        target.read_only = int(bool(self.read_only))
        target.synchronous = _SYNCHRONOUS[self.synchronous]
        for name in ("busy_timeout_ms", "idle_readers", "group_limit"):
            setattr(target, name, checked_int32(getattr(self, name), name))
        for name in ("group_wait_us", "mapped_bytes"):
            setattr(target, name, checked_int64(getattr(self, name), name))
        if self.policy is not None:
            write_text(target.policy_json, self.policy, "policy", kept)
        if self.clock is not None:
            target.clock = callbacks.clock(self.clock)
        if self.log is not None:
            target.log = callbacks.log(self.log)
        kept.append(target)
        return ctypes.byref(target)


class Ledger(Execution, RecordReads, ColumnReads, EventReads, SnapshotReads, Matching, Imports,
             Exports, Upkeep):
    """Any number of threads may read and write through one object: readers wait for nobody, writers
    share commits. Not to be used across fork(). Made by open, create, in_memory, restore, read,
    from_rows.

    >>> with in_memory() as ledger:
    ...     account = ledger.execute(AccountOpen(name="Acme")).id
    ...     receipt = ledger.execute(LeadOpen(account=account, source="fair"))
    ...     [(event.event, event.to_stage and event.to_stage.key)
    ...      for event in ledger.timeline(account)]
    [('account_opened', None), ('lead_opened', 'inquiry')]
    """

    imported: Optional[ImportReport] = None  # what read or from_rows loaded into it

    def __init__(self, pointer: Any, callbacks: Callbacks) -> None:
        super().__init__(pointer, lib.tl_ledger_close, callbacks)
        self._callbacks = callbacks


def _make(function: Any, options: LedgerOptions, *path: Any,
          callbacks: Optional[Callbacks] = None) -> Ledger:
    kept: List[Any] = []
    callbacks = callbacks or Callbacks()
    out = ctypes.POINTER(_abi.tl_ledger)()
    try:
        call(function, *path, options.write(kept, callbacks), ctypes.byref(out),
             classes=FILE_CLASSES)
    except ThroughlineError:
        callbacks.raise_stashed()
        raise
    ledger = Ledger(out, callbacks)
    callbacks.raise_stashed()
    return ledger


def open(path: PathLike, options: LedgerOptions = LedgerOptions(), *,
         create: bool = False) -> Ledger:
    """Opens the ledger in an SQLite file; with `create` makes one if there is none."""
    data = os.fsencode(path)
    try:
        return _make(lib.tl_ledger_open, options, data, len(data))
    except LedgerNotFound:
        if not create:
            raise
    return _make(lib.tl_ledger_create, options, data, len(data))


def create(path: PathLike, options: LedgerOptions = LedgerOptions()) -> Ledger:
    """Makes a ledger in a new SQLite file and opens it."""
    data = os.fsencode(path)
    return _make(lib.tl_ledger_create, options, data, len(data))


def in_memory(options: LedgerOptions = LedgerOptions()) -> Ledger:
    """Makes a ledger in memory: gone when it is closed."""
    return _make(lib.tl_ledger_create_in_memory, options)


def restore(source: PathLike, into: Optional[PathLike] = None,
            options: LedgerOptions = LedgerOptions(), *,
            progress: Optional[Progress] = None) -> Ledger:
    """Makes a new ledger of an export: the same commits, byte for byte. It is in memory, or in the
    file `into`, which must not hold a ledger yet. There is all of it, or no ledger.

    >>> import os, tempfile
    >>> with tempfile.TemporaryDirectory() as folder, in_memory() as ledger:
    ...     account = ledger.execute(AccountOpen(name="Acme")).id
    ...     report = ledger.export(os.path.join(folder, "ledger.jsonl"))
    ...     with restore(os.path.join(folder, "ledger.jsonl")) as copy:
    ...         report.commits, copy.account(account).name, bool(copy.verify())
    (2, 'Acme', True)
    """
    kept: List[Any] = []
    callbacks = Callbacks()
    described = sized(_abi.tl_restore_source)
    write_text(described.file, os.fspath(source), "source", kept)
    if progress is not None:
        described.progress = callbacks.progress(progress)
    described_by = ctypes.byref(described)
    if into is None:
        return _make(lib.tl_ledger_restore_in_memory, options, described_by, callbacks=callbacks)
    data = os.fsencode(into)
    return _make(lib.tl_ledger_restore, options, data, len(data), described_by,
                 callbacks=callbacks)
