"""Throughline: one unbroken line from the first marketing touch on a company to the deal that is won
or lost.

>>> import throughline as tl
>>> ledger = tl.from_rows(
...     leads=[{"at": "2024-01-05", "account": "Acme", "id": 1, "source": "webinar"}],
...     opportunities=[{"at": "2024-02-01", "leads": [1], "id": 7, "amount": "48000.00 EUR"}],
...     wins=[{"at": "2024-05-10", "opportunity": 7}])
>>> print(ledger.report("sources").rows()[0]["won"])
1

docs/python.md is the page to begin with.
"""

from . import errors, words
from ._command import Command, Context, Receipt
from ._identity import Identity, Match
from ._lib import LibraryError, has_feature, version
from .attribution import (Paths, attribution_models, finish_attribution,
                          merge_attribution_partials)
from .batch import Batch, Outcomes
from .commands import (AccountDistinct, AccountMerge, AccountOpen, AccountUnmerge, AccountUpdate,
                       CampaignCost, CampaignDefine, ContactAdd, ContactErase, ContactMerge,
                       ContactMove, ContactUnmerge, ContactUpdate, EventAmend, EventVoid,
                       ExchangeRateSet, LeadAssign, LeadClose, LeadConvert, LeadMove, LeadNurture,
                       LeadOpen, LeadReopen, NoteAdd, OpportunityAssign, OpportunityBook,
                       OpportunityLose, OpportunityMove, OpportunityOpen, OpportunityReopen,
                       OpportunityRole, OpportunityValue, OpportunityWin, OwnerDefine, PolicySet,
                       TouchRecord, TouchRetract)
from .errors import (Aborted, AlreadyExists, Cancelled, Closed, DataLoss, DeadlineExceeded,
                     ErrorDetail, FailedPrecondition, Internal, InvalidArgument, LedgerExists,
                     LedgerNotFound, NoMemory, NotFound, OutOfRange, PermissionDenied, Reentrant,
                     ResourceExhausted, ThroughlineError, Unavailable, Unimplemented)
from .events import Event, Events, StageRef, Subscription, Trace, TraceLink
from .exports import RowsPutAside, from_rows, read
from .imports import ImportOptions, ImportReport, SalesforceOptions
from .ledger import Ledger, LedgerOptions, create, in_memory, open, restore
from .ledger_files import ExportReport
from .policy import Policy, Stage, TouchKind
from .records import (Account, AccountState, AsOf, Campaign, Contact, Filter, Lead, Lineage,
                      Opportunity, Owner, Page, Profile, Source)
from .reports import Snapshot, SnapshotMemory, finish_report, merge_partials, reports
from .table import Column, Table, Texts, to_html
from .values import OPENED_BEFORE, ExternalId, Money
from .verify import VerifyReport

__version__ = "0.1.0"

# All but `open`: `from throughline import *` must not hide the built-in.
__all__ = [
    "Aborted", "Account", "AccountDistinct", "AccountMerge", "AccountOpen", "AccountState",
    "AccountUnmerge", "AccountUpdate", "AlreadyExists", "AsOf", "Batch", "Campaign", "CampaignCost",
    "CampaignDefine", "Cancelled", "Closed", "Column", "Command", "Contact", "ContactAdd",
    "ContactErase", "ContactMerge", "ContactMove", "ContactUnmerge", "ContactUpdate", "Context",
    "DataLoss", "DeadlineExceeded", "ErrorDetail", "Event", "EventAmend", "EventVoid", "Events",
    "ExchangeRateSet", "ExportReport", "ExternalId", "FailedPrecondition", "Filter", "Identity",
    "ImportOptions", "ImportReport", "Internal", "InvalidArgument", "Lead", "LeadAssign",
    "LeadClose", "LeadConvert", "LeadMove", "LeadNurture", "LeadOpen", "LeadReopen", "Ledger",
    "LedgerExists", "LedgerNotFound", "LedgerOptions", "LibraryError", "Lineage", "Match", "Money",
    "NoMemory", "NotFound", "NoteAdd", "OPENED_BEFORE", "Opportunity", "OpportunityAssign", "OpportunityBook",
    "OpportunityLose", "OpportunityMove", "OpportunityOpen", "OpportunityReopen", "OpportunityRole",
    "OpportunityValue", "OpportunityWin", "OutOfRange", "Outcomes", "Owner", "OwnerDefine", "Page",
    "Paths", "PermissionDenied", "Policy", "PolicySet", "Profile", "Receipt", "Reentrant",
    "ResourceExhausted", "RowsPutAside", "SalesforceOptions", "Snapshot", "SnapshotMemory",
    "Source", "Stage", "StageRef", "Subscription", "Table", "Texts", "ThroughlineError",
    "TouchKind", "TouchRecord", "TouchRetract", "Trace", "TraceLink", "Unavailable",
    "Unimplemented", "VerifyReport", "attribution_models", "create", "errors",
    "finish_attribution", "finish_report", "from_rows", "has_feature", "in_memory",
    "merge_attribution_partials", "merge_partials", "read", "reports", "restore", "to_html",
    "version", "words",
]
