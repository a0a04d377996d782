"""Tables: the one shape in which every tabular answer comes. Columns are the library's own memory,
seen through memoryviews: reading a million rows crosses over a few times, not a million times."""

from __future__ import annotations

import ctypes
from array import array
from dataclasses import dataclass
from typing import (Any, Callable, Dict, Iterable, Iterator, List, Optional, Sequence, Tuple, Union, overload)

from . import _abi
from ._arguments import text_array
from ._callbacks import LedgerHandle
from ._handle import Handle
from ._lib import lib
from ._results import sized, take_string, text_of
from .errors import InvalidArgument, call
from .records import AsOf, Filter
from .values import checked_int32, checked_int64, day_of, time_of, utf8

KINDS = {_abi.TL_COLUMN_INTEGER: "integer", _abi.TL_COLUMN_REAL: "real",
         _abi.TL_COLUMN_TEXT: "text", _abi.TL_COLUMN_TIME: "time", _abi.TL_COLUMN_DATE: "date",
         _abi.TL_COLUMN_BOOLEAN: "boolean"}

_FROM_INTEGER: Dict[str, Callable[[Any], Any]] = {"time": time_of, "date": day_of, "boolean": bool}


class Texts(Sequence[str]):
    """The texts of a column: each is decoded when it is asked for; an empty cell is ""."""

    def __init__(self, offsets: memoryview, data: memoryview) -> None:
        self.offsets = offsets  # text i is data[offsets[i]:offsets[i + 1]]
        self.data = data  # UTF-8

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @overload
    def __getitem__(self, index: int) -> str: ...

    @overload
    def __getitem__(self, index: slice) -> List[str]: ...

    def __getitem__(self, index: Union[int, slice]) -> Union[str, List[str]]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        place = index if index >= 0 else index + len(self)
        if not 0 <= place < len(self):
            raise IndexError("a row behind the end")
        return str(self.data[self.offsets[place]:self.offsets[place + 1]], "utf-8")

    def tolist(self) -> List[str]:
        """All texts."""
        data, ends = bytes(self.data), self.offsets.tolist()
        if data.isascii():
            text = data.decode("ascii")
            return [text[a:b] for a, b in zip(ends, ends[1:])]
        return [data[a:b].decode("utf-8") for a, b in zip(ends, ends[1:])]


@dataclass(frozen=True)
class Column:
    """A column with all its cells, good also after the table was closed."""

    name: str
    kind: str  # "integer", "real", "text", "time", "date", "boolean"
    unit: str  # "leads", "EUR", "days", "share"; empty for names
    definition: str  # in plain English
    # Integers ("q"), reals ("d") or texts. A time is microseconds since 1970, a date is days.
    values: Union[memoryview, Texts]
    given: Optional[memoryview]  # 0: the cell is empty, and 0, 0.0 or "" in values; None: none is

    def __len__(self) -> int:
        return len(self.values)

    def tolist(self) -> List[Any]:
        """The cells as Python values: int, float, str, datetime, date, bool; None for empty ones."""
        values: List[Any] = self.values.tolist()
        convert = _FROM_INTEGER.get(self.kind)
        if self.given is None:
            return [convert(value) for value in values] if convert else values
        if convert is None:
            return [value if given else None for value, given in zip(values, self.given)]
        return [convert(value) if given else None for value, given in zip(values, self.given)]


def view_of(owner: Any, address: Optional[int], size: int, format: str) -> memoryview:
    """The library's memory, read-only; it is not freed while the view is in use."""
    if not size:
        return memoryview(array(format, [])).toreadonly()
    block = (ctypes.c_char * size).from_address(address or 0)
    setattr(block, "owner", owner)
    return memoryview(block).cast("B").cast(format).toreadonly()


def _values(column: Any, owner: Any) -> Union[memoryview, Texts]:
    rows = column.row_count
    if column.kind == _abi.TL_COLUMN_TEXT:
        if not column.offsets:
            return Texts(memoryview(array("q", [0] * (rows + 1))), memoryview(b""))
        offsets = view_of(owner, column.offsets, 8 * (rows + 1), "q")
        return Texts(offsets, view_of(owner, column.bytes, offsets[rows], "B"))
    if column.kind == _abi.TL_COLUMN_REAL:
        return view_of(owner, column.reals, 8 * rows, "d")
    return view_of(owner, column.integers, 8 * rows, "q")


