"""Columns as a pandas data frame. Imported only when one is asked for."""

from __future__ import annotations

import importlib
from typing import Any, Dict

from .table import Column, Texts

_TIMES = {"time": "datetime64[us]", "date": "datetime64[D]"}
_PANDAS_TIME = "datetime64[ns]"  # what all versions of pandas take; the ledger's years fit


def _series(pandas: Any, numpy: Any, column: Column) -> Any:
    if isinstance(column.values, Texts):
        return pandas.Series(column.tolist(), dtype=object)
    values = numpy.asarray(column.values)
    empty = None if column.given is None else numpy.asarray(column.given) == 0
    if column.kind in _TIMES:
        series = pandas.Series(values.view(_TIMES[column.kind]).astype(_PANDAS_TIME))
        if column.kind == "time":
            series = series.dt.tz_localize("UTC")
        return series if empty is None else series.mask(empty)
    if column.kind == "real":
        return pandas.Series(values.copy() if empty is None else numpy.where(empty, numpy.nan, values))
    dtype = ("bool", "boolean") if column.kind == "boolean" else ("int64", "Int64")
    if empty is None or not empty.any():
        return pandas.Series(values.astype(dtype[0]))
    return pandas.Series(values).astype(dtype[0]).astype(dtype[1]).mask(empty)


def frame_of(columns: Dict[str, Column]) -> Any:
    """A pandas.DataFrame. The name of pandas stands in a text, so that type checkers need not have
    it either."""
    pandas, numpy = importlib.import_module("pandas"), importlib.import_module("numpy")
    return pandas.DataFrame({name: _series(pandas, numpy, column)
                             for name, column in columns.items()})
