"""Who somebody is, as the outside world knows them, and whom the ledger takes them for."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, fields
from typing import Any, Mapping, Optional, Sequence, Union

from . import _abi
from ._arguments import STRUCT_WRITERS, Kept
from .values import ExternalId


@dataclass(frozen=True)
class Identity:
    """What is known of who sent something; a member that is None is not given."""

    email: Optional[str] = None
    name: Optional[str] = None
    phone: Optional[str] = None
    title: Optional[str] = None  # job title
    company: Optional[str] = None
    domain: Optional[str] = None  # of the company, or its web site
    contact_external_ids: Optional[Sequence[Union[str, ExternalId]]] = None
    account_external_ids: Optional[Sequence[Union[str, ExternalId]]] = None

    def fill(self, target: Any, kept: Kept) -> None:
        """Into the struct of the C interface."""
        target.struct_size = ctypes.sizeof(_abi.tl_identity)
        for member, kind in _abi.tl_identity._fields_:
            value = getattr(self, member, None)
            if value is not None and kind in STRUCT_WRITERS:
                STRUCT_WRITERS[kind](getattr(target, member), value, f"match.{member}", kept)


IdentityLike = Union[Identity, Mapping[str, Any]]


def identity_of(value: IdentityLike) -> Identity:
    """An Identity, or a mapping of its members."""
    if isinstance(value, Identity):
        return value
    if not isinstance(value, Mapping):
        raise TypeError(f"match: an Identity is expected, not {type(value).__name__}")
    known = {field.name for field in fields(Identity)}
    for name in value:
        if name not in known:
            raise TypeError(f"match: an identity has no member {name!r}")
    return Identity(**value)


def identity_address(value: IdentityLike, kept: Kept) -> int:
    """Where the struct of an identity lies, which `kept` keeps."""
    target = _abi.tl_identity()
    identity_of(value).fill(target, kept)
    kept.append(target)
    return ctypes.addressof(target)


@dataclass(frozen=True)
class Match:
    """Whom the ledger took somebody for, and why."""

    rule: Optional[str]  # "external_id", "email", "domain", "name"; None: nobody was known
    candidates: int  # accounts that have what was found
    account: Optional[int]  # None in a lookup: a new one would be opened
    contact: Optional[int]  # None: nobody in particular, or in a lookup a new one
    opened_account: bool
    opened_contact: bool
    value: Optional[str] = None  # what was found, as it is compared; of lookups only