class Table(Handle):
    """Typed columns in memory; it does not change and keeps nothing of the ledger.

    >>> import throughline as tl
    >>> ledger = tl.from_rows(leads=[{"at": "2024-01-05", "account": "Acme", "source": "fair"},
    ...                              {"at": "2024-02-05", "account": "Bolt"}])
    >>> table = ledger.lead_columns(["lead", "source"])
    >>> table.names, len(table), table.rows()[0]
    (['lead', 'source'], 2, {'lead': 1, 'source': 'fair'})
    >>> table["lead"].tolist(), table.cell(1, "lead")
    ([1, 2], 2)
    >>> table.to_csv()
    'lead,source\\r\\n1,fair\\r\\n2,\\r\\n'
    """

    def __init__(self, pointer: Any) -> None:
        super().__init__(pointer, lib.tl_table_free)
        self._columns: Dict[int, Column] = {}

    def close(self) -> None:
        """Ends the table. Its memory is freed when no column of it is in use any more."""
        self._columns.clear()
        super().close()

    def _info(self) -> Any:
        info = sized(_abi.tl_table_info)
        call(lib.tl_table_get_info, self._pointer(), ctypes.byref(info))
        return info

    def __len__(self) -> int:
        return int(self._info().row_count)

    def __repr__(self) -> str:
        if self.closed:
            return "<Table, closed>"
        return f"<Table {self.report!r}: {len(self)} rows, {', '.join(self.names)}>"

    @property
    def report(self) -> str:
        """Name of the report; "leads", "opportunities"."""
        return text_of(self._info().report)

    @property
    def finding(self) -> str:
        """What it says, in one plain sentence; may be empty."""
        return text_of(self._info().finding)

    @property
    def as_of(self) -> AsOf:
        """What it was made from."""
        return AsOf.read(self._info().as_of)

    @property
    def parameters(self) -> Dict[str, str]:
        """The parameters of the report."""
        name, value = _abi.tl_text(), _abi.tl_text()
        answer = {}
        for index in range(self._info().parameter_count):
            call(lib.tl_table_parameter, self._pointer(), index, ctypes.byref(name),
                 ctypes.byref(value))
            answer[text_of(name)] = text_of(value)
        return answer

    @property
    def names(self) -> List[str]:
        """The names of the columns."""
        return [self._column(place).name for place in range(self._info().column_count)]

    @property
    def columns(self) -> Dict[str, Column]:
        """The columns by their names."""
        columns = map(self._column, range(self._info().column_count))
        return {column.name: column for column in columns}

    def __getitem__(self, name: str) -> Column:
        return self._column(self._place(name))

    def _place(self, column: Union[str, int]) -> int:
        if isinstance(column, int):
            return checked_int64(column, "column")
        names = self.names
        if column not in names:
            raise InvalidArgument.of("column", f"{column!r} is none of {', '.join(names)}")
        return names.index(column)

    def _column(self, place: int) -> Column:
        column = self._columns.get(place)
        if column is None:
            owner, c = self._pointer(), sized(_abi.tl_column)
            call(lib.tl_table_column, owner, place, ctypes.byref(c))
            given = view_of(owner, c.given, c.row_count, "B") if c.given else None
            column = Column(text_of(c.name), KINDS.get(c.kind, "integer"), text_of(c.unit),
                            text_of(c.definition), _values(c, owner), given)
            self._columns[place] = column
        return column

    def cell(self, row: int, column: Union[str, int]) -> Any:
        """One cell as a Python value; None if it is empty. OutOfRange behind the end."""
        cell = sized(_abi.tl_cell)
        call(lib.tl_table_cell, self._pointer(), checked_int64(row, "row"), self._place(column),
             ctypes.byref(cell))
        kind = KINDS.get(cell.kind)
        if kind is None:
            return None
        if kind == "text":
            return text_of(cell.text)
        if kind == "real":
            return cell.real
        return _FROM_INTEGER.get(kind, int)(cell.integer)

    def copy_integers(self, column: Union[str, int], first: int, count: int
                      ) -> Tuple[array[int], bytearray]:
        """A part of a column of integers, times, dates or truth values: its values, and a byte for
        each, 0 where the cell is empty."""
        return self._copy(lib.tl_table_copy_integers, "q", ctypes.c_int64, column, first, count)

    def copy_reals(self, column: Union[str, int], first: int, count: int
                   ) -> Tuple[array[float], bytearray]:
        """The same of a column of reals, or of integers as reals."""
        return self._copy(lib.tl_table_copy_reals, "d", ctypes.c_double, column, first, count)

    def _copy(self, function: Any, format: str, element: Any, column: Union[str, int], first: int,
              count: int) -> Tuple[Any, bytearray]:
        checked_int64(first, "first")
        if not 0 <= checked_int64(count, "count") <= len(self):
            raise InvalidArgument.of("count", f"{count} rows of {len(self)}")
        values, given = array(format, bytes(8 * count)), bytearray(count)
        call(function, self._pointer(), self._place(column), first, count,
             (element * count).from_buffer(values), (ctypes.c_uint8 * count).from_buffer(given))
        return values, given

    def __iter__(self) -> Iterator[Dict[str, Any]]:
        columns = self.columns
        for cells in zip(*(column.tolist() for column in columns.values())):
            yield dict(zip(columns, cells))

    def rows(self) -> List[Dict[str, Any]]:
        """The rows as dicts."""
        return list(self)

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        """The table for what reads Arrow (pyarrow, Polars, DuckDB, pandas from 3 on): a PyCapsule
        with an Arrow C stream, which is good also after the table was closed. Another schema than
        the table's own is not made: `requested_schema` changes nothing."""
        from ._arrow import stream_capsule
        return stream_capsule(self._pointer())

    def to_pandas(self) -> Any:
        """A pandas.DataFrame; needs pandas, and nothing else. Empty cells are missing values; times
        are datetime64[ns, UTC], dates datetime64[ns]. `attrs` says what the table says of itself."""
        from ._frames import frame_of
        frame = frame_of(self.columns)
        frame.attrs = {"report": self.report, "finding": self.finding, "seq": self.as_of.seq,
                       "parameters": self.parameters,
                       "units": {name: column.unit for name, column in self.columns.items()}}
        if self.as_of.through.timestamp():  # records are as of a commit alone
            frame.attrs["through"] = self.as_of.through.isoformat()
            frame.attrs["known_at"] = self.as_of.known_at.isoformat()
        return frame

    def to_csv(self) -> str:
        """CSV by RFC 4180, with a header line."""
        return self._text(lib.tl_table_csv)

    def to_markdown(self) -> str:
        """Markdown with what every column means."""
        return self._text(lib.tl_table_markdown)

    def to_json(self, indent: Optional[int] = None) -> str:
        """JSON as docs/reports.md describes it."""
        return self._text(lib.tl_table_json,
                          -1 if indent is None else checked_int32(indent, "indent"))

    def to_text(self, width: int = 0) -> str:
        """Aligned text for a terminal; a width of 0 is no limit."""
        return self._text(lib.tl_table_text, checked_int32(width, "width"))

    def to_html(self) -> str:
        """A web page that needs nothing else, with the report's charts: some 600 KB."""
        return self._text(lib.tl_table_html)

    def _repr_html_(self) -> str:
        from ._notebook import html_of
        return html_of(self)

    def __str__(self) -> str:
        return self.to_text()

    def _text(self, function: Any, *arguments: Any) -> str:
        out = ctypes.POINTER(_abi.tl_string)()
        call(function, self._pointer(), *arguments, ctypes.byref(out))
        return take_string(out)


