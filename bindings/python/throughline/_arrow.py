"""Tables as capsules that hold an Arrow C stream, as Arrow's PyCapsule interface wants them. Imported
only when one is asked for: an interpreter that is not CPython may have no capsules."""

from __future__ import annotations

import ctypes
from typing import Any

from . import _abi
from ._lib import lib
from .errors import call

_SIZE = ctypes.sizeof(_abi.ArrowArrayStream)
_NAME = b"arrow_array_stream"


def _python(name: str, result: Any, *parameters: Any) -> Any:
    """A function of CPython's own interface. Each has a prototype of ours, as ctypes.pythonapi
    belongs to all packages."""
    return ctypes.PYFUNCTYPE(result, *parameters)((name, ctypes.pythonapi))


_allocate = _python("PyMem_RawMalloc", ctypes.c_void_p, ctypes.c_size_t)
_free = _python("PyMem_RawFree", None, ctypes.c_void_p)
_new_capsule = _python("PyCapsule_New", ctypes.py_object, ctypes.c_void_p, ctypes.c_char_p,
                       ctypes.c_void_p)
_pointer_of = _python("PyCapsule_GetPointer", ctypes.c_void_p, ctypes.c_void_p, ctypes.c_char_p)
_raise_pending = _python("PyErr_Occurred", ctypes.c_void_p)
_keep_for_ever = _python("Py_IncRef", None, ctypes.py_object)
_Release = ctypes.CFUNCTYPE(None, ctypes.c_void_p)


def _end_stream(address: int, stream_at: Any = _abi.ArrowArrayStream.from_address,
                release: Any = _Release, free: Any = _free) -> None:
    """Releases the stream unless it was moved away."""
    stream = stream_at(address)
    if stream.release:
        release(stream.release)(address)
    free(address)


# A capsule may be one of the last things to go: what its end needs are defaults, which stay when the
# names of modules are gone. It gets the capsule's address, as there is no capsule any more.
def _end_capsule(capsule: int, raise_pending: Any = _raise_pending, pointer_of: Any = _pointer_of,
                 name: bytes = _NAME, end_stream: Any = _end_stream) -> None:
    try:
        raise_pending()  # an error of the reader's that is under way; ctypes prints it
    finally:
        end_stream(pointer_of(capsule, name))


_destructor = ctypes.PYFUNCTYPE(None, ctypes.c_void_p)(_end_capsule)
_keep_for_ever(_destructor)
_keep_for_ever(_NAME)


def stream_capsule(table: Any) -> Any:
    """A PyCapsule with the stream of a tl_table."""
    address = _allocate(_SIZE)
    if not address:
        raise MemoryError
    try:
        stream = _abi.ArrowArrayStream.from_address(address)
        stream.release = None
        call(lib.tl_table_arrow_stream, table, ctypes.byref(stream))
        return _new_capsule(address, _NAME, ctypes.cast(_destructor, ctypes.c_void_p))
    except BaseException:
        _end_stream(address)
        raise
