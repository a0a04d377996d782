"""Functions of the host that the library calls, and the ledger's handle that carries them."""

from __future__ import annotations

import ctypes
import threading
import time
from typing import Any, Callable, Dict, List, Optional

from . import _abi
from ._handle import Handle
from .errors import ThroughlineError, call
from .values import Moment, instant

Clock = Callable[[], Moment]
Log = Callable[[str, str], None]  # level ("warning", "error") and text

_LEVELS = {_abi.TL_LOG_WARNING: "warning", _abi.TL_LOG_ERROR: "error"}


class Callbacks:
    """Keeps the ctypes functions alive, and an exception until the call that ran them returns.

    ctypes would print an exception and go on. The library runs a callback in the thread of the call
    that caused it, so each thread has at most one exception, which is raised when that call ends.
    """

    def __init__(self) -> None:
        self.kept: List[Any] = []
        self._raised: Dict[int, BaseException] = {}

    def stash(self, error: BaseException) -> None:
        """Remembers the first exception of this thread's call."""
        self._raised.setdefault(threading.get_ident(), error)

    def raise_stashed(self) -> None:
        """Raises what a callback of this thread's call raised, if one did."""
        if self._raised:
            error = self._raised.pop(threading.get_ident(), None)
            if error is not None:
                raise error

    def clock(self, clock: Clock) -> Any:
        """For tl_ledger_options.clock. If it raises, the system's time stands in, as a commit is
        under way that may be other threads' too; the exception comes out of the call."""
        def now(_payload: Optional[int]) -> int:
            try:
                return instant(clock(), "clock")
            except BaseException as error:
                self.stash(error)
                return time.time_ns() // 1000
        return self._keep(_abi.tl_clock_fn(now))

    def log(self, log: Log) -> Any:
        """For tl_ledger_options.log."""
        def write(_payload: Optional[int], level: int, text: Optional[int], size: int) -> None:
            try:
                line = ctypes.string_at(text or 0, size).decode("utf-8", "replace")
                log(_LEVELS.get(level, "error"), line)
            except BaseException as error:
                self.stash(error)
        return self._keep(_abi.tl_log_fn(write))

    def commit(self, callback: Callable[[int], Any]) -> Any:
        """For tl_feed_subscribe."""
        def committed(_payload: Optional[int], seq: int) -> None:
            try:
                callback(seq)
            except BaseException as error:
                self.stash(error)
        return _abi.tl_commit_fn(committed)

    def progress(self, callback: Callable[[str, int, int], Any]) -> Any:
        """For tl_progress_fn: False, or an exception, ends the call."""
        def tell(_payload: Optional[int], step: Optional[int], size: int, done: int,
                 total: int) -> int:
            try:
                text = ctypes.string_at(step or 0, size).decode("utf-8", "replace")
                goes_on = callback(text, done, total) is not False
                return _abi.TL_OK if goes_on else _abi.TL_CANCELLED
            except BaseException as error:
                self.stash(error)
                return _abi.TL_CANCELLED
        return _abi.tl_progress_fn(tell)

    def _keep(self, function: Any) -> Any:
        self.kept.append(function)
        return function


class LedgerHandle(Handle):
    """A ledger's handle: what its reads and writes are built on."""

    _callbacks: Callbacks

    def _call(self, function: Any, *arguments: Any) -> None:
        """Calls a function whose first argument is the ledger."""
        try:
            call(function, self._pointer(), *arguments)
        except ThroughlineError:
            self._callbacks.raise_stashed()
            raise
        self._callbacks.raise_stashed()
