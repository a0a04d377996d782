"""Objects of the library and when they are freed."""

from __future__ import annotations

import os
import weakref
from typing import Any, Callable, List, Optional, Type, TypeVar

from .errors import Closed

SelfType = TypeVar("SelfType", bound="Handle")


def _release(free: Callable[[Any], None], pointer: Any, process: int, kept: Any) -> None:
    # A forked child has the parent's objects in its memory, but they are not its own to end.
    if os.getpid() == process:
        free(pointer)


def own(pointer: Any, free: Callable[[Any], None], kept: Any = None) -> Any:
    """Frees what `pointer` points to when nobody holds `pointer` any more; `kept` lives as long.

    Every call of the library holds the pointer it is given, so an object that is closed while
    another thread uses it is freed by the thread that is the last to come out.
    """
    address_only = type(pointer).from_buffer_copy(pointer)
    weakref.finalize(pointer, _release, free, address_only, os.getpid(), kept).atexit = False
    return pointer


class Handle:
    """An object of the library: use it in a `with`, or call close(); else it is freed when Python
    collects it, at the latest when the interpreter exits."""

    def __init__(self, pointer: Any, free: Callable[[Any], None], kept: Any = None) -> None:
        self._owned: List[Any] = [own(pointer, free, kept)]
        self._finalizer = weakref.finalize(self, self._owned.clear)

    def _pointer(self) -> Any:
        try:
            return self._owned[0]
        except IndexError:
            raise Closed(f"this {type(self).__name__} was closed") from None

    def close(self) -> None:
        """Ends the object. Calls that are under way end well; closing twice is no mistake."""
        self._finalizer()

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return not self._owned

    def __enter__(self: SelfType) -> SelfType:
        self._pointer()
        return self

    def __exit__(self, kind: Optional[Type[BaseException]], value: Any, traceback: Any) -> None:
        self.close()
