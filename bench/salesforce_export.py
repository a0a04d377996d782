#!/usr/bin/env python3
"""Writes a large Salesforce export, the same for the same seed, and measures importing it.

    bench/salesforce_export.py build/release/bin/throughline [--leads 200000] [--folder DIR]

Rows of all objects hang together as an org's do: half of the leads are converted, each opportunity
has a history, tasks are about leads and deals. Prints facts per second and the peaks of memory and of
temporary files, of the first import and of the same export again.
"""

import argparse
import csv
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from datetime import datetime, timedelta

START = datetime(2022, 1, 3, 8)
DAYS = 1000
LEAD_STATUS = ["Open - Not Contacted", "Working - Contacted", "Closed - Not Converted"]
STAGES = ["Prospecting", "Qualification", "Proposal/Price Quote", "Negotiation/Review"]
USERS, CAMPAIGNS = 200, 100
SUBTYPES = ["Call", "Email", "Task"]


def sid(prefix, number):
    """An id of 15 characters: the prefix of its object and a number."""
    return f"{prefix}5f{number:010d}"


def iso(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


class Export:
    def __init__(self, folder, leads, seed):
        self.random = random.Random(seed)
        self.folder = folder
        self.leads = leads
        self.deals = leads // 2
        self.accounts = leads // 4
        self.created = []  # when each lead was
        self.rows = 0
        self.files = []

    def table(self, name, header):
        path = os.path.join(self.folder, name + ".csv")
        file = open(path, "w", encoding="utf-8", newline="")
        self.files.append(file)
        writer = csv.writer(file)
        writer.writerow(header.split(","))

        def write(*cells):
            self.rows += 1
            writer.writerow(cells)
        return write

    def moment(self):
        return START + timedelta(days=self.random.randrange(DAYS),
                                 minutes=self.random.randrange(600))

    def after(self, since):
        return since + timedelta(days=self.random.randrange(1, 60),
                                 minutes=self.random.randrange(600))

    def user(self):
        return sid("005", self.random.randrange(USERS))

    def write(self):
        self.write_reference()
        self.write_accounts()
        self.write_leads_and_deals()
        self.write_touches()
        for file in self.files:
            file.close()

    def write_reference(self):
        user = self.table("User", "Id,Name,IsActive,Department")
        for i in range(USERS):
            user(sid("005", i), f"Rep {i}", "true", "Sales")
        campaign = self.table("Campaign", "Id,Name,Type,StartDate,ActualCost,CurrencyIsoCode")
        for i in range(CAMPAIGNS):
            campaign(sid("701", i), f"Campaign {i}", ["Webinar", "Email", "Event"][i % 3],
                     (START + timedelta(days=i * 9)).date().isoformat(), 1000 + i, "EUR")

    def write_accounts(self):
        account = self.table("Account", "Id,Name,Website,Industry,IsDeleted,MasterRecordId,"
                                        "CreatedDate,LastModifiedDate")
        for i in range(self.accounts):
            account(sid("001", i), f"Company {i}", f"company{i}.example", "Chemicals", "false", "",
                    iso(START), iso(START))

    def write_leads_and_deals(self):
        lead = self.table("Lead", "Id,Company,FirstName,LastName,Email,Status,LeadSource,OwnerId,"
                                  "IsConverted,ConvertedDate,ConvertedAccountId,ConvertedContactId,"
                                  "ConvertedOpportunityId,CreatedDate,LastModifiedDate")
        past = self.table("LeadHistory", "Id,LeadId,Field,OldValue,NewValue,CreatedDate")
        contact = self.table("Contact", "Id,AccountId,FirstName,LastName,Email,CreatedDate,"
                                        "LastModifiedDate")
        deal = self.table("Opportunity", "Id,AccountId,Name,StageName,Amount,CurrencyIsoCode,"
                                         "CloseDate,IsWon,IsClosed,OwnerId,CreatedDate,"
                                         "LastModifiedDate")
        state = self.table("OpportunityHistory", "Id,OpportunityId,StageName,Amount,"
                                                 "CurrencyIsoCode,CloseDate,CreatedDate")
        role = self.table("OpportunityContactRole", "Id,OpportunityId,ContactId,Role,IsPrimary,"
                                                    "CreatedDate")
        for i in range(self.leads):
            created = self.moment()
            self.created.append(created)
            worked = created + timedelta(days=2)
            converted = created + timedelta(days=20)
            becomes = i % 2 == 0
            number = i // 2
            account = sid("001", self.random.randrange(self.accounts))
            status = "Closed - Converted" if becomes else self.random.choice(LEAD_STATUS)
            lead(sid("00Q", i), f"Company {i % self.accounts}", "Ann", f"Name{i}",
                 f"ann{i}@company{i % self.accounts}.example", status, "Web", self.user(),
                 str(becomes).lower(), converted.date().isoformat() if becomes else "",
                 account if becomes else "", sid("003", number) if becomes else "",
                 sid("006", number) if becomes else "", iso(created), iso(converted))
            if status != LEAD_STATUS[0]:
                past(sid("017", 2 * i), sid("00Q", i), "Status", LEAD_STATUS[0], LEAD_STATUS[1],
                     iso(worked))
            if status not in LEAD_STATUS[:2]:
                past(sid("017", 2 * i + 1), sid("00Q", i), "Status", LEAD_STATUS[1], status,
                     iso(converted))
            if becomes:
                contact(sid("003", number), account, "Ann", f"Name{i}", f"ann{i}@mail.example",
                        iso(converted), iso(converted))
                self.write_deal(number, account, converted, deal, state)
                role(sid("00K", number), sid("006", number), sid("003", number), "Decision Maker",
                     "true", iso(converted))

    def write_deal(self, number, account, created, deal, state):
        steps = self.random.randrange(1, 5)
        amount = 1000 * self.random.randrange(5, 100)
        expected = (created + timedelta(days=90)).date().isoformat()
        at = created
        for place in range(steps):
            state(sid("008", number * 8 + place), sid("006", number), STAGES[place], amount, "EUR",
                  expected, iso(at))
            at += timedelta(days=self.random.randrange(3, 30))
        stage, close = STAGES[steps - 1], expected
        won, closed = False, self.random.random() < 0.7
        if closed:
            won = self.random.random() < 0.4
            stage, close = "Closed Won" if won else "Closed Lost", at.date().isoformat()
            state(sid("008", number * 8 + 7), sid("006", number), stage, amount, "EUR", close,
                  iso(at + timedelta(days=self.random.randrange(4))))
        deal(sid("006", number), account, f"Deal {number}", stage, amount, "EUR", close,
             str(won).lower(), str(closed).lower(), self.user(), iso(created), iso(at))

    def write_touches(self):
        member = self.table("CampaignMember", "Id,CampaignId,LeadId,ContactId,HasResponded,"
                                              "FirstRespondedDate,CreatedDate")
        for i in range(self.leads):
            at = self.after(self.created[i])
            responded = self.random.random() < 0.3
            member(sid("00v", i), sid("701", self.random.randrange(CAMPAIGNS)), sid("00Q", i), "",
                   str(responded).lower(), at.date().isoformat() if responded else "", iso(at))
        task = self.table("Task", "Id,WhoId,WhatId,OwnerId,TaskSubtype,Status,IsClosed,"
                                  "ActivityDate,CreatedDate")
        for i in range(self.leads * 5 // 2):
            if i % 2:
                lead = self.random.randrange(self.leads) | 1
                who, what, since = sid("00Q", lead), "", self.created[lead]
            else:
                number = self.random.randrange(self.deals)
                who, what = sid("003", number), sid("006", number)
                since = self.created[2 * number] + timedelta(days=20)
            at = self.after(since)
            task(sid("00T", i), who, what, self.user(), SUBTYPES[i % 3], "Completed", "true",
                 at.date().isoformat(), iso(at))


def size_of(folder):
    total = 0
    for entry in os.scandir(folder):
        try:
            total += entry.stat().st_size
        except FileNotFoundError:
            pass
    return total


class Watch(threading.Thread):
    """The peaks of a process: of its own memory (what it maps of the ledger is the kernel's to take
    back) and of its files that have no name any more."""

    def __init__(self, process):
        super().__init__(daemon=True)
        self.process, self.memory, self.disk = process, 0, 0

    def run(self):
        while self.process.poll() is None:
            try:
                self.memory = max(self.memory, self.own_memory())
                self.disk = max(self.disk, self.nameless_files())
            except (FileNotFoundError, ProcessLookupError):
                pass  # it has ended, or closed the file
            time.sleep(0.05)

    def own_memory(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            return next((int(line.split()[1]) << 10 for line in status
                         if line.startswith("RssAnon:")), 0)

    def nameless_files(self):
        folder = f"/proc/{self.process.pid}/fd"
        paths = [os.path.join(folder, fd) for fd in os.listdir(folder)]
        return sum(os.stat(path).st_blocks * 512 for path in paths
                   if "(deleted)" in os.readlink(path))


def measure(program, ledger, export, input_bytes):
    begin = time.monotonic()
    with subprocess.Popen([program, "import", ledger, "--from", "salesforce", export],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        watch = Watch(process)
        watch.start()
        out = process.stdout.read()
    seconds = time.monotonic() - begin
    watch.join()
    facts = int(out.split(" facts")[0].split()[-1])
    print(f"{facts} facts in {seconds:.1f} s: {facts / seconds:,.0f}/s; "
          f"memory {watch.memory >> 20} MiB; "
          f"temporary disk {watch.disk >> 20} MiB of {input_bytes >> 20} MiB read")
    print("\n".join("  " + line for line in out.strip().splitlines()))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("program")
    parser.add_argument("--leads", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", help="keep the export and the ledger there")
    arguments = parser.parse_args()
    folder = arguments.folder or tempfile.mkdtemp()
    export, ledger = os.path.join(folder, "export"), os.path.join(folder, "salesforce.db")
    os.makedirs(export, exist_ok=True)
    written = Export(export, arguments.leads, arguments.seed)
    written.write()
    input_bytes = size_of(export)
    print(f"{written.rows} rows, {input_bytes >> 20} MiB")
    subprocess.run([arguments.program, "init", ledger], check=True, stdout=subprocess.DEVNULL)
    measure(arguments.program, ledger, export, input_bytes)
    measure(arguments.program, ledger, export, input_bytes)
    if not arguments.folder:
        shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main())
