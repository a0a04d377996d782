"""The fixed words of the lifecycle, as they are written in files: "lead", "won", "new_business"."""

from __future__ import annotations

from typing import Dict, List, Optional

from . import _abi
from ._lib import lib
from .errors import InvalidArgument


class Words:
    """One list of words and the numbers that the library has for them."""

    def __init__(self, names: int, prefix: str) -> None:
        numbers = sorted(number for constant, number in vars(_abi).items()
                         if constant.startswith(prefix))
        texts = {number: lib.tl_name(names, number).decode("ascii") for number in numbers}
        self._names: Dict[int, str] = {number: text for number, text in texts.items()
                                       if text and text != "none"}
        self._numbers = {text: number for number, text in self._names.items()}

    def name(self, number: int) -> Optional[str]:
        """The word; None for "none" and for a number of a later version."""
        return self._names.get(number)

    def number(self, word: Optional[str], field: str) -> int:
        """The number of a word, 0 for None; InvalidArgument names the words there are."""
        if word is None:
            return 0
        if not isinstance(word, str):
            raise TypeError(f"{field}: a word is expected, not {type(word).__name__}")
        if word not in self._numbers:
            raise InvalidArgument.of(field, f"{word!r} is none of {', '.join(self._numbers)}")
        return self._numbers[word]

    def names_of(self, bits: int) -> List[str]:
        """The words of a set of bits, 1 << number."""
        return [name for number, name in self._names.items() if bits >> number & 1]

    def all(self) -> List[str]:
        """Every word, in the order of the numbers.

        >>> PHASE.all()
        ['marketing', 'lead', 'opportunity', 'won', 'lost']
        """
        return list(self._names.values())


ENTITY = Words(_abi.TL_NAMES_ENTITY, "TL_ENTITY_")
PHASE = Words(_abi.TL_NAMES_PHASE, "TL_PHASE_")
STAGE_KIND = Words(_abi.TL_NAMES_STAGE_KIND, "TL_STAGE_")
OPPORTUNITY_TYPE = Words(_abi.TL_NAMES_OPPORTUNITY_TYPE, "TL_OPPORTUNITY_TYPE_")
OWNER_KIND = Words(_abi.TL_NAMES_OWNER_KIND, "TL_OWNER_")
SIDE = Words(_abi.TL_NAMES_SIDE, "TL_SIDE_")
DIRECTION = Words(_abi.TL_NAMES_DIRECTION, "TL_DIRECTION_")
LINK = Words(_abi.TL_NAMES_LINK, "TL_LINK_")
BREACH = Words(_abi.TL_NAMES_BREACH, "TL_BREACH_")
SOURCE = Words(_abi.TL_NAMES_SOURCE, "TL_SOURCE_")
MATCH = Words(_abi.TL_NAMES_MATCH, "TL_MATCH_")
REVIEW = Words(_abi.TL_NAMES_REVIEW, "TL_REVIEW_")
ACQUAINTANCE = Words(_abi.TL_NAMES_ACQUAINTANCE, "TL_ACQUAINTANCE_")
COMMAND = Words(_abi.TL_NAMES_COMMAND, "TL_COMMAND_")
EVENT = Words(_abi.TL_NAMES_EVENT, "TL_EVENT_")
