"""Commands: what can be asked of a ledger. A class for each, with the members of the fact format
(docs/fact-format.md); a member that is None is not given.

>>> LeadMove(lead="crm:L-17", stage="working").fact
'lead.move'
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Mapping, Optional, Sequence, Union

from ._command import Command
from ._identity import IdentityLike
from .values import Day, EventRef, ExternalId, Moment, MoneyLike, Ref

Attributes = Mapping[str, str]
ExternalIds = Sequence[Union[str, ExternalId]]


@dataclass(frozen=True)
class AccountOpen(Command):
    """Opens an account."""

    name: Optional[str] = None
    domains: Optional[Sequence[str]] = None
    attributes: Optional[Attributes] = None
    external_ids: Optional[ExternalIds] = None


@dataclass(frozen=True)
class AccountUpdate(Command):
    """Changes what is known of an account; an attribute with an empty value is removed."""

    account: Optional[Ref] = None
    name: Optional[str] = None
    domains: Optional[Sequence[str]] = None  # to add
    removed_domains: Optional[Sequence[str]] = None
    attributes: Optional[Attributes] = None
    external_ids: Optional[ExternalIds] = None  # to add


@dataclass(frozen=True)
class ContactAdd(Command):
    """Adds a person to an account."""

    account: Optional[Ref] = None
    name: Optional[str] = None
    email: Optional[str] = None
    phone: Optional[str] = None
    title: Optional[str] = None
    attributes: Optional[Attributes] = None
    external_ids: Optional[ExternalIds] = None


@dataclass(frozen=True)
class ContactUpdate(Command):
    """Changes what is known of a person; an empty text clears."""

    contact: Optional[Ref] = None
    name: Optional[str] = None
    email: Optional[str] = None
    phone: Optional[str] = None
    title: Optional[str] = None
    attributes: Optional[Attributes] = None
    external_ids: Optional[ExternalIds] = None  # to add


@dataclass(frozen=True)
class ContactMove(Command):
    """The person now works for another company."""

    contact: Optional[Ref] = None
    account: Optional[Ref] = None  # where to


@dataclass(frozen=True)
class AccountMerge(Command):
    """Two accounts are one company; nothing is rewritten."""

    account: Optional[Ref] = None  # whose name shows
    merged: Optional[Ref] = None  # becomes an alias of it
    reason: Optional[str] = None


@dataclass(frozen=True)
class AccountUnmerge(Command):
    """Undoes the merge by which the account became an alias."""

    account: Optional[Ref] = None
    reason: Optional[str] = None


@dataclass(frozen=True)
class ContactMerge(Command):
    """Two contacts are one person."""

    contact: Optional[Ref] = None  # whose profile shows
    merged: Optional[Ref] = None  # becomes an alias of it
    reason: Optional[str] = None


@dataclass(frozen=True)
class ContactUnmerge(Command):
    """Undoes the merge by which the contact became an alias."""

    contact: Optional[Ref] = None
    reason: Optional[str] = None


@dataclass(frozen=True)
class ContactErase(Command):
    """Erases what is known of a person, for good; what they did stays, without a name."""

    contact: Optional[Ref] = None
    reason: Optional[str] = None


@dataclass(frozen=True)
class AccountDistinct(Command):
    """Says that two accounts are two companies: they are not put up for review again."""

    account: Optional[Ref] = None
    other: Optional[Ref] = None


@dataclass(frozen=True)
class TouchRecord(Command):
    """Records one interaction; its id is (receipt.seq << 20) + receipt.events_before, if it was
    executed by itself."""

    account: Optional[Ref] = None  # may be left out if contact, lead, opportunity or match is given
    contact: Optional[Ref] = None  # None: anonymous
    lead: Optional[Ref] = None
    opportunity: Optional[Ref] = None
    campaign: Optional[Ref] = None
    owner: Optional[Ref] = None  # who acted for us
    channel: Optional[str] = None  # default: the campaign's
    kind: Optional[str] = None  # a touch kind of the policy: "webinar"
    side: Optional[str] = None  # "marketing", "sales"; here and below default: the kind's
    direction: Optional[str] = None  # "inbound", "outbound"
    response: Optional[bool] = None  # the other side reacts
    follow_up: Optional[bool] = None  # the owner works a lead that was handed over
    match: Optional[IdentityLike] = None  # who it was, to be looked up


@dataclass(frozen=True)
class TouchRetract(Command):
    """Says that a touch never happened."""

    account: Optional[Ref] = None  # needed when `touch` is a fact key
    touch: Optional[EventRef] = None
    reason: Optional[str] = None


@dataclass(frozen=True)
class NoteAdd(Command):
    """Adds a note to exactly one of account, contact, lead and opportunity."""

    account: Optional[Ref] = None
    contact: Optional[Ref] = None
    lead: Optional[Ref] = None
    opportunity: Optional[Ref] = None
    text: Optional[str] = None  # at most 64 KiB


@dataclass(frozen=True)
class LeadOpen(Command):
    """Opens a lead. What it is to the account's past is decided here."""

    account: Optional[Ref] = None  # may be left out if contact or match is given
    contact: Optional[Ref] = None
    owner: Optional[Ref] = None
    stage: Optional[str] = None  # default: the policy's first
    type: Optional[str] = None  # a lead type of the policy
    source: Optional[str] = None  # the channel that who opens it claims
    return_on: Optional[Day] = None  # of a parked stage
    attributes: Optional[Attributes] = None
    external_ids: Optional[ExternalIds] = None
    match: Optional[IdentityLike] = None  # who it is, to be looked up


