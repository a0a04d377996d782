"""Structs of the C interface into Python values. Views are copied, so nothing outlives its object."""

from __future__ import annotations

import ctypes
from datetime import date, datetime
from typing import Any, Dict, Optional

from ._lib import lib
from .values import Money, day_of, time_of


def text_of(text: Any) -> str:
    """Of a tl_text; empty if it is not given."""
    size = text.size
    return ctypes.string_at(text.data, size).decode("utf-8") if size else ""


def optional_text(text: Any) -> Optional[str]:
    """Of a tl_text; None if it is empty."""
    return text_of(text) or None


def optional_time(value: Any) -> Optional[datetime]:
    """Of a tl_optional that holds a tl_time."""
    return time_of(value.value) if value.given else None


def optional_day(value: Any) -> Optional[date]:
    """Of a tl_date."""
    return day_of(value.days) if value.given else None


def optional_money(money: Any) -> Optional[Money]:
    """Of a tl_money."""
    return Money.of_minor(money.minor, money.currency.decode("ascii")) if money.given else None


def attributes_of(list_: Any, item: Any) -> Dict[str, str]:
    """Of a tl_attributes; `item` is tl_attribute."""
    items = (item * list_.count).from_address(list_.items) if list_.count else ()
    return {text_of(one.name): text_of(one.value) for one in items}


def sized(struct: Any) -> Any:
    """A struct of this type with its struct_size set, for the library to fill in."""
    return struct(ctypes.sizeof(struct))


def take_string(string: Any) -> str:
    """The text of a tl_string, which is freed."""
    return take_bytes(string).decode("utf-8")


def take_bytes(string: Any) -> bytes:
    """The bytes of a tl_string, which is freed."""
    try:
        return ctypes.string_at(lib.tl_string_data(string), lib.tl_string_size(string))
    finally:
        lib.tl_string_free(string)
