"""Attribution: which touches earned what was won (docs/attribution.md)."""

from __future__ import annotations

import array
import ctypes
import os
from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence, Union

from . import _abi
from ._arguments import Kept, point_to, write_bytes, write_number, write_text
from ._handle import Handle
from ._lib import lib
from ._report_request import Filters, ReportRequest
from ._results import sized, take_bytes
from .errors import InvalidArgument, call
from .reports import Snapshot
from .table import Table, about_each
from .values import Day, Moment, checked_int32, checked_int64, utf8

Weights = Mapping[str, float]  # {"first": 30, "mql": 10, "middle": 60}: percent


def attribution_models() -> Dict[str, str]:
    """The models there are, and how each shares credit.

    >>> "markov" in attribution_models()
    True
    """
    return about_each(lib.tl_attribution_models)


def _real(value: Any, field: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{field}: a number is expected, not {type(value).__name__}")
    return float(value)


def _write_weights(target: Any, weights: Weights, kept: Kept) -> None:
    if not isinstance(weights, Mapping):
        raise TypeError(f"weights: a mapping is expected, not {type(weights).__name__}")
    items = (_abi.tl_weight * len(weights))()
    for item, (milestone, percent) in zip(items, weights.items()):
        write_text(item.milestone, milestone, "weights", kept)
        item.percent = _real(percent, f"weights.{milestone}")
    point_to(target, items, kept)


def _listed(texts: Iterable[str], field: str, of: str) -> List[str]:
    """A text alone would be read letter by letter."""
    if isinstance(texts, str):
        raise TypeError(f"{field}: a list of {of} is expected, not a text")
    return list(texts)


def _flat(days: Iterable[Sequence[float]], begins: Sequence[int]) -> List[float]:
    """The days of all paths, as many of each as it has touches."""
    flat: List[float] = []
    paths = 0
    for paths, of_path in enumerate(days, 1):
        if paths >= len(begins):
            raise InvalidArgument.of("days", f"has more lists than the {len(begins) - 1} paths")
        flat.extend(of_path)
        touches, given = begins[paths] - begins[paths - 1], len(flat) - begins[paths - 1]
        if given != touches:
            raise InvalidArgument.of(f"days[{paths - 1}]",
                                     f"has {given} numbers for {touches} touches")
    if paths != len(begins) - 1:
        raise InvalidArgument.of("days", f"has {paths} lists for {len(begins) - 1} paths")
    return flat


def _write_texts(target: Any, texts: Iterable[str], field: str, kept: Kept,
                 of: str = "channels") -> None:
    given = _listed(texts, field, of)
    items = (_abi.tl_text * len(given))()
    for index, text in enumerate(given):
        write_text(items[index], text, f"{field}[{index}]", kept)
    point_to(target, items, kept)


def _column(code: str, values: Iterable[Any], field: str, kept: Kept) -> Any:
    """The values side by side in memory."""
    try:
        column = array.array(code, values)
    except (TypeError, OverflowError, ValueError) as fault:
        raise InvalidArgument.of(field, str(fault)) from fault
    kept.append(column)
    return column


class Paths(Handle):
    """Paths to conversions, kept to be asked for many models. They do not change. Those of a
    snapshot keep it in memory, also after it is closed; of the ledger they keep nothing.

    >>> paths = Paths.of([["email", "search"], ["search"]], conversions=[1, 0], nulls=[0, 1])
    >>> [row["conversions"] for row in paths.attribute("position")]
    [0.5, 0.5]
    """

    def __init__(self, pointer: Any) -> None:
        super().__init__(pointer, lib.tl_paths_free)

    @staticmethod
    def of(paths: Iterable[Sequence[str]], conversions: Iterable[float],
           values: Optional[Iterable[float]] = None, nulls: Optional[Iterable[float]] = None,
           days: Optional[Iterable[Sequence[float]]] = None,
           direct: Iterable[str] = ()) -> Paths:
        """Paths of lists: of each its touches, by channel (or what else they go by), oldest first.

        - conversions: how many each led to; values: what these were worth together, 0 where there
          are none; nulls: how often it led to nothing.
        - days: of each path when its touches happened, in days on any scale, never falling:
          time_decay takes them.
        - direct: channels of direct and unknown traffic; names that no touch has are passed over.
        """
        numbers: Dict[str, int] = {}
        begins: List[int] = [0]
        touches: List[int] = []
        for path in paths:
            if isinstance(path, str):
                raise TypeError("paths: each is a list of channels, not a text")
            touches.extend(numbers.setdefault(key, len(numbers)) for key in path)
            begins.append(len(touches))
        known = [numbers[key] for key in _listed(direct, "direct", "channels") if key in numbers]
        flat = None if days is None else _flat(days, begins)
        return Paths.of_columns(list(numbers), begins, touches, conversions, values, nulls, flat,
                                known)

    @staticmethod
    def of_columns(keys: Sequence[str], begins: Iterable[int], touches: Iterable[int],
                   conversions: Iterable[float], values: Optional[Iterable[float]] = None,
                   nulls: Optional[Iterable[float]] = None,
                   days: Optional[Iterable[float]] = None,
                   direct_keys: Iterable[int] = ()) -> Paths:
        """Paths of columns, such as arrays: path i has touches[begins[i]:begins[i + 1]], which are
        places in `keys`."""
        kept: Kept = []
        columns = sized(_abi.tl_path_columns)
        _write_texts(columns.keys, keys, "keys", kept)
        lengths = {}
        for field, code, given in (("direct_keys", "I", direct_keys), ("begins", "Q", begins),
                                   ("touches", "I", touches), ("conversions", "d", conversions),
                                   ("values", "d", values), ("nulls", "d", nulls),
                                   ("days", "d", days)):
            if given is None:
                continue
            column = _column(code, given, field, kept)
            lengths[field] = len(column)
            setattr(columns, field, column.buffer_info()[0])
        if lengths["begins"] == 0:
            raise InvalidArgument.of("begins", "is empty: it ends with the number of touches")
        columns.direct_count = lengths["direct_keys"]
        columns.path_count = lengths["begins"] - 1
        columns.touch_count = lengths["touches"]
        for field in ("conversions", "values", "nulls", "days"):
            wanted = columns.touch_count if field == "days" else columns.path_count
            if lengths.get(field, wanted) != wanted:
                raise InvalidArgument.of(field, f"has {lengths[field]} numbers, not {wanted}")
        out = ctypes.POINTER(_abi.tl_paths)()
        call(lib.tl_paths_of_columns, ctypes.byref(columns), ctypes.byref(out))
        return Paths(out)

    @staticmethod
    def read_csv(file: Union[str, "os.PathLike[str]"], direct: Iterable[str] = ()) -> Paths:
        """Paths of a CSV file with the columns path ("email > search"), total_conversions and, if
        they are there, total_conversion_value, total_null and days ("0 > 3"). An empty number is 0. `direct` names
        channels of direct traffic; names that no touch has are passed over."""
        kept: Kept = []
        texts, data = _abi.tl_texts(), utf8(os.fspath(file), "file")
        _write_texts(texts, direct, "direct", kept)
        out = ctypes.POINTER(_abi.tl_paths)()
        call(lib.tl_paths_read, data, len(data), ctypes.byref(texts), ctypes.byref(out))
        return Paths(out)

    @staticmethod
    def of_snapshot(snapshot: Snapshot, *, by: str = "", credit: str = "", scope: str = "",
                    window: str = "", side: str = "", anchor: str = "",
                    window_days: Optional[int] = None, collapse_minutes: Optional[int] = None,
                    aged_out_days: Optional[int] = None, weights: Optional[Weights] = None,
                    through: Optional[Moment] = None, known_at: Optional[Moment] = None,
                    from_day: Optional[Day] = None, to_day: Optional[Day] = None,
                    filters: Optional[Filters] = None, currency: Optional[str] = None,
                    shard: int = 0, shards: int = 1) -> Paths:
        """The paths of a snapshot: docs/attribution.md tells what each option means. Times, the
        period, filters and the currency are those of reports; of `shards` parts it takes the one
        numbered `shard` from 0. The first of each list is the default:

        - by: "channel", "campaign", "source", "contact", "side", "month", "touch".
        - credit: "revenue", "pipeline" (open deals, too), "leads", "wins", "losses".
        - scope: "account", "contact_roles", "lead_contact".
        - window: "chain", "days" (window_days, 90, before the anchor), "episode", "ever".
        - side: "marketing", "sales", "both".
        - anchor: "close", "opportunity", "lead".
        - collapse_minutes: 30; 0: repeats count.
        - aged_out_days: companies untouched for so long came to nothing; the policy's sourcing
          window.
        - weights: whose stages `weights` of attribute may weigh: give the same here as there; the
          policy's.
        """
        kept: Kept = []
        options = sized(_abi.tl_paths_options)
        for field, text in (("by", by), ("credit", credit), ("scope", scope), ("window", window),
                            ("side", side), ("anchor", anchor)):
            write_text(getattr(options, field), text, field, kept)
        for field, number in (("window_days", window_days),
                              ("collapse_minutes", collapse_minutes),
                              ("aged_out_days", aged_out_days)):
            if number is not None:
                write_number(getattr(options, field), number, field, kept)
        if weights is not None:
            _write_weights(options.weights, weights, kept)
        report = ReportRequest(None, through, known_at, from_day, to_day, filters, (),
                               currency).write(kept)
        out = ctypes.POINTER(_abi.tl_paths)()
        call(lib.tl_paths_assemble, snapshot._pointer(), ctypes.byref(report),
             ctypes.byref(options), checked_int32(shard, "shard"), checked_int32(shards, "shards"),
             ctypes.byref(out))
        return Paths(out)

    @property
    def paths(self) -> int:
        """How many there are."""
        return self._counts()[0]

    @property
    def touches(self) -> int:
        """How many touches they have."""
        return self._counts()[1]

    def _counts(self) -> List[int]:
        paths, touches = ctypes.c_int64(), ctypes.c_int64()
        call(lib.tl_paths_counts, self._pointer(), ctypes.byref(paths), ctypes.byref(touches))
        return [paths.value, touches.value]

    def attribute(self, model: str = "", *, order: Optional[int] = None,
                  weights: Optional[Weights] = None, half_life_days: Optional[float] = None,
                  minimum_conversions: Optional[int] = None, samples: Optional[int] = None,
                  seed: Optional[int] = None) -> Table:
        """The credit of each key by a model that attribution_models() names.

        - order: of markov, 1 to 3: a state is the last so many touches.
        - weights: of custom, in percent, together 100.
        - half_life_days: of time_decay.
        - minimum_conversions: with fewer, models that go by the data fall back to linear.
        - samples, seed: what shapley_rate draws above 20 keys.
        """
        return Table(self._ask(lib.tl_attribution_run, _abi.tl_table, self._options(
            model, order, weights, half_life_days, minimum_conversions, samples, seed)))

    def explain(self, opportunity: int, model: str = "", *, weights: Optional[Weights] = None,
                half_life_days: Optional[float] = None) -> Table:
        """How one opportunity's credit is shared: every touch, its position, weight and money.
        Paths of credit="pipeline" have every deal, open ones too; those of "revenue" only won and
        lost ones."""
        options = self._options(model, None, weights, half_life_days, None, None, None)
        return Table(self._ask(lib.tl_attribution_explain, _abi.tl_table, options,
                               checked_int64(opportunity, "opportunity")))

    def compare(self, models: Sequence[str] = (), *, resamples: Optional[int] = None,
                order: Optional[int] = None, weights: Optional[Weights] = None,
                half_life_days: Optional[float] = None,
                minimum_conversions: Optional[int] = None, samples: Optional[int] = None,
                seed: Optional[int] = None) -> Table:
        """Models side by side, those that go by the data with an interval of 95 %. Without names,
        all that the paths allow but shapley_ordered."""
        options = self._options("", order, weights, half_life_days, minimum_conversions, samples,
                                seed)
        return self._compare(lib.tl_attribution_compare, models, resamples, None, options)

    def validate(self, models: Sequence[str] = (), *, held_out: Optional[float] = None,
                 order: Optional[int] = None, weights: Optional[Weights] = None,
                 half_life_days: Optional[float] = None,
                 minimum_conversions: Optional[int] = None, samples: Optional[int] = None,
                 seed: Optional[int] = None) -> Table:
        """How well each model foretells what converts, on paths that it was not fitted to."""
        options = self._options("", order, weights, half_life_days, minimum_conversions, samples,
                                seed)
        return self._compare(lib.tl_attribution_validate, models, None, held_out, options)

    def partial(self, model: str = "", *, order: Optional[int] = None,
                weights: Optional[Weights] = None, half_life_days: Optional[float] = None,
                minimum_conversions: Optional[int] = None, samples: Optional[int] = None,
                seed: Optional[int] = None) -> bytes:
        """What the model takes of these paths, for merge_attribution_partials of this version."""
        return take_bytes(self._ask(lib.tl_attribution_partial, _abi.tl_string, self._options(
            model, order, weights, half_life_days, minimum_conversions, samples, seed)))

    def _compare(self, function: Any, models: Sequence[str], resamples: Optional[int],
                 held_out: Optional[float], options: Any) -> Table:
        kept: Kept = options._kept
        _write_texts(options.models, models, "models", kept, "models")
        if resamples is not None:
            write_number(options.resamples, resamples, "resamples", kept)
        if held_out is not None:
            options.held_out = _nonzero(held_out, "held_out")
        return Table(self._ask(function, _abi.tl_table, options))

    @staticmethod
    def _options(model: str, order: Optional[int], weights: Optional[Weights],
                 half_life_days: Optional[float], minimum_conversions: Optional[int],
                 samples: Optional[int], seed: Optional[int]) -> Any:
        kept: Kept = []
        options = sized(_abi.tl_attribution_options)
        write_text(options.model, model, "model", kept)
        if order is not None:
            options.order = _nonzero(checked_int32(order, "order"), "order")
        if weights is not None:
            _write_weights(options.weights, weights, kept)
        if half_life_days is not None:
            options.half_life_days = _nonzero(half_life_days, "half_life_days")
        for field, number in (("minimum_conversions", minimum_conversions), ("samples", samples),
                              ("seed", seed)):
            if number is not None:
                write_number(getattr(options, field), number, field, kept)
        options._kept = kept
        return options

    def _ask(self, function: Any, answer: Any, options: Any, *more: Any) -> Any:
        out = ctypes.POINTER(answer)()
        call(function, self._pointer(), ctypes.byref(options), *more, ctypes.byref(out))
        return out


def _nonzero(value: Any, field: str) -> Any:
    """0 would be the default there, but nobody who says 0 means that."""
    number = value if isinstance(value, int) else _real(value, field)
    if number == 0:
        raise InvalidArgument.of(field, "0 is not above 0")
    return number


def merge_attribution_partials(partials: Iterable[bytes]) -> bytes:
    """Partials of one request as one, to be finished or merged further."""
    kept: Kept = []
    given = list(partials)
    items = (_abi.tl_text * len(given))()
    for index, partial in enumerate(given):
        write_bytes(items[index], bytes(partial), kept)
    out = ctypes.POINTER(_abi.tl_string)()
    call(lib.tl_attribution_merge, items, len(given), ctypes.byref(out))
    return take_bytes(out)


def finish_attribution(partial: bytes) -> Table:
    """The table of a partial.

    >>> parts = [Paths.of([[channel]], conversions=[10]) for channel in ("email", "search")]
    >>> merged = merge_attribution_partials(part.partial("first") for part in parts)
    >>> [row["share"] for row in finish_attribution(merged)]
    [0.5, 0.5]
    """
    data = bytes(partial)
    out = ctypes.POINTER(_abi.tl_table)()
    call(lib.tl_attribution_finish, data, len(data), ctypes.byref(out))
    return Table(out)