@dataclass(frozen=True)
class LeadMove(Command):
    """Moves a lead to another stage."""

    lead: Optional[Ref] = None
    stage: Optional[str] = None
    reason: Optional[str] = None
    return_on: Optional[Day] = None  # of a parked stage


@dataclass(frozen=True)
class LeadAssign(Command):
    """Gives a lead to an owner; the first time to sales or a partner is the hand-off."""

    lead: Optional[Ref] = None
    owner: Optional[Ref] = None


@dataclass(frozen=True)
class LeadNurture(Command):
    """Sets a lead aside until a day."""

    lead: Optional[Ref] = None
    until: Optional[Day] = None


@dataclass(frozen=True)
class LeadClose(Command):
    """Ends a lead for now."""

    lead: Optional[Ref] = None
    stage: Optional[str] = None  # a closed stage: "dead", "disqualified"
    reason: Optional[str] = None


@dataclass(frozen=True)
class LeadReopen(Command):
    """Opens a closed lead again."""

    lead: Optional[Ref] = None
    stage: Optional[str] = None  # default: where it was before it was closed


@dataclass(frozen=True)
class LeadConvert(Command):
    """Converts a lead into an opportunity that is there already."""

    lead: Optional[Ref] = None
    opportunity: Optional[Ref] = None


@dataclass(frozen=True)
class OpportunityOpen(Command):
    """Opens an opportunity, and converts the leads named into it."""

    account: Optional[Ref] = None  # may be left out if leads or match are given
    leads: Optional[Sequence[Ref]] = None
    type: Optional[str] = None  # "new_business", "expansion", "renewal"
    name: Optional[str] = None
    owner: Optional[Ref] = None
    stage: Optional[str] = None  # default: the policy's first
    source: Optional[str] = None  # the channel that who opens it claims
    amount: Optional[MoneyLike] = None  # None: unknown, which is not zero
    close_date: Optional[Day] = None  # when it is expected to close
    attributes: Optional[Attributes] = None
    external_ids: Optional[ExternalIds] = None
    match: Optional[IdentityLike] = None  # whose it is, to be looked up: they have the role "contact"


@dataclass(frozen=True)
class OpportunityMove(Command):
    """Moves an opportunity to another stage."""

    opportunity: Optional[Ref] = None
    stage: Optional[str] = None
    reason: Optional[str] = None
    return_on: Optional[Day] = None  # of a parked stage


