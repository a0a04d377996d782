"""Reading what people have: exports of other systems, lists of dicts, data frames."""

from __future__ import annotations

import fnmatch
import json
import os
import warnings
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Sequence, Set, Union

from . import _abi
from ._columns import columns_of
from .batch import Batch
from .errors import LedgerNotFound
from .imports import ImportOptions, ImportReport, Map, PathLike, map_text
from .ledger import Ledger, in_memory
from .ledger import open as open_ledger
from .values import ExternalId, instant

_FACTS = (".jsonl", ".ndjson")

# What from_rows takes, in the order in which facts of one moment are to be told.
TABLES = {
    "owners": "owner.define", "campaigns": "campaign.define", "campaign_costs": "campaign.cost",
    "accounts": "account.open", "contacts": "contact.add", "touches": "touch.record",
    "notes": "note.add", "leads": "lead.open", "lead_assignments": "lead.assign",
    "lead_moves": "lead.move", "opportunities": "opportunity.open",
    "opportunity_moves": "opportunity.move", "wins": "opportunity.win",
    "losses": "opportunity.lose",
}
_REFERENCES = frozenset(("account", "contact", "lead", "opportunity", "campaign", "owner", "actor",
                         "team", "parent", "leads", "external_ids"))


class RowsPutAside(UserWarning):
    """Rows that could not be read were put aside; the rest was loaded."""


def _tell(report: ImportReport) -> None:
    if report.rejected:
        samples = "".join(f"\n  {sample}" for sample in report.samples[:3])
        warnings.warn(RowsPutAside(f"{report.rejected} of {report.rows} rows or their facts were put "
                                   f"aside, as:{samples}"), stacklevel=3)


def _files_in(folder: Path, map: Optional[bytes]) -> List[Path]:
    """The files of a folder that the map has a place for; without a map those of JSON lines."""
    files = sorted(path for path in folder.iterdir() if path.is_file())
    if map is None:
        return [path for path in files if path.suffix in _FACTS]
    patterns = [file.get("match", "") for file in json.loads(map).get("files", [])]
    # In a map only * and ? are special.
    escaped = [pattern.replace("[", "[[]") for pattern in patterns]
    return [path for path in files if any(fnmatch.fnmatchcase(path.name, p) for p in escaped)]


def _paths(source: Union[PathLike, Sequence[PathLike]], map: Optional[bytes]) -> List[str]:
    names = [source] if isinstance(source, (str, os.PathLike)) else list(source)
    paths: List[str] = []
    for path in (Path(name) for name in names):
        found = _files_in(path, map) if path.is_dir() else [path]
        if not found:
            raise LedgerNotFound(f"{path}: no file of this folder fits", _abi.TL_NOT_FOUND)
        paths += (str(file) for file in found)
    return paths


def read(source: Union[PathLike, Sequence[PathLike]], *, map: Optional[Map] = None,
         into: Optional[PathLike] = None, options: ImportOptions = ImportOptions()) -> Ledger:
    """Reads exports into a ledger: a folder, a file or several; CSV with the mapping `map` (a path or
    a dict, docs/import.md), JSON lines without. The ledger is in memory, or in the file `into`, where
    reading a longer export again adds what is new. `ledger.imported` says what became of it; rows
    that were put aside are warned of.

    >>> import os, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "facts.jsonl")
    ...     with open(path, "w") as file:
    ...         _ = file.write('{"fact": "account.open", "name": "Acme", "external_ids": ["crm:1"]}')
    ...     ledger = read(path)
    >>> ledger.account("crm:1").name, ledger.imported.imported
    ('Acme', 1)
    """
    text = map_text(map)
    paths = _paths(source, text)
    ledger = in_memory() if into is None else open_ledger(into, create=True)
    try:
        ledger.imported = ledger.import_files(paths, text, options)
    except BaseException:
        ledger.close()
        raise
    _tell(ledger.imported)
    return ledger


# --- Rows. ---


def _qualified(value: Any, system: str) -> Any:
    """A reference: what names no system is an id of the rows' own."""
    if isinstance(value, (list, tuple)):
        return [_qualified(item, system) for item in value]
    if value is None or isinstance(value, ExternalId) or value != value:
        return value
    if isinstance(value, float) and value.is_integer():  # an id beside NaN
        value = int(value)
    text = str(value)
    return text if ":" in text else f"{system}:{text}"


def _own_columns(table: Any, system: str) -> Dict[str, List[Any]]:
    """The columns of a table with full references; `id` is the row's own id."""
    columns = {name: list(values) for name, values in columns_of(table).items()}
    if "id" in columns:
        columns.setdefault("external_ids", columns.pop("id"))
    for name in _REFERENCES & columns.keys():
        columns[name] = [_qualified(value, system) for value in columns[name]]
    return columns


class _Accounts:
    """The accounts that rows name but nobody opened, each with the first date of a row of it."""

    def __init__(self) -> None:
        self.first: Dict[str, Any] = {}

    def add(self, columns: Mapping[str, List[Any]]) -> None:
        names = columns.get("account", [])
        for name, at in zip(names, columns.get("at", [None] * len(names))):
            if isinstance(name, (str, ExternalId)):
                self._add(str(name), at)

    def _add(self, name: str, at: Any) -> None:
        known = self.first.setdefault(name, at)
        if at is not None and at == at:
            if known is None or instant(at, "at") < instant(known, "at"):
                self.first[name] = at

    def rows(self, opened: Set[str]) -> List[Dict[str, Any]]:
        return [{"at": at, "name": name.partition(":")[2], "external_ids": name}
                for name, at in self.first.items() if name not in opened]


def _batch_of(tables: Mapping[str, Any], system: str, mode: Optional[str]) -> Batch:
    unknown = tables.keys() - TABLES.keys()
    if unknown:
        raise TypeError(f"from_rows: {sorted(unknown)[0]!r} is none of {', '.join(TABLES)}")
    own = {name: _own_columns(tables[name], system) for name in TABLES
           if tables.get(name) is not None}
    accounts = _Accounts()
    for columns in own.values():
        accounts.add(columns)
    opened = {str(id) for id in own.get("accounts", {}).get("external_ids", [])}
    batch = Batch()
    batch.add_rows("account.open", accounts.rows(opened))
    for name, columns in own.items():
        batch.add_rows(TABLES[name], {"mode": mode or "observe", **columns})
    return batch


def from_rows(*, system: str = "rows", options: ImportOptions = ImportOptions(),
              **tables: Any) -> Ledger:
    """A ledger in memory of lists of dicts or data frames (pandas, Polars, Arrow), one for each kind
    of fact: leads, touches, opportunities, wins ... (TABLES). Columns are members of the fact format;
    `id` is a row's own id, and the other rows refer to it. Companies that are named but are not among
    the accounts are opened by their name.

    >>> ledger = from_rows(
    ...     touches=[{"at": "2024-01-02", "account": "Acme", "kind": "webinar", "channel": "webinar"}],
    ...     leads=[{"at": "2024-01-05", "account": "Acme", "id": "L1"}],
    ...     lead_moves=[{"at": "2024-01-09", "lead": "L1", "stage": "mql"}])
    >>> lead = ledger.lead("rows:L1")
    >>> lead.stage, lead.lineage.latest.channel
    ('mql', 'webinar')
    """
    with _batch_of(tables, system, options.mode) as batch:
        ledger = in_memory()
        ledger.imported = ledger.import_batch(batch, options)
    _tell(ledger.imported)
    return ledger
