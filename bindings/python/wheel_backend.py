"""Builds the wheel (PEP 517) from the package and, if it is there, the library that was built: the
one that THROUGHLINE_LIBRARY names, or that of the checkout's release build. Without a library the
wheel uses the one that is installed on the system."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import Any, Dict, List, Optional

HERE = Path(__file__).resolve().parent
PACKAGE = HERE / "throughline"
LIBRARY = "libthroughline.so"


def _project() -> Dict[str, str]:
    """Name, version and so on from pyproject.toml, for which Python 3.9 has no parser."""
    text = (HERE / "pyproject.toml").read_text(encoding="utf-8")
    return dict(re.findall(r'^([a-z-]+) = "(.*)"$', text.split("[build-system]")[0], re.MULTILINE))


PROJECT = _project()
STEM = f"{PROJECT['name']}-{PROJECT['version']}"


def _library() -> Optional[Path]:
    chosen = os.environ.get("THROUGHLINE_LIBRARY")
    if chosen:
        return Path(chosen)
    bundled = PACKAGE / LIBRARY
    found = sorted((HERE.parents[1] / "build" / "release").glob(f"**/{LIBRARY}"))
    return bundled if bundled.is_file() else (found[0] if found else None)


def _without_debug_information(library: Path) -> bytes:
    """What the debugger needs is nine tenths of the file; it stays in the build tree."""
    strip = shutil.which("strip")
    if strip is None:
        return library.read_bytes()
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copy(library, folder)
        subprocess.run([strip, "--strip-unneeded", copy], check=True)
        return Path(copy).read_bytes()


def _tag(library: Optional[Path]) -> str:
    """No part of it depends on Python's version: the library is loaded, not linked."""
    platform = re.sub(r"[^A-Za-z0-9]", "_", sysconfig.get_platform()) if library else "any"
    return f"py3-none-{platform}"


def _metadata() -> str:
    return (f"Metadata-Version: 2.1\nName: {PROJECT['name']}\nVersion: {PROJECT['version']}\n"
            f"Summary: {PROJECT['description']}\nLicense: Apache-2.0\n"
            f"Requires-Python: {PROJECT['requires-python']}\n")


def _wheel_text(tag: str) -> str:
    purelib = "true" if tag.endswith("any") else "false"
    return ("Wheel-Version: 1.0\nGenerator: wheel_backend\n"
            f"Root-Is-Purelib: {purelib}\nTag: {tag}\n")


def _package_files() -> Dict[str, bytes]:
    paths = sorted(PACKAGE.glob("*.py")) + [PACKAGE / "py.typed"]
    return {f"throughline/{path.name}": path.read_bytes() for path in paths}


def _write_wheel(directory: str, tag: str, files: Dict[str, bytes]) -> str:
    info = f"{STEM}.dist-info"
    files = {**files, f"{info}/METADATA": _metadata().encode(),
             f"{info}/WHEEL": _wheel_text(tag).encode()}
    record: List[str] = []
    name = f"{STEM}-{tag}.whl"
    with zipfile.ZipFile(Path(directory) / name, "w", zipfile.ZIP_DEFLATED) as wheel:
        for path, data in files.items():
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            record.append(f"{path},sha256={digest},{len(data)}\n")
            wheel.writestr(path, data)
        record.append(f"{info}/RECORD,,\n")
        wheel.writestr(f"{info}/RECORD", "".join(record))
    return name


def build_wheel(wheel_directory: str, config_settings: Any = None,
                metadata_directory: Any = None) -> str:
    """A wheel with the package and the library."""
    library = _library()
    files = _package_files()
    if library is None:
        print("no library was built: the wheel uses the system's", file=sys.stderr)
    else:
        files[f"throughline/{LIBRARY}"] = _without_debug_information(library)
    return _write_wheel(wheel_directory, _tag(library), files)


def build_editable(wheel_directory: str, config_settings: Any = None,
                   metadata_directory: Any = None) -> str:
    """A wheel that points to this checkout, whose build tree has the library."""
    return _write_wheel(wheel_directory, _tag(None), {"throughline.pth": f"{HERE}\n".encode()})


def build_sdist(sdist_directory: str, config_settings: Any = None) -> str:
    """An archive of the sources of the package."""
    name = f"{STEM}.tar.gz"
    with tarfile.open(Path(sdist_directory) / name, "w:gz") as archive:
        for path in sorted(PACKAGE.glob("*.py")) + [PACKAGE / "py.typed", HERE / "pyproject.toml",
                                                    Path(__file__).resolve()]:
            archive.add(path, f"{STEM}/{path.relative_to(HERE)}")
    return name
