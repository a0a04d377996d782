"""Lists of Python values as columns of many commands: one crossing for all of them."""

from __future__ import annotations

import ctypes
from array import array
from datetime import date, datetime
from decimal import Decimal
from itertools import accumulate
from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence, Set, Tuple, Union

from . import _abi
from ._arguments import Kept, address_of, write_text
from ._results import sized
from .errors import InvalidArgument
from .values import (ExternalId, Money, checked_int64, days_of, micros_of, parse_day, utf8)

# Members that are times; others that hold a date or a datetime are days.
_TIMES = frozenset(("at", "entered_at", "occurred_at"))

Cell = Union[None, int, str, float, Decimal, datetime, date, Money, ExternalId]
Columns = Mapping[str, Any]


def _is_missing(value: Any) -> bool:
    # NaN and pandas' NaT are not equal to themselves; pandas' NA refuses to be asked.
    if value is None:
        return True
    try:
        return bool(value != value)
    except TypeError:
        return True


def _whole(value: float, field: str) -> int:
    if not value.is_integer():
        raise TypeError(f"{field}: {value} is a float; amounts are Money, a Decimal or a str")
    return int(value)


def _clean(values: Iterable[Any], field: str) -> List[Any]:
    """None for what is missing; a float with a whole number (an id beside NaN) as an int."""
    cleaned = []
    for value in values:
        if _is_missing(value):
            value = None
        elif isinstance(value, float):
            value = _whole(value, field)
        cleaned.append(value)
    return cleaned


def _text_of_cell(value: Any, field: str) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (int, Decimal, Money, ExternalId)):
        return str(value)
    raise TypeError(f"{field}: {type(value).__name__} cannot be a value of a fact")


def _day_number(value: date, field: str) -> int:
    # A data frame's days come as datetimes at midnight.
    if isinstance(value, datetime):
        if value.time() != datetime.min.time():
            raise InvalidArgument.of(field, f"{value} is no day")
        value = value.date()
    return days_of(parse_day(value, field))


class InputColumn:
    """One member of many commands, and what the struct points to."""

    def __init__(self, name: str, values: Any, rows: int) -> None:
        self.name = name
        self.kept: Kept = []
        self.struct = sized(_abi.tl_input_column)
        self.struct.rows = rows
        write_text(self.struct.name, name, name, self.kept)
        packed = _packed_integers(values)
        kinds = set(map(type, values)) if isinstance(values, (list, tuple, range)) else set()
        if packed is not None:
            self._integers(packed)
        elif kinds == {int}:  # as most columns are, or texts: nothing is missing
            self._integers(_array_of(values, name))
        elif kinds == {str}:
            self._texts(values)
        else:
            self._values(_clean(values, name))

    def _values(self, values: List[Any]) -> None:
        kinds: Set[type] = {type(value) for value in values if value is not None}
        if kinds and all(issubclass(kind, int) for kind in kinds):
            self._integers(_array_of([0 if v is None else int(v) for v in values], self.name))
        elif kinds and all(issubclass(kind, date) for kind in kinds):
            if not self._dates(values, kinds):
                self._texts(values)
        else:
            self._texts(values)
        if None in values:
            self._mark_given(values)

    def _dates(self, values: List[Any], kinds: Set[type]) -> bool:
        """Days or times as numbers; not if there are both."""
        times = [issubclass(kind, datetime) for kind in kinds]
        if self.name not in _TIMES:
            numbers = [0 if v is None else _day_number(v, self.name) for v in values]
        elif all(times):
            numbers = [0 if v is None else micros_of(v) for v in values]
        elif not any(times):
            numbers = [0 if v is None else days_of(v) for v in values]
            self.struct.unit = _abi.TL_UNIT_DAYS
        else:
            return False
        self._integers(array("q", numbers))
        return True

    def _integers(self, numbers: array[int]) -> None:
        self.kept.append(numbers)
        self.struct.integers = numbers.buffer_info()[0] or address_of(b"")

    def _texts(self, values: Sequence[Any]) -> None:
        name = self.name
        texts = [value if type(value) is str else _text_of_cell(value, name) for value in values]
        joined = utf8("".join(texts), name)
        sizes = map(len, texts) if joined.isascii() else (len(utf8(t, name)) for t in texts)
        offsets = array("q", accumulate(sizes, initial=0))
        self.kept += [joined, offsets]
        self.struct.offsets = offsets.buffer_info()[0]
        self.struct.bytes = address_of(joined)
        self.struct.bytes_size = len(joined)

    def _mark_given(self, values: List[Any]) -> None:
        given = bytes(value is not None for value in values)
        self.kept.append(given)
        self.struct.given = address_of(given)