@dataclass(frozen=True)
class OpportunityValue(Command):
    """Says what an opportunity is worth and when it will close."""

    opportunity: Optional[Ref] = None
    amount: Optional[MoneyLike] = None
    close_date: Optional[Day] = None


@dataclass(frozen=True)
class OpportunityAssign(Command):
    """Gives an opportunity to an owner."""

    opportunity: Optional[Ref] = None
    owner: Optional[Ref] = None


@dataclass(frozen=True)
class OpportunityRole(Command):
    """Says which part a person plays in an opportunity."""

    opportunity: Optional[Ref] = None
    contact: Optional[Ref] = None
    role: Optional[str] = None  # "decision_maker"; empty removes it


@dataclass(frozen=True)
class OpportunityWin(Command):
    """The deal is won."""

    opportunity: Optional[Ref] = None
    amount: Optional[MoneyLike] = None  # default: its value; live commands need one
    reason: Optional[str] = None


@dataclass(frozen=True)
class OpportunityLose(Command):
    """The deal is lost."""

    opportunity: Optional[Ref] = None
    reason: Optional[str] = None


@dataclass(frozen=True)
class OpportunityBook(Command):
    """An order that the order system confirmed."""

    opportunity: Optional[Ref] = None
    amount: Optional[MoneyLike] = None
    booked_on: Optional[Day] = None
    order: Optional[str] = None  # its id in the order system


@dataclass(frozen=True)
class OpportunityReopen(Command):
    """Opens a closed opportunity again."""

    opportunity: Optional[Ref] = None
    stage: Optional[str] = None  # default: where it was before it was closed


@dataclass(frozen=True)
class EventAmend(Command):
    """Mends an event of the past: another date, other values."""

    account: Optional[Ref] = None  # needed when `event` is a fact key
    event: Optional[EventRef] = None
    occurred_at: Optional[Moment] = None
    changes: Optional[Attributes] = None  # members of the event; values as in the fact format
    reason: Optional[str] = None


@dataclass(frozen=True)
class EventVoid(Command):
    """Says that an event never happened."""

    account: Optional[Ref] = None  # needed when `event` is a fact key
    event: Optional[EventRef] = None
    reason: Optional[str] = None
    dependents: Optional[bool] = None  # True: also the moves that build on an opening


@dataclass(frozen=True)
class OwnerDefine(Command):
    """Defines an owner, or changes one."""

    owner: Optional[Ref] = None  # None: a new one, unless an external id is known
    kind: Optional[str] = None  # "rep", "team", "partner"; default of a new one: rep
    side: Optional[str] = None  # default of a new one: sales
    name: Optional[str] = None
    team: Optional[Ref] = None
    retired: Optional[bool] = None  # True: takes no more leads
    external_ids: Optional[ExternalIds] = None  # to add


@dataclass(frozen=True)
class CampaignDefine(Command):
    """Defines a campaign, or changes one."""

    campaign: Optional[Ref] = None  # None: a new one, unless an external id is known
    name: Optional[str] = None
    channel: Optional[str] = None  # of its touches, unless they say
    parent: Optional[Ref] = None
    starts_on: Optional[Day] = None
    ends_on: Optional[Day] = None
    external_ids: Optional[ExternalIds] = None  # to add


@dataclass(frozen=True)
class CampaignCost(Command):
    """Says what a campaign cost on a day; replaces what was said of that day."""

    campaign: Optional[Ref] = None
    spent_on: Optional[Day] = None
    amount: Optional[MoneyLike] = None


@dataclass(frozen=True)
class ExchangeRateSet(Command):
    """Sets an exchange rate from a day on."""

    base: Optional[str] = None
    quote: Optional[str] = None
    valid_from: Optional[Day] = None
    # Units of quote per unit of base, with at most nine decimal places.
    rate: Optional[Union[Decimal, int, str]] = None


@dataclass(frozen=True)
class PolicySet(Command):
    """Puts a new version of the policy in force for every later command."""

    json: Optional[str] = None  # the policy file's text
