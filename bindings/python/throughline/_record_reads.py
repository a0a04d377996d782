"""Reading records: from the structs of the C interface, one by one and in lists."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any, Callable, Dict, Generic, Iterator, List, Optional, Tuple, TypeVar

from . import _abi, words
from ._arguments import as_of, reference, write_text
from ._lib import lib
from ._results import (attributes_of, optional_day, optional_money, optional_text, optional_time,
                       sized, take_string, text_of)
from .errors import call
from .policy import PolicyReads
from .records import (Account, AccountState, AsOf, Campaign, Contact, Filter, Lead, Lineage,
                      Opportunity, Owner, Page, Profile, Source)
from .values import ExternalId, Moment, Ref, checked_int64, time_of, utf8

T = TypeVar("T")
Keys = Dict[int, str]  # stage ids and keys

# --- From the structs. ---


def _source(source: Any) -> Optional[Source]:
    channel = optional_text(source.channel)
    if not source.touch and channel is None:
        return None
    return Source(source.touch or None, time_of(source.at), channel, source.campaign or None)


def lineage_of(lineage: Any) -> Lineage:
    return Lineage(words.LINK.name(lineage.link), lineage.previous_lead or None,
                   lineage.previous_opportunity or None, lineage.episode,
                   _source(lineage.original), _source(lineage.latest))


def _account(r: Any, _keys: Keys) -> Account:
    return Account(r.account, r.version, optional_text(r.name), time_of(r.opened_at), r.episodes,
                   r.touches, _source(r.first), bool(r.first_day), optional_time(r.last_touch_at),
                   optional_time(r.last_opened_at), r.merged_into or None, r.aliases,
                   attributes_of(r.attributes, _abi.tl_attribute))


def _contact(r: Any, _keys: Keys) -> Contact:
    return Contact(r.contact, r.account, r.revision, time_of(r.added_at), r.merged_into or None,
                   r.aliases, optional_time(r.erased_at))


def _profile(r: Any, _keys: Keys) -> Profile:
    return Profile(r.contact, r.revision, optional_text(r.name), optional_text(r.email),
                   optional_text(r.phone), optional_text(r.title),
                   attributes_of(r.attributes, _abi.tl_attribute))


def _stage(keys: Keys, stage: int) -> str:
    return keys[stage] or str(stage)


def _open_stage(keys: Keys, stage: int) -> Optional[str]:
    return _stage(keys, stage) if stage else None


def _lead(r: Any, keys: Keys) -> Lead:
    return Lead(
        r.lead, r.account, r.contact or None, r.owner or None, optional_text(r.type),
        _stage(keys, r.stage), r.stage, words.PHASE.name(r.phase), words.STAGE_KIND.name(r.kind),
        time_of(r.stage_since), time_of(r.opened_at), optional_time(r.handed_off_at),
        optional_time(r.followed_up_at), optional_time(r.closed_at), optional_text(r.reason),
        optional_day(r.return_on), _open_stage(keys, r.open_stage), r.opportunity or None,
        optional_text(r.source), lineage_of(r.lineage),
        attributes_of(r.attributes, _abi.tl_attribute))


def _opportunity(r: Any, keys: Keys) -> Opportunity:
    return Opportunity(
        r.opportunity, r.account, r.owner or None, words.OPPORTUNITY_TYPE.name(r.type),
        optional_text(r.name), _stage(keys, r.stage), r.stage, words.PHASE.name(r.phase),
        words.STAGE_KIND.name(r.kind), time_of(r.stage_since), time_of(r.opened_at),
        optional_time(r.closed_at), optional_text(r.reason), optional_day(r.return_on),
        _open_stage(keys, r.open_stage), optional_money(r.amount), optional_day(r.close_date),
        optional_money(r.booked), optional_day(r.booked_on), optional_text(r.order_id),
        optional_text(r.source), lineage_of(r.lineage),
        attributes_of(r.attributes, _abi.tl_attribute))


def _owner(r: Any, _keys: Keys) -> Owner:
    return Owner(r.owner, r.version, words.OWNER_KIND.name(r.kind), words.SIDE.name(r.side),
                 optional_text(r.name), r.team or None, bool(r.retired))


def _campaign(r: Any, _keys: Keys) -> Campaign:
    return Campaign(r.campaign, r.version, optional_text(r.name), optional_text(r.channel),
                    r.parent or None, optional_day(r.starts_on), optional_day(r.ends_on))


@dataclass(frozen=True)
class Kind(Generic[T]):
    """A kind of record: how many there are, how to get one, how to read it."""

    number: int
    getter: Any
    struct: Any
    read: Callable[[Any, Keys], T]


ACCOUNT = Kind(_abi.TL_RECORD_ACCOUNT, lib.tl_records_account, _abi.tl_account_record, _account)
CONTACT = Kind(_abi.TL_RECORD_CONTACT, lib.tl_records_contact, _abi.tl_contact_record, _contact)
PROFILE = Kind(_abi.TL_RECORD_PROFILE, lib.tl_records_profile, _abi.tl_profile_record, _profile)
LEAD = Kind(_abi.TL_RECORD_LEAD, lib.tl_records_lead, _abi.tl_lead_record, _lead)
OPPORTUNITY = Kind(_abi.TL_RECORD_OPPORTUNITY, lib.tl_records_opportunity,
                   _abi.tl_opportunity_record, _opportunity)
OWNER = Kind(_abi.TL_RECORD_OWNER, lib.tl_records_owner, _abi.tl_owner_record, _owner)
CAMPAIGN = Kind(_abi.TL_RECORD_CAMPAIGN, lib.tl_records_campaign, _abi.tl_campaign_record, _campaign)


_WITH_STAGE = (_abi.TL_RECORD_LEAD, _abi.TL_RECORD_OPPORTUNITY)


def _all_of(records: Any, kind: Kind[T], keys: Keys) -> List[T]:
    struct = sized(kind.struct)
    answer: List[T] = []
    for index in range(lib.tl_records_count(records, kind.number)):
        call(kind.getter, records, index, ctypes.byref(struct))
        answer.append(kind.read(struct, keys))
    return answer


def _texts_of(records: Any, kind: int, getter: Any) -> List[str]:
    text = _abi.tl_text()
    answer = []
    for index in range(lib.tl_records_count(records, kind)):
        call(getter, records, index, ctypes.byref(text))
        answer.append(text_of(text))
    return answer


def _external_ids_of(records: Any) -> List[ExternalId]:
    external_id = _abi.tl_external_id()
    answer = []
    for index in range(lib.tl_records_count(records, _abi.TL_RECORD_EXTERNAL_ID)):
        call(lib.tl_records_external_id, records, index, ctypes.byref(external_id))
        answer.append(ExternalId(text_of(external_id.system), text_of(external_id.key)))
    return answer


def _opportunity_leads_of(records: Any) -> List[Tuple[int, int]]:
    opportunity, lead = ctypes.c_int64(), ctypes.c_int64()
    answer = []
    for index in range(lib.tl_records_count(records, _abi.TL_RECORD_OPPORTUNITY_LEAD)):
        call(lib.tl_records_opportunity_lead, records, index, ctypes.byref(opportunity),
             ctypes.byref(lead))
        answer.append((opportunity.value, lead.value))
    return answer


def _opportunity_roles_of(records: Any) -> List[Tuple[int, int, str]]:
    opportunity, contact, role = ctypes.c_int64(), ctypes.c_int64(), _abi.tl_text()
    answer = []
    for index in range(lib.tl_records_count(records, _abi.TL_RECORD_OPPORTUNITY_ROLE)):
        call(lib.tl_records_opportunity_role, records, index, ctypes.byref(opportunity),
             ctypes.byref(contact), ctypes.byref(role))
        answer.append((opportunity.value, contact.value, text_of(role)))
    return answer


def _info_of(records: Any) -> Any:
    info = sized(_abi.tl_records_info)
    call(lib.tl_records_get_info, records, ctypes.byref(info))
    return info


def _state_of(records: Any, keys: Keys) -> AccountState:
    account, *aliases = _all_of(records, ACCOUNT, keys)
    return AccountState(
        account, aliases,
        _texts_of(records, _abi.TL_RECORD_DOMAIN, lib.tl_records_domain),
        _all_of(records, CONTACT, keys), _all_of(records, LEAD, keys),
        _all_of(records, OPPORTUNITY, keys), _opportunity_leads_of(records),
        _opportunity_roles_of(records), AsOf.read(_info_of(records).as_of))


# --- Reads. ---


class RecordReads(PolicyReads):
    """What a ledger reads one by one and in lists. Each read sees one consistent state and waits for
    no writer; NotFound says that there is no such record."""

    def account(self, account: Ref) -> Account:
        """An account."""
        return self._one(lib.tl_account_get, ACCOUNT, account, "account")

    def contact(self, contact: Ref) -> Contact:
        """A person, without personal data."""
        return self._one(lib.tl_contact_get, CONTACT, contact, "contact")

    def profile(self, contact: Ref) -> Profile:
        """What is known of a person now: personal data."""
        return self._one(lib.tl_contact_profile, PROFILE, contact, "contact")

    def lead(self, lead: Ref) -> Lead:
        """A lead."""
        return self._one(lib.tl_lead_get, LEAD, lead, "lead")

    def opportunity(self, opportunity: Ref) -> Opportunity:
        """An opportunity."""
        return self._one(lib.tl_opportunity_get, OPPORTUNITY, opportunity, "opportunity")

    def owner(self, owner: Ref) -> Owner:
        """An owner."""
        return self._one(lib.tl_owner_get, OWNER, owner, "owner")

    def campaign(self, campaign: Ref) -> Campaign:
        """A campaign."""
        return self._one(lib.tl_campaign_get, CAMPAIGN, campaign, "campaign")

    def contacts_by_email(self, email: str) -> List[Contact]:
        """People by their current email address, in any case."""
        data = utf8(email, "email")
        return self._read(lambda records: _all_of(records, CONTACT, {}),
                          lib.tl_contacts_by_email, data, len(data))

    def accounts_by_domain(self, domain: str) -> List[Account]:
        """Accounts by a domain: "acme.com", also "www.Acme.com."."""
        data = utf8(domain, "domain")
        return self._read(lambda records: _all_of(records, ACCOUNT, {}),
                          lib.tl_accounts_by_domain, data, len(data))

    def external_ids(self, entity: str, id: int) -> List[ExternalId]:
        """The ids that a record has in other systems; `entity`: "lead", "account" ..."""
        return self._read(_external_ids_of, lib.tl_external_ids_get,
                          words.ENTITY.number(entity, "entity"), checked_int64(id, "id"))

    def person(self, contact: Ref) -> str:
        """Everything that is known of a person, as JSON."""
        kept: List[Any] = []
        out = ctypes.POINTER(_abi.tl_string)()
        self._call(lib.tl_person_export, reference(contact, "contact", kept), ctypes.byref(out))
        return take_string(out)

    def note(self, note: int) -> str:
        """The text of a note."""
        out = ctypes.POINTER(_abi.tl_string)()
        self._call(lib.tl_note_text, checked_int64(note, "note"), ctypes.byref(out))
        return take_string(out)

    def lead_page(self, filter: Optional[Filter] = None, size: int = 0,
                  cursor: Optional[str] = None) -> Page[Lead]:
        """A page of leads; a size of 0 is the library's default, 100."""
        return self._page(lib.tl_lead_list, LEAD, filter, size, cursor)

    def leads(self, filter: Optional[Filter] = None) -> Iterator[Lead]:
        """All leads that a filter asks for, read page by page; see lead_columns for many."""
        return self._all(lib.tl_lead_list, LEAD, filter)

    def opportunity_page(self, filter: Optional[Filter] = None, size: int = 0,
                         cursor: Optional[str] = None) -> Page[Opportunity]:
        """A page of opportunities."""
        return self._page(lib.tl_opportunity_list, OPPORTUNITY, filter, size, cursor)

    def opportunities(self, filter: Optional[Filter] = None) -> Iterator[Opportunity]:
        """All opportunities that a filter asks for, read page by page."""
        return self._all(lib.tl_opportunity_list, OPPORTUNITY, filter)

    def account_state(self, account: Ref, through: Optional[Moment] = None,
                      known_at: Optional[Moment] = None,
                      seq: Optional[int] = None) -> AccountState:
        """An account with all that belongs to it: what happened by `through`, as far as it was known
        by `known_at`, from the commits up to `seq`."""
        kept: List[Any] = []
        keys = self._stage_keys()
        times = as_of(through, known_at, sized(_abi.tl_as_of), seq)
        return self._read(lambda records: _state_of(records, keys), lib.tl_account_state,
                          reference(account, "account", kept), ctypes.byref(times))

    def _read(self, take: Callable[[Any], T], function: Any, *arguments: Any) -> T:
        records = ctypes.POINTER(_abi.tl_records)()
        self._call(function, *arguments, ctypes.byref(records))
        try:
            return take(records)
        finally:
            lib.tl_records_free(records)

    def _one(self, function: Any, kind: Kind[T], ref: Ref, field: str) -> T:
        kept: List[Any] = []
        keys: Keys = {}
        if kind.number in _WITH_STAGE:
            keys = self._stage_keys()
        return self._read(lambda records: _all_of(records, kind, keys)[0], function,
                          reference(ref, field, kept))

    def _page(self, function: Any, kind: Kind[T], filter: Optional[Filter], size: int,
              cursor: Optional[str]) -> Page[T]:
        kept: List[Any] = []
        keys = self._stage_keys()
        page = sized(_abi.tl_page)
        page.size = checked_int64(size, "size")
        if cursor is not None:
            write_text(page.cursor, cursor, "cursor", kept)
        wanted = ctypes.byref(filter.write(kept)) if filter is not None else None
        return self._read(lambda records: Page(_all_of(records, kind, keys),
                                               optional_text(_info_of(records).next_cursor)),
                          function, wanted, ctypes.byref(page))

    def _all(self, function: Any, kind: Kind[T], filter: Optional[Filter]) -> Iterator[T]:
        page = self._page(function, kind, filter, 1000, None)
        while True:
            yield from page.records
            if page.next_cursor is None:
                return
            page = self._page(function, kind, filter, 1000, page.next_cursor)
