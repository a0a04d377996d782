"""Whom the ledger knows, and which accounts may be one company (docs/matching.md)."""

from __future__ import annotations

import ctypes
from typing import Any, Iterable, Optional

from . import _abi, words
from ._arguments import Kept
from ._callbacks import LedgerHandle
from ._identity import IdentityLike, Match, identity_of
from ._lib import lib
from .table import Table


class Matching(LedgerHandle):
    """Whom the ledger knows, and which accounts may be one company."""

    def match(self, **identity: Any) -> Match:
        """Whom this would be; the members are those of Identity. Changes nothing.

        >>> import throughline as tl
        >>> ledger = tl.in_memory()
        >>> account = ledger.execute(tl.AccountOpen(name="Acme", domains=["acme.co.uk"])).account
        >>> found = ledger.match(email="zoe@mail.eu.ACME.co.uk")
        >>> found.rule, found.value, found.account == account, found.opened_contact
        ('domain', 'acme.co.uk', True, True)
        """
        row = self.match_all([identity]).rows()[0]
        return Match(row["rule"], row["candidates"], row["account"], row["contact"],
                     bool(row["opens_account"]), bool(row["opens_contact"]), row["value"])

    def match_all(self, identities: Iterable[IdentityLike]) -> Table:
        """The same for many at once: a row for each."""
        known = [identity_of(identity) for identity in identities]
        kept: Kept = []
        structs = (_abi.tl_identity * len(known))()
        for struct, identity in zip(structs, known):
            identity.fill(struct, kept)
        out = ctypes.POINTER(_abi.tl_table)()
        self._call(lib.tl_match, structs, len(known), ctypes.byref(out))
        return Table(out)

    def reviews(self, state: Optional[str] = "open") -> Table:
        """Pairs of accounts that may be one company: those that are "open", "distinct" or "merged";
        None: all. AccountDistinct settles one."""
        out = ctypes.POINTER(_abi.tl_table)()
        self._call(lib.tl_reviews, words.REVIEW.number(state, "state"), ctypes.byref(out))
        return Table(out)
