"""Values at the surface: money as Decimal, times as aware datetimes in UTC, references.

A datetime without a zone is taken as UTC, as in the fact format.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Optional, Tuple, Union

from . import _abi
from .errors import InvalidArgument

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_EPOCH_DAY = date(1970, 1, 1).toordinal()
DAY_US = 86_400_000_000
_MICROSECOND = timedelta(microseconds=1)
INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1

# Decimal places of minor units where they are not two: as in src/model/currency.inc.
_PLACES = {code: places for places, codes in {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}.items() for code in codes.split()}


def places_of(currency: str) -> int:
    """How many decimal places amounts of a currency have.

    >>> places_of("EUR"), places_of("JPY"), places_of("KWD")
    (2, 0, 3)
    """
    return _PLACES.get(currency, 2)


def exact_scaled(value: Union[Decimal, int, str], places: int, field: str) -> int:
    """value * 10**places, which must be a whole number that fits 64 bits: nothing is rounded."""
    if isinstance(value, (bool, float)) or not isinstance(value, (Decimal, int, str)):
        raise TypeError(f"{field}: a Decimal is expected, not {type(value).__name__}")
    try:
        number = Decimal(value)
        scaled = int(number.scaleb(places))
    except (ArithmeticError, ValueError):
        raise InvalidArgument.of(field, f"{value!r} is no amount") from None
    if scaled != number.scaleb(places):
        raise InvalidArgument.of(field, f"{value} has more than {places} decimal places")
    return checked_int64(scaled, field)


@dataclass(frozen=True)
class Money:
    """An amount of a currency.

    >>> Money.parse("1234.5 EUR")
    Money(amount=Decimal('1234.5'), currency='EUR')
    >>> str(Money(Decimal("1234.5"), "EUR")), str(Money.of_minor(98000, "JPY"))
    ('1234.50 EUR', '98000 JPY')
    """

    amount: Decimal
    currency: str

    @classmethod
    def parse(cls, text: str) -> Money:
        """Of a decimal, a space and the ISO 4217 code."""
        number, _, currency = text.strip().rpartition(" ")
        try:
            return cls(Decimal(number), currency)
        except ArithmeticError:
            raise InvalidArgument.of("amount", f"{text!r} is no amount with a currency") from None

    @classmethod
    def of_minor(cls, minor: int, currency: str) -> Money:
        """Of minor units: cents of EUR, yen of JPY."""
        return cls(Decimal(minor).scaleb(-places_of(currency)), currency)

    def minor(self, field: str = "amount") -> int:
        """In minor units; InvalidArgument if that would need rounding.

        >>> Money(Decimal("0.29"), "EUR").minor()
        29
        """
        return exact_scaled(self.amount, places_of(self.currency), field)

    def __str__(self) -> str:
        places = places_of(self.currency)
        return f"{Decimal(self.minor()).scaleb(-places):.{places}f} {self.currency}"


@dataclass(frozen=True)
class ExternalId:
    """The id of a record in another system.

    >>> ExternalId.parse("crm:L-17")
    ExternalId(system='crm', key='L-17')
    """

    system: str
    key: str

    @classmethod
    def parse(cls, text: str, field: str = "external_ids") -> ExternalId:
        """Of "system:key", split at the first colon."""
        system, colon, key = text.partition(":")
        if not (system and colon and key):
            raise InvalidArgument.of(field, f"{text!r} is not of the form system:key")
        return cls(system, key)

    def __str__(self) -> str:
        return f"{self.system}:{self.key}"


# In a command, in place of an id: the record of that kind which a command before this one, in the same
# execute_atomic or execute_all, was the last to open.
OPENED_BEFORE = _abi.TL_OPENED_BEFORE
# A record: its id, OPENED_BEFORE, or its id in another system as ExternalId or "system:key".
Ref = Union[int, str, ExternalId]
# An event: its id, "seq:ordinal", or the key of the fact it was imported as.
EventRef = Union[int, str]
# A day, also as ISO 8601 text.
Day = Union[date, str]
# When something happened: a time, or a day of which no more is known; also as ISO 8601 text.
Moment = Union[datetime, date, str]
MoneyLike = Union[Money, str]

_EVENT_ID = re.compile(r"(\d{1,13}):(\d{1,7})")


def checked_int(value: int, low: int, high: int, field: str) -> int:
    """The value, if it is an int from low to high: ctypes would cut it without a word."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{field}: an int is expected, not {type(value).__name__}")
    if not low <= value <= high:
        raise InvalidArgument.of(field, f"{value} is not within {low}..{high}")
    return value


def checked_int64(value: int, field: str) -> int:
    """The value, if it is an int of 64 bits."""
    return checked_int(value, INT64_MIN, INT64_MAX, field)


def checked_int32(value: int, field: str) -> int:
    """The value, if it is an int of 32 bits."""
    return checked_int(value, -(2**31), 2**31 - 1, field)


def utf8(text: str, field: str) -> bytes:
    """The text's bytes; InvalidArgument for a lone surrogate, which has none."""
    if not isinstance(text, str):
        raise TypeError(f"{field}: a str is expected, not {type(text).__name__}")
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InvalidArgument.of(field, f"is no Unicode text: {error.reason}") from error


def event_id(reference: str) -> Optional[int]:
    """The id that "seq:ordinal" stands for; None for a fact key.

    >>> event_id("1:2"), event_id("touch-9")
    (1048578, None)
    """
    match = _EVENT_ID.fullmatch(reference)
    return int(match[1]) << 20 | int(match[2]) if match else None


def parse_day(value: Day, field: str) -> date:
    """A calendar day."""
    if isinstance(value, datetime):
        raise TypeError(f"{field}: a date is expected, not a datetime")
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        raise TypeError(f"{field}: a date is expected, not {type(value).__name__}")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise InvalidArgument.of(field, f"{value!r} is no day") from None


def parse_moment(value: Moment, field: str) -> Union[datetime, date]:
    """A time, or a day if that is all that is said."""
    if isinstance(value, (datetime, date)):
        return value
    if not isinstance(value, str):
        raise TypeError(f"{field}: a datetime is expected, not {type(value).__name__}")
    try:
        if len(value) == 10:
            return date.fromisoformat(value)
        return datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError:
        raise InvalidArgument.of(field, f"{value!r} is no time") from None


def days_of(day: date) -> int:
    """Days since 1970-01-01."""
    return day.toordinal() - _EPOCH_DAY


def micros_of(time: datetime) -> int:
    """Microseconds since 1970-01-01T00:00:00Z."""
    if time.tzinfo is None:
        time = time.replace(tzinfo=timezone.utc)
    return (time - _EPOCH) // _MICROSECOND


def instant(moment: Moment, field: str) -> int:
    """A moment in microseconds; a day is its beginning."""
    return moment_parts(moment, field)[0]


def moment_parts(moment: Moment, field: str) -> Tuple[int, bool]:
    """A moment in microseconds, and whether only its day is known."""
    value = parse_moment(moment, field)
    if isinstance(value, datetime):
        return micros_of(value), False
    return days_of(value) * DAY_US, True


def time_of(micros: int) -> datetime:
    """An aware datetime in UTC.

    >>> time_of(0)
    datetime.datetime(1970, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)
    """
    return _EPOCH + timedelta(microseconds=micros)


def day_of(days: int) -> date:
    """A date of days since 1970-01-01."""
    return date.fromordinal(_EPOCH_DAY + days)
