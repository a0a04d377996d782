"""A reader of Arrow that is not ours: DuckDB answers the same from our streams as Python does from
the tables they were made of. `./run test` puts its library into build/npm."""

import ctypes
import datetime
import glob
import os
import sys
import unittest
from collections import Counter

from binding import SKIPPED, SOURCE, BindingTest, main, tl

PATHS = glob.glob(os.path.join(SOURCE, "build", "npm", "node_modules", "@duckdb", "*",
                               "libduckdb.so"))
try:
    duckdb = ctypes.CDLL(PATHS[0])
except (IndexError, OSError) as error:
    print("skipped: there is no DuckDB to read our streams:",
          "build/npm does not have it; ./run test installs it with npm" if not PATHS else error)
    sys.exit(SKIPPED)

for name in ("column_count", "row_count"):
    getattr(duckdb, "duckdb_" + name).restype = ctypes.c_uint64
duckdb.duckdb_result_error.restype = ctypes.c_char_p
duckdb.duckdb_value_varchar.restype = ctypes.c_void_p
duckdb.duckdb_value_varchar.argtypes = [ctypes.c_void_p, ctypes.c_uint64, ctypes.c_uint64]
duckdb.duckdb_free.argtypes = [ctypes.c_void_p]

POINTER_OF = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.py_object, ctypes.c_char_p)(
    ("PyCapsule_GetPointer", ctypes.pythonapi))

EPOCH = datetime.date(1970, 1, 1)
MICROSECOND = datetime.timedelta(microseconds=1)


class Database:
    """DuckDB in memory, through its C interface."""

    def __init__(self):
        self.database, self.connection = ctypes.c_void_p(), ctypes.c_void_p()
        assert duckdb.duckdb_open(None, ctypes.byref(self.database)) == 0
        assert duckdb.duckdb_connect(self.database, ctypes.byref(self.connection)) == 0

    def close(self):
        duckdb.duckdb_disconnect(ctypes.byref(self.connection))
        duckdb.duckdb_close(ctypes.byref(self.database))

    def take(self, name, capsule):
        """Makes a table of what the stream holds. DuckDB borrows the stream: the capsule ends it."""
        stream = ctypes.c_void_p(POINTER_OF(capsule, b"arrow_array_stream"))
        assert duckdb.duckdb_arrow_scan(self.connection, b"stream", stream) == 0
        self.query(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM stream")
        self.query("DROP VIEW stream")

    def query(self, sql):
        """The rows of the answer, each cell as text."""
        result = (ctypes.c_uint64 * 8)()  # more than a duckdb_result has
        try:
            if duckdb.duckdb_query(self.connection, sql.encode(), result) != 0:
                raise ValueError(duckdb.duckdb_result_error(result).decode())
            columns = range(duckdb.duckdb_column_count(result))
            return [[self._cell(result, column, row) for column in columns]
                    for row in range(duckdb.duckdb_row_count(result))]
        finally:
            duckdb.duckdb_destroy_result(result)

    @staticmethod
    def _cell(result, column, row):
        text = duckdb.duckdb_value_varchar(result, column, row)
        if text is None:
            return None
        try:
            return ctypes.string_at(text).decode()
        finally:
            duckdb.duckdb_free(text)


# By kind of column: a number that SQL makes of a cell and Python makes of a value, and SQL's type.
NUMBERS = {
    "integer": ("{}", lambda value: value, "BIGINT"),
    "real": ("{}", lambda value: value, "DOUBLE"),
    "text": ("strlen({})", lambda value: len(value.encode()), "VARCHAR"),
    "time": ("epoch_us({})", lambda value: (value - datetime.datetime.combine(
        EPOCH, datetime.time(), datetime.timezone.utc)) // MICROSECOND,
        "TIMESTAMP WITH TIME ZONE"),
    "date": ("{} - DATE '1970-01-01'", lambda value: (value - EPOCH).days, "DATE"),
    "boolean": ("{}::INTEGER", int, "BOOLEAN"),
}


class Reading(BindingTest):
    def setUp(self):
        super().setUp()
        self.database = Database()
        self.addCleanup(self.database.close)

    def fill(self, leads):
        """Leads of several sources: every 15th is parked until a day, every 5th is converted, every
        10th won."""
        day = datetime.date(2024, 1, 1)
        rows = range(1, leads + 1)
        self.ledger = tl.from_rows(
            leads=[{"at": day + datetime.timedelta(i % 300), "account": f"Firma {i % 97}", "id": i,
                    "source": ("Messe Köln", "web", "")[i % 3]} for i in rows],
            opportunities=[{"at": "2025-01-10", "leads": [i], "id": i,
                            "amount": f"{i}.25 EUR"} for i in rows if i % 5 == 0],
            wins=[{"at": f"2025-02-{i % 28 + 1:02}", "opportunity": i}
                  for i in rows if i % 10 == 0])
        self.addCleanup(self.ledger.close)
        with tl.Batch() as batch:
            batch.add_rows("lead.move", [
                {"at": "2025-01-02", "lead": f"rows:{i}", "stage": "nurture",
                 "return_on": f"2026-03-{i % 28 + 1:02}"} for i in rows if i % 15 == 3])
            self.assertEqual(list(self.ledger.execute_all(batch).refusals()), [])

    def check(self, table):
        """Each column has its type, as many given cells and the same sum."""
        self.database.take("ours", table.__arrow_c_stream__())
        types = {row[0]: row[1] for row in self.database.query("DESCRIBE ours")}
        for name, column in table.columns.items():
            number, value_of, sql_type = NUMBERS[column.kind]
            given = [value for value in column.tolist() if value is not None]
            with self.subTest(report=table.report, column=name):
                self.assertEqual(types[name], sql_type)
                count, total = self.database.query(
                    f'SELECT count("{name}"), sum({number.format(chr(34) + name + chr(34))}) '
                    "FROM ours")[0]
                self.assertEqual(int(count), len(given))
                self.assertAlmostEqual(float(total or 0), float(sum(map(value_of, given))), 6)

    def test_leads_and_opportunities(self):
        self.fill(leads=5000)
        leads, opportunities = self.ledger.lead_columns(), self.ledger.opportunity_columns()
        self.assertEqual((len(leads), len(opportunities)), (5000, 1000))
        self.check(leads)
        self.check(opportunities)

    def test_groups_of_a_table_that_was_closed(self):
        self.fill(leads=100)
        with self.ledger.lead_columns(["lead", "source", "return_on"]) as table:
            capsule = table.__arrow_c_stream__()
        self.database.take("leads", capsule)
        rows = self.database.query("SELECT source, count(*) FROM leads GROUP BY source")
        self.assertEqual({source: int(count) for source, count in rows},
                         Counter(("Messe Köln", "web", "")[i % 3] for i in range(1, 101)))
        self.assertEqual(self.database.query("SELECT min(return_on) FROM leads"), [["2026-03-04"]])

    def test_reports(self):
        self.fill(leads=200)
        with self.ledger.snapshot() as snapshot:
            for name in tl.reports():
                self.check(snapshot.report(name))
            sources = snapshot.report("sources").__arrow_c_stream__()
        self.database.take("sources", sources)
        self.assertEqual(self.database.query("SELECT sum(leads), sum(won), sum(won_amount_eur) "
                                             "FROM sources"), [["200", "20", "2105.0"]])

    def test_nothing_to_read(self):
        self.check(self.ledger.lead_columns())
        self.assertEqual(self.database.query("SELECT count(*) FROM ours"), [["0"]])


if __name__ == "__main__":
    main()
