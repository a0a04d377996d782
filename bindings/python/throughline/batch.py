"""Batches: many commands in one crossing, and what became of each of them."""

from __future__ import annotations

import ctypes
import threading
from array import array
from typing import Any, Iterator, List, Optional, Sequence, Union

from . import _abi, words
from ._callbacks import LedgerHandle
from ._columns import InputColumn, columns_of, input_columns, spread, struct_array
from ._command import Command, Context, Receipt, mode_number
from ._handle import Handle, own
from ._lib import lib
from ._results import sized, take_string
from .errors import OutOfRange, ThroughlineError, call, failure
from .table import view_of
from .values import checked_int64, utf8


class Batch(Handle):
    """Commands with their contexts, copied, in the order in which they were added. It can be executed
    many times, in slices, on several ledgers, and be imported. Threads take turns.

    >>> with Batch() as batch:
    ...     batch.add_columns("lead.move", {"lead": [1, 2, 3], "stage": "mql"})
    ...     print(len(batch), batch.json(0))
    3 {"fact":"lead.move","lead":1,"stage":"mql"}
    """

    def __init__(self) -> None:
        out = ctypes.POINTER(_abi.tl_batch)()
        call(lib.tl_batch_create, ctypes.byref(out))
        super().__init__(out, lib.tl_batch_free)
        self._turn = threading.RLock()  # the library's batch is for one thread at a time

    def __len__(self) -> int:
        with self._turn:
            return int(lib.tl_batch_count(self._pointer()))

    def add(self, command: Command, context: Optional[Context] = None) -> None:
        """Adds a command; Ledger.execute_atomic ignores its context."""
        kept: List[Any] = []
        args = command_struct(command, kept)
        self._call(lib.tl_batch_add, as_command(args), context_struct(context, kept))

    def add_json(self, lines: Union[str, bytes], mode: Optional[str] = None) -> None:
        """Adds the facts of JSON lines (docs/fact-format.md), which say their own context; `mode` is
        that of facts that name none."""
        data = lines if isinstance(lines, bytes) else utf8(lines, "lines")
        self._call(lib.tl_batch_add_json, data, len(data), mode_number(mode))

    def add_columns(self, fact: str, columns: Any, rows: Optional[int] = None) -> None:
        """Adds commands of one kind whose members are columns: a mapping of names (those of the fact
        format: "lead", "stage", "at", "attributes.industry" ...) to lists, arrays or a single value
        for all rows; or a data frame."""
        self._add_input(fact, *input_columns(list(columns_of(columns).items()), rows))

    def add_rows(self, fact: str, rows: Any) -> None:
        """Adds a command of one kind for each row: dicts or a data frame, whose columns are named as
        in add_columns; here a cell may also be a list (external_ids) or a dict (attributes)."""
        self._add_input(fact, *input_columns(spread(columns_of(rows)), None))

    def interleave(self, parts: int) -> None:
        """Puts a batch that was added in parts of the same length into another order: the first
        command of each part, then the second of each, and so on. What is done to one record then
        stands together, which execute_all does quickest.

        >>> with Batch() as batch:
        ...     batch.add_columns("lead.move", {"lead": [1, 2], "stage": "mql"})
        ...     batch.add_columns("lead.move", {"lead": [1, 2], "stage": "assigned"})
        ...     batch.interleave(2)
        ...     print(batch.json(1))
        {"fact":"lead.move","lead":1,"stage":"assigned"}
        """
        self._call(lib.tl_batch_interleave, checked_int64(parts, "parts"))

    def _add_input(self, fact: str, columns: Sequence[InputColumn], rows: int) -> None:
        self._call(lib.tl_batch_add_columns, words.COMMAND.number(fact, "fact"), rows,
                   struct_array(columns), len(columns))

    def json(self, index: int) -> str:
        """A command as a line of JSON, as add_json takes it."""
        out = ctypes.POINTER(_abi.tl_string)()
        self._call(lib.tl_batch_json, checked_int64(index, "index"), ctypes.byref(out))
        return take_string(out)

    def clear(self) -> None:
        """Empties it and keeps its memory."""
        self._call(lib.tl_batch_clear)

    def _call(self, function: Any, *arguments: Any) -> None:
        with self._turn:
            call(function, self._pointer(), *arguments)


def command_struct(command: Command, kept: List[Any]) -> Any:
    """The struct of a command, which is kept."""
    if not isinstance(command, Command) or type(command) is Command:
        raise TypeError(f"a command such as LeadMove is expected, not {type(command).__name__}")
    args = command.write(kept)
    kept.append(args)
    return args


