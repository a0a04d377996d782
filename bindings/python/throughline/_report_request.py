"""What a report is to be made of, as the struct of the C interface."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any, Iterator, List, Mapping, Optional, Sequence, Tuple, Union

from . import _abi, words
from ._arguments import STRUCT_WRITERS, Kept, as_of, point_to, write_number, write_text
from ._results import sized
from .errors import InvalidArgument
from .values import Day, ExternalId, Moment, checked_int64

FilterValue = Union[str, int, ExternalId, None]  # None: "(blank)"
# The values that each dimension may have.
Filters = Mapping[str, Union[FilterValue, Sequence[FilterValue]]]


def _text_of(value: Any, field: str) -> str:
    if value is None:
        return ""
    if isinstance(value, (str, ExternalId)):
        return str(value)
    return str(checked_int64(value, field))


def _conditions(filters: Filters) -> Iterator[Tuple[str, str]]:
    if not isinstance(filters, Mapping):
        raise TypeError(f"filters: a mapping is expected, not {type(filters).__name__}")
    for dimension, values in filters.items():
        field = f"filters.{dimension}"
        alternatives: List[Any] = [values]
        if isinstance(values, (list, tuple, set, frozenset)):
            alternatives = list(values)
        if not alternatives:
            raise InvalidArgument.of(field, "names no value")
        for value in alternatives:
            yield dimension, _text_of(value, field)


def _write_filters(target: Any, filters: Filters, kept: Kept) -> None:
    conditions = list(_conditions(filters))
    items = (_abi.tl_report_filter * len(conditions))()
    for item, (dimension, value) in zip(items, conditions):
        write_text(item.dimension, dimension, "filters", kept)
        write_text(item.value, value, f"filters.{dimension}", kept)
    point_to(target, items, kept)


@dataclass(frozen=True)
class ReportRequest:
    """The parameters of Snapshot.report."""

    source: Optional[str]
    through: Optional[Moment]
    known_at: Optional[Moment]
    from_day: Optional[Day]
    to_day: Optional[Day]
    filters: Optional[Filters]
    group_by: Sequence[str]
    currency: Optional[str]
    last_days: Optional[int] = None
    return_days: Optional[int] = None
    late_days: Optional[int] = None

    def write(self, kept: Kept) -> Any:
        """As the struct; what it points to is kept."""
        options = sized(_abi.tl_report_options)
        options.source = words.SOURCE.number(self.source, "source")
        as_of(self.through, self.known_at, options)
        for member, value, field in (("from", self.from_day, "from_day"),
                                     ("to", self.to_day, "to_day"),
                                     ("group_by", self.group_by, "group_by"),
                                     ("currency", self.currency, "currency")):
            if value is not None:
                target = getattr(options, member)
                STRUCT_WRITERS[type(target)](target, value, field, kept)
        for field in ("last_days", "return_days", "late_days"):
            if (days := getattr(self, field)) is not None:
                write_number(getattr(options, field), days, field, kept)
        if self.filters is not None:
            _write_filters(options.filters, self.filters, kept)
        return options
