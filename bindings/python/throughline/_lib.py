"""Finds the shared library, loads it once and makes sure that it is the one this package is for."""

from __future__ import annotations

import ctypes
import ctypes.util
import os
from pathlib import Path
from typing import Iterator, List

from . import _abi

VARIABLE = "THROUGHLINE_LIBRARY"
FILE = "libthroughline.so"
HEADER_VERSION = f"{_abi.TL_VERSION_MAJOR}.{_abi.TL_VERSION_MINOR}.{_abi.TL_VERSION_PATCH}"


class LibraryError(ImportError):
    """The shared library is missing, or is not the one that this package was written for."""


def _of_build_tree() -> Iterator[Path]:
    """In a checkout: the release build first, as others may need a sanitizer's runtime."""
    root = Path(__file__).resolve().parents[3]
    if (root / "capi" / "throughline.h").is_file():
        found = sorted((root / "build").glob(f"*/**/{FILE}"))
        yield from sorted(found, key=lambda path: path.relative_to(root).parts[1] != "release")


def candidates() -> Iterator[str]:
    """Where the library may be, the best place first. The variable, if set, is the only one."""
    chosen = os.environ.get(VARIABLE)
    if chosen:
        yield chosen
        return
    beside = Path(__file__).resolve().parent / FILE
    if beside.is_file():
        yield str(beside)
    yield from map(str, _of_build_tree())
    system = ctypes.util.find_library("throughline")
    if system:
        yield system


def _require_same_abi(library: ctypes.CDLL, path: str) -> None:
    library.tl_abi_version.restype = ctypes.c_int32
    library.tl_version.restype = ctypes.c_char_p
    found = library.tl_abi_version()
    if found == _abi.TL_ABI_VERSION:
        return
    version = library.tl_version().decode("ascii", "replace")
    raise LibraryError(
        f"{path} is Throughline {version} with ABI {found}; this package is for Throughline "
        f"{HEADER_VERSION} with ABI {_abi.TL_ABI_VERSION}", path=path)


def load(path: str) -> ctypes.CDLL:
    """Loads one file. LibraryError if it cannot be loaded or has another ABI."""
    try:
        library = ctypes.CDLL(path)
        _require_same_abi(library, path)
        _abi.declare(library)
    except OSError as error:
        raise LibraryError(f"{path} cannot be loaded: {error}", path=path) from error
    except AttributeError as error:
        raise LibraryError(f"{path} is not Throughline {HEADER_VERSION} with ABI "
                           f"{_abi.TL_ABI_VERSION}: {error}", path=path) from error
    return library


def _load_first() -> ctypes.CDLL:
    paths: List[str] = list(candidates())
    if not paths:
        raise LibraryError(f"{FILE} was not found beside the package, in a build tree or on the "
                           f"system; {VARIABLE} may name it")
    return load(paths[0])


lib = _load_first()


def version() -> str:
    """The version of the library that is loaded.

    >>> version().count(".")
    2
    """
    return str(lib.tl_version().decode("ascii"))


def has_feature(feature: str) -> bool:
    """Whether the library has "sqlite_file", "memory", "host_sqlite" or "arrow".

    >>> has_feature("memory"), has_feature("telepathy")
    (True, False)
    """
    number = getattr(_abi, f"TL_FEATURE_{feature.upper()}", 0)
    return bool(lib.tl_has_feature(number))