def as_command(args: Any) -> Any:
    """A pointer to the head that all commands begin with."""
    return ctypes.byref(_abi.tl_command.from_buffer(args))


def context_struct(context: Optional[Context], kept: List[Any]) -> Any:
    """A pointer to a context; None for the defaults."""
    if context is None:
        return None
    if not isinstance(context, Context):
        raise TypeError(f"a Context is expected, not {type(context).__name__}")
    target = context.write(kept)
    kept.append(target)
    return ctypes.byref(target)


class Outcomes:
    """What became of each command of an execute_all, as columns: 0 where a command was refused."""

    def __init__(self, parts: List[Any]) -> None:
        self._parts = parts  # of at most TL_MAX_COMMANDS each
        self.statuses, self.ids = array("i"), array("q")
        self.seqs, self.accounts, self.versions = array("q"), array("q"), array("q")
        self.accepted = 0  # how many were
        for part in parts:
            self._take(part)

    def _take(self, part: Any) -> None:
        c = sized(_abi.tl_outcome_columns)
        call(lib.tl_outcomes_columns, part, ctypes.byref(c))
        self.accepted += c.accepted
        self.statuses.frombytes(view_of(part, c.statuses, 4 * c.count, "B"))
        for name in ("ids", "seqs", "accounts", "versions"):
            getattr(self, name).frombytes(view_of(part, getattr(c, name), 8 * c.count, "B"))

    def __len__(self) -> int:
        return len(self.statuses)

    def __getitem__(self, index: int) -> Union[Receipt, ThroughlineError]:
        """The receipt of a command, or the exception that says why it was refused."""
        place = checked_int64(index, "index") + (len(self) if index < 0 else 0)
        if not 0 <= place < len(self):
            raise OutOfRange(f"there are {len(self)} outcomes", _abi.TL_OUT_OF_RANGE)
        receipt, error = sized(_abi.tl_receipt), sized(_abi.tl_error)
        part, row = divmod(place, _abi.TL_MAX_COMMANDS)
        code = lib.tl_outcomes_at(self._parts[part], row, ctypes.byref(receipt),
                                  ctypes.byref(error))
        return Receipt.read(receipt) if code == _abi.TL_OK else failure(code, error)

    def __iter__(self) -> Iterator[Union[Receipt, ThroughlineError]]:
        return map(self.__getitem__, range(len(self)))

    def refusals(self) -> Iterator[ThroughlineError]:
        """Why commands were refused; `.index` of each says which one it was."""
        for index, status in enumerate(self.statuses):
            refusal = self[index] if status else None
            if isinstance(refusal, ThroughlineError):
                refusal.index = index
                yield refusal

    def raise_first(self) -> None:
        """Raises the first refusal, if there is one."""
        for refusal in self.refusals():
            raise refusal


class Execution(LedgerHandle):
    """How commands are carried out."""

    def execute(self, command: Command, context: Optional[Context] = None) -> Receipt:
        """Decides a command and commits it; it is durable when the call returns."""
        kept: List[Any] = []
        args = command_struct(command, kept)
        receipt = sized(_abi.tl_receipt)
        self._call(lib.tl_execute, as_command(args), context_struct(context, kept),
                   ctypes.byref(receipt))
        return Receipt.read(receipt)

    def execute_atomic(self, batch: Batch, context: Optional[Context] = None) -> Receipt:
        """Carries out all commands of a batch in one commit, or none: they must concern one account.
        The context is that of all. The first refusal is raised."""
        kept: List[Any] = []
        receipt = sized(_abi.tl_receipt)
        with batch._turn:
            self._call(lib.tl_execute_atomic, batch._pointer(), context_struct(context, kept),
                       ctypes.byref(receipt))
        return Receipt.read(receipt)

    def execute_all(self, batch: Batch, first: int = 0, count: Optional[int] = None) -> Outcomes:
        """Carries out the commands of a batch, each on its own, in order, in as few transactions as
        possible; quickest if those of an account stand together (Batch.interleave). Refusals are in
        the outcomes; what is raised is a failure of the store."""
        with batch._turn:
            left = len(batch) - first if count is None else checked_int64(count, "count")
            place = checked_int64(first, "first")
            parts: List[Any] = []
            while left > 0 or not parts:
                slice_ = min(left, _abi.TL_MAX_COMMANDS)
                out = ctypes.POINTER(_abi.tl_outcomes)()
                self._call(lib.tl_execute_all, batch._pointer(), place, slice_, ctypes.byref(out))
                parts.append(own(out, lib.tl_outcomes_free))
                place, left = place + slice_, left - slice_
        return Outcomes(parts)
