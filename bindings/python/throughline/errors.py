"""What can go wrong, as exceptions. Each status of the library has a class; each class is also the
built-in exception that people expect there, so `except KeyError` and `except ValueError` work.

>>> issubclass(NotFound, KeyError), issubclass(InvalidArgument, ValueError)
(True, True)
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any, Dict, Optional, Tuple, Type

from . import _abi
from ._lib import lib


@dataclass(frozen=True)
class ErrorDetail:
    """What is known of a failure beside its code; None where it does not apply."""

    field: Optional[str] = None  # the member or argument at fault: "stage", "external_ids[2].key"
    rule: Optional[str] = None  # of the policy that said no: "transition", "missing_reason" ...
    account: Optional[int] = None
    version: Optional[int] = None  # of the account, with Aborted
    id: Optional[int] = None  # of the holder, with AlreadyExists


class ThroughlineError(Exception):
    """A refusal or a failure: `.code` and `.name` of its status, `.detail` with what is known."""

    index: Optional[int] = None  # of the command, in Outcomes.refusals

    def __init__(self, message: str, code: int = _abi.TL_UNKNOWN,
                 detail: Optional[ErrorDetail] = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.name = str(lib.tl_status_name(code).decode("ascii"))
        self.detail = detail if detail is not None else ErrorDetail()

    def __str__(self) -> str:  # KeyError would show the message in quotes
        return self.message

    def __reduce__(self) -> Tuple[Any, ...]:
        return type(self), (self.message, self.code, self.detail)


class Cancelled(ThroughlineError):
    """A callback asked for it."""


class InvalidArgument(ThroughlineError, ValueError):
    """The input is malformed; `.detail.field` names it."""

    @classmethod
    def of(cls, field: str, message: str) -> InvalidArgument:
        """Of a value that is refused before it reaches the library."""
        return cls(f"{field}: {message}", _abi.TL_INVALID_ARGUMENT, ErrorDetail(field=field))


class DeadlineExceeded(ThroughlineError, TimeoutError):
    """It took too long."""


class NotFound(ThroughlineError, KeyError):
    """No such record; `.detail.field` names the reference."""


class LedgerNotFound(NotFound, FileNotFoundError):
    """No such file or ledger."""


class AlreadyExists(ThroughlineError, ValueError):
    """Taken; `.detail.id` is the holder's, if it has one."""


class LedgerExists(AlreadyExists, FileExistsError):
    """There is a ledger already."""


class PermissionDenied(ThroughlineError, PermissionError):
    """The file may not be read, or not written."""


class ResourceExhausted(ThroughlineError):
    """The disk is full."""


class NoMemory(ResourceExhausted, MemoryError):
    """Memory ran out."""


class FailedPrecondition(ThroughlineError, RuntimeError):
    """The policy said no, and `.detail.rule` names the rule; or the wrong state."""


class Reentrant(FailedPrecondition):
    """The library was called from one of its callbacks."""


class Aborted(ThroughlineError, RuntimeError):
    """The account has moved on; `.detail.version` is its current version."""


class OutOfRange(ThroughlineError, IndexError):
    """An index at or behind the end."""


class Unimplemented(ThroughlineError, NotImplementedError):
    """A field or value of a later version."""


class Internal(ThroughlineError, RuntimeError):
    """A fault of the library: report it."""


class Unavailable(ThroughlineError, OSError):
    """The store failed or was locked too long. The outcome is unknown: send the same command with
    the same request id again."""


class DataLoss(ThroughlineError, OSError):
    """The file is damaged."""


class Closed(ThroughlineError, ValueError):
    """The object was closed."""


CLASSES: Dict[int, Type[ThroughlineError]] = {
    _abi.TL_CANCELLED: Cancelled,
    _abi.TL_INVALID_ARGUMENT: InvalidArgument,
    _abi.TL_DEADLINE_EXCEEDED: DeadlineExceeded,
    _abi.TL_NOT_FOUND: NotFound,
    _abi.TL_ALREADY_EXISTS: AlreadyExists,
    _abi.TL_PERMISSION_DENIED: PermissionDenied,
    _abi.TL_RESOURCE_EXHAUSTED: ResourceExhausted,
    _abi.TL_FAILED_PRECONDITION: FailedPrecondition,
    _abi.TL_ABORTED: Aborted,
    _abi.TL_OUT_OF_RANGE: OutOfRange,
    _abi.TL_UNIMPLEMENTED: Unimplemented,
    _abi.TL_INTERNAL: Internal,
    _abi.TL_UNAVAILABLE: Unavailable,
    _abi.TL_DATA_LOSS: DataLoss,
    _abi.TL_NO_MEMORY: NoMemory,
    _abi.TL_REENTRANT: Reentrant,
}

# Of calls that open files: what people expect of open().
FILE_CLASSES = {**CLASSES, _abi.TL_NOT_FOUND: LedgerNotFound, _abi.TL_ALREADY_EXISTS: LedgerExists}

_ERROR_SIZE = ctypes.sizeof(_abi.tl_error)


def class_of(code: int, classes: Dict[int, Type[ThroughlineError]] = CLASSES
             ) -> Type[ThroughlineError]:
    """The class of a status; of one that this package does not know, that of its low byte."""
    return classes.get(code, classes.get(code & 0xFF, ThroughlineError))


def failure(code: int, error: _abi.tl_error,
            classes: Dict[int, Type[ThroughlineError]] = CLASSES) -> ThroughlineError:
    """The exception for a status and its error."""
    detail = ErrorDetail(
        field=error.field.decode("utf-8", "replace") or None,
        rule=error.rule.decode("utf-8", "replace") or None,
        account=error.account or None,
        version=error.version or None,
        id=error.id or None)
    name = lib.tl_status_name(code).decode("ascii")
    message = error.message.decode("utf-8", "replace") or name
    return class_of(code, classes)(message, code, detail)


def call(function: Any, *arguments: Any,
         classes: Dict[int, Type[ThroughlineError]] = CLASSES) -> None:
    """Calls a function of the library, with a tl_error as its last argument, and raises what it
    answers unless that is TL_OK: the one place where a status is checked."""
    error = _abi.tl_error(_ERROR_SIZE)
    code = function(*arguments, ctypes.byref(error))
    if code != _abi.TL_OK:
        # A traceback keeps this frame; it must not keep a handle from being freed.
        del arguments
        raise failure(code, error, classes)
