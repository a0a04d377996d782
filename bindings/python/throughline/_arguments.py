"""Python values into the structs of the C interface. What a struct points to is appended to `kept`,
which must live as long as the struct is used."""

from __future__ import annotations

import ctypes
from typing import Any, Callable, Dict, Iterable, List, Mapping, Optional, Sequence

from . import _abi, words
from .errors import InvalidArgument
from .values import (DAY_US, EventRef, ExternalId, Moment, Money, checked_int64, days_of, event_id,
                     exact_scaled, instant, moment_parts, parse_day, utf8)

Kept = List[Any]
# Writes a value that is not None into a struct (a view of the member).
Writer = Callable[[Any, Any, str, Kept], None]


def address_of(data: bytes) -> int:
    """Where the bytes lie, also if there are none."""
    return ctypes.cast(ctypes.c_char_p(data), ctypes.c_void_p).value or 0


def write_text(target: Any, value: Any, field: str, kept: Kept) -> None:
    write_bytes(target, utf8(value, field), kept)


def write_bytes(target: Any, data: bytes, kept: Kept) -> None:
    kept.append(data)
    target.data = address_of(data)
    target.size = len(data)


def _write_external_id(target: Any, value: Any, field: str, kept: Kept) -> None:
    if isinstance(value, str):
        value = ExternalId.parse(value, field)
    if not isinstance(value, ExternalId):
        raise TypeError(f"{field}: an ExternalId is expected, not {type(value).__name__}")
    write_text(target.system, value.system, f"{field}.system", kept)
    write_text(target.key, value.key, f"{field}.key", kept)


def write_ref(target: Any, value: Any, field: str, kept: Kept) -> None:
    if isinstance(value, (str, ExternalId)):
        _write_external_id(target, value, field, kept)
    else:
        target.id = checked_int64(value, field)


def _write_event_ref(target: Any, value: EventRef, field: str, kept: Kept) -> None:
    if isinstance(value, str):
        number = event_id(value)
        if number is None:
            write_text(target.key, value, field, kept)
        else:
            target.id = checked_int64(number, field)
    else:
        target.id = checked_int64(value, field)


def _write_date(target: Any, value: Any, field: str, kept: Kept) -> None:
    target.days = days_of(parse_day(value, field))
    target.given = 1


def write_moment(target: Any, value: Moment, field: str, kept: Kept) -> None:
    target.at, target.day = moment_parts(value, field)
    target.given = 1


def write_number(target: Any, value: int, field: str, kept: Kept) -> None:
    target.value = checked_int64(value, field)
    target.given = 1


def write_time(target: Any, value: Moment, field: str, kept: Kept) -> None:
    target.value = instant(value, field)
    target.given = 1


def _currency(value: Any, field: str) -> bytes:
    data = utf8(value, field)
    if len(data) != 3:
        raise InvalidArgument.of(field, f"{value!r} is no ISO 4217 currency")
    return data


def _write_money(target: Any, value: Any, field: str, kept: Kept) -> None:
    money = Money.parse(value) if isinstance(value, str) else value
    if not isinstance(money, Money):
        raise TypeError(f"{field}: Money is expected, not {type(value).__name__}")
    target.currency = _currency(money.currency, field)
    target.minor = money.minor(field)
    target.given = 1


def _as_items(value: Any, field: str) -> List[Any]:
    if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable):
        raise TypeError(f"{field}: a list is expected, not {type(value).__name__}")
    return list(value)


def point_to(target: Any, items: Any, kept: Kept) -> None:
    """Makes a list of the C interface of an array."""
    kept.append(items)
    target.items = ctypes.addressof(items)
    target.count = len(items)


def _list_writer(struct: Any, write_item: Writer) -> Writer:
    def write(target: Any, value: Any, field: str, kept: Kept) -> None:
        values = _as_items(value, field)
        items = (struct * len(values))()
        for index, item in enumerate(values):
            write_item(items[index], item, f"{field}[{index}]", kept)
        point_to(target, items, kept)
    return write


def _write_attributes(target: Any, value: Any, field: str, kept: Kept) -> None:
    if not isinstance(value, Mapping):
        raise TypeError(f"{field}: a mapping of str is expected, not {type(value).__name__}")
    items = (_abi.tl_attribute * len(value))()
    for item, (name, text) in zip(items, value.items()):
        write_text(item.name, name, field, kept)
        write_text(item.value, text, f"{field}.{name}", kept)
    point_to(target, items, kept)


# Members that are structs, by their type.
STRUCT_WRITERS: Dict[Any, Writer] = {
    _abi.tl_text: write_text,
    _abi.tl_ref: write_ref,
    _abi.tl_event_ref: _write_event_ref,
    _abi.tl_date: _write_date,
    _abi.tl_moment: write_moment,
    _abi.tl_money: _write_money,
    _abi.tl_texts: _list_writer(_abi.tl_text, write_text),
    _abi.tl_refs: _list_writer(_abi.tl_ref, write_ref),
    _abi.tl_external_ids: _list_writer(_abi.tl_external_id, _write_external_id),
    _abi.tl_attributes: _write_attributes,
}


def _truth(value: Any, field: str) -> int:
    if not isinstance(value, bool):
        raise TypeError(f"{field}: a bool is expected, not {type(value).__name__}")
    return _abi.TL_YES if value else _abi.TL_NO


# Members that are numbers or codes, by their name.
SCALARS: Dict[str, Callable[[Any, str], Any]] = {
    "type": words.OPPORTUNITY_TYPE.number,
    "kind": words.OWNER_KIND.number,
    "side": words.SIDE.number,
    "direction": words.DIRECTION.number,
    "response": _truth,
    "follow_up": _truth,
    "retired": _truth,
    "base": _currency,
    "quote": _currency,
    "rate_e9": lambda value, field: exact_scaled(value, 9, field),
}


def text_array(texts: Sequence[str], field: str, kept: Kept) -> Any:
    """An array of tl_text; None for none."""
    array = (_abi.tl_text * len(texts))()
    for index, text in enumerate(texts):
        write_text(array[index], text, f"{field}[{index}]", kept)
    kept.append(array)
    return array if texts else None


def reference(value: Any, field: str, kept: Kept) -> Any:
    """A pointer to a tl_ref."""
    target = _abi.tl_ref()
    if value is None:
        raise TypeError(f"{field}: a reference is expected, not None")
    write_ref(target, value, field, kept)
    kept.append(target)
    return ctypes.byref(target)


def _write_end(target: Any, value: Moment, field: str) -> None:
    """Of a day its end, as on the command line."""
    micros, is_day = moment_parts(value, field)
    target.value = micros + (DAY_US - 1 if is_day else 0)
    target.given = 1


def as_of(through: Optional[Moment], known_at: Optional[Moment], target: Any,
          seq: Optional[int] = None) -> Any:
    """Fills in which history a read takes, in a struct that says so."""
    if seq is not None:
        write_number(target.seq, seq, "seq", [])
    if through is not None:
        _write_end(target.through, through, "through")
    if known_at is not None:
        _write_end(target.known_at, known_at, "known_at")
    return target