def about_each(function: Any) -> Dict[str, str]:
    """What a function of the library lists by name, with what each is about."""
    out = ctypes.POINTER(_abi.tl_table)()
    call(function, ctypes.byref(out))
    with Table(out) as table:
        return {row["name"]: row["about"] for row in table}


def to_html(tables: Iterable[Table], title: str) -> str:
    """One web page of several tables, with all findings first.

    >>> import throughline as tl
    >>> with tl.in_memory() as ledger, ledger.snapshot() as snapshot:
    ...     page = to_html(map(snapshot.report, ("pipeline", "funnel")), "Leads and deals")
    >>> page.startswith("<!doctype html>"), "<title>Leads and deals</title>" in page
    (True, True)
    """
    pointers = [table._pointer() for table in tables]
    array, data = (ctypes.POINTER(_abi.tl_table) * len(pointers))(*pointers), utf8(title, "title")
    out = ctypes.POINTER(_abi.tl_string)()
    call(lib.tl_tables_html, array, len(pointers), data, len(data), ctypes.byref(out))
    return take_string(out)


class ColumnReads(LedgerHandle):
    """What a ledger reads by the million."""

    def lead_columns(self, columns: Sequence[str] = (), filter: Optional[Filter] = None) -> Table:
        """Leads as a table: the columns named, or all of them (docs/python.md)."""
        return self._columns_of(lib.tl_lead_columns, columns, filter)

    def opportunity_columns(self, columns: Sequence[str] = (),
                            filter: Optional[Filter] = None) -> Table:
        """Opportunities as a table: the columns named, or all of them."""
        return self._columns_of(lib.tl_opportunity_columns, columns, filter)

    def _columns_of(self, function: Any, columns: Sequence[str],
                    filter: Optional[Filter]) -> Table:
        if isinstance(columns, str):
            raise TypeError("columns: a list of names is expected, not str")
        kept: List[Any] = []
        wanted = ctypes.byref(filter.write(kept)) if filter is not None else None
        out = ctypes.POINTER(_abi.tl_table)()
        self._call(function, wanted, text_array(columns, "columns", kept), len(columns),
                   ctypes.byref(out))
        return Table(out)