def _array_of(values: Iterable[int], field: str) -> array[int]:
    try:
        return array("q", values)
    except OverflowError:
        return array("q", [checked_int64(value, field) for value in values])  # says which


def _packed_integers(values: Any) -> Optional[array[int]]:
    """Of an array("q"), a memoryview or a numpy array of int64; None for anything else."""
    if isinstance(values, array) and values.typecode == "q":
        return values
    if isinstance(values, (list, tuple)):
        return None
    try:
        view = memoryview(values)
    except TypeError:
        return None
    if view.itemsize != 8 or view.ndim != 1 or view.format not in ("q", "l", "<q", "<l", "=q"):
        return None
    packed: array[int] = array("q")
    packed.frombytes(view.tobytes())
    return packed


def _is_single(values: Any) -> bool:
    return values is None or isinstance(values, (str, int, float, Decimal, date, Money, ExternalId))


def input_columns(columns: Sequence[Tuple[str, Any]],
                  rows: Optional[int]) -> Tuple[List[InputColumn], int]:
    """The columns, and how many rows they have; a single value stands for all rows, and a name may
    stand on several columns (the items of a list)."""
    listed = [(name, values if _is_single(values) or hasattr(values, "__len__") else list(values))
              for name, values in columns]
    counts = {len(values) for _, values in listed if not _is_single(values)}
    if rows is not None:
        counts.add(checked_int64(rows, "rows"))
    if len(counts) > 1 or (listed and not counts):
        found = ", ".join(f"{name} {len(values)}" for name, values in listed
                          if not _is_single(values))
        raise InvalidArgument.of("columns", f"must all have as many rows: {found or 'none'}")
    count = counts.pop() if counts else 0
    return [InputColumn(name, [values], 1) if _is_single(values) else
            InputColumn(name, values, count) for name, values in listed], count


def struct_array(columns: Sequence[InputColumn]) -> Any:
    """The structs side by side; None for none."""
    if not columns:
        return None
    array_ = (_abi.tl_input_column * len(columns))()
    for place, column in enumerate(columns):
        array_[place] = column.struct
    return array_


# --- Rows and data frames. ---


def columns_of(table: Any) -> Dict[str, List[Any]]:
    """Of a data frame (pandas, Polars, Arrow), a mapping of columns or a sequence of mappings."""
    if isinstance(table, Mapping):
        return {str(name): values for name, values in table.items()}
    if hasattr(table, "to_pydict"):  # Arrow
        return dict(table.to_pydict())
    if hasattr(table, "to_dict") and hasattr(table, "columns"):
        polars = hasattr(table, "to_dicts")
        return dict(table.to_dict(as_series=False) if polars else table.to_dict("list"))
    return _columns_of_rows(list(table))


def _columns_of_rows(rows: List[Any]) -> Dict[str, List[Any]]:
    names: Dict[str, None] = {}
    for place, row in enumerate(rows):
        if not isinstance(row, Mapping):
            raise TypeError(f"rows[{place}]: a mapping is expected, not {type(row).__name__}")
        names.update(dict.fromkeys(row))
    return {name: [row.get(name) for row in rows] for name in names}


def _spread_mappings(name: str, values: List[Any]) -> List[Tuple[str, List[Any]]]:
    inner = dict.fromkeys(key for value in values if isinstance(value, Mapping) for key in value)
    return [(f"{name}.{key}", [value.get(key) if isinstance(value, Mapping) else None
                               for value in values]) for key in inner]


def _spread_lists(name: str, values: List[Any]) -> List[Tuple[str, List[Any]]]:
    longest = max(len(value) for value in values if isinstance(value, (list, tuple)))
    as_lists = [value if isinstance(value, (list, tuple)) else [value] for value in values]
    return [(name, [value[place] if place < len(value) else None for value in as_lists])
            for place in range(longest)]


def spread(columns: Mapping[str, Any]) -> List[Tuple[str, Any]]:
    """A column of mappings becomes one of each name ("attributes.industry"), one of lists becomes
    as many columns of the same name as the longest list has items."""
    answer: List[Tuple[str, Any]] = []
    for name, values in columns.items():
        kinds = {type(value) for value in values} if isinstance(values, (list, tuple)) else set()
        if any(issubclass(kind, Mapping) for kind in kinds):
            answer += _spread_mappings(name, list(values))
        elif kinds & {list, tuple}:
            answer += _spread_lists(name, list(values))
        else:
            answer.append((name, values))
    return answer
