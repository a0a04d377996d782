"""Tables as Arrow C streams in capsules. That their contents are right is shown in C++
(tests/capi/arrow_test.cc) and by a database that reads them (test_duckdb.py)."""

import ctypes
import gc
import subprocess
import sys
import unittest

from binding import PACKAGE, BindingTest, main, tl
from throughline import _abi

NAME = b"arrow_array_stream"
OUT = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
RELEASE = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
POINTER_OF = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.py_object, ctypes.c_char_p)(
    ("PyCapsule_GetPointer", ctypes.pythonapi))


def stream_in(capsule):
    return _abi.ArrowArrayStream.from_address(POINTER_OF(capsule, NAME))


def ask(stream, callback, answer):
    """What a callback of the stream writes into a struct."""
    out = answer()
    assert OUT(getattr(stream, callback))(ctypes.addressof(stream), ctypes.addressof(out)) == 0
    return out


def release(struct):
    RELEASE(struct.release)(ctypes.addressof(struct))
    assert not struct.release


class Watched:
    """Counts how often a stream is released."""

    def __init__(self, stream):
        self.count, original = 0, RELEASE(stream.release)

        def released(address):
            self.count += 1
            original(address)
        self.callback = RELEASE(released)
        stream.release = ctypes.cast(self.callback, ctypes.c_void_p).value


class Capsules(BindingTest):
    def setUp(self):
        super().setUp()
        self.won_deal()
        self.table = self.ledger.lead_columns(["lead", "opened_at", "opportunity"])
        self.addCleanup(self.table.close)

    def watched(self):
        capsule = self.table.__arrow_c_stream__()
        return capsule, Watched(stream_in(capsule))

    def test_the_features_say_so(self):
        self.assertTrue(tl.has_feature("arrow"))

    def test_a_capsule_holds_a_stream(self):
        capsule = self.table.__arrow_c_stream__()
        self.assertEqual(type(capsule).__name__, "PyCapsule")
        stream = stream_in(capsule)
        schema = ask(stream, "get_schema", _abi.ArrowSchema)
        array = ask(stream, "get_next", _abi.ArrowArray)
        self.assertEqual(ctypes.string_at(schema.format), b"+s")
        self.assertEqual((array.length, array.n_children, schema.n_children), (1, 3, 3))
        self.assertFalse(ask(stream, "get_next", _abi.ArrowArray).release)
        release(schema)
        release(array)

    def test_every_table_has_it(self):
        with self.ledger.snapshot() as snapshot:
            for table in (*map(snapshot.report, tl.reports()), self.ledger.opportunity_columns(),
                          self.ledger.lead_columns(["lead"], tl.Filter(account=99))):
                capsule = table.__arrow_c_stream__(requested_schema=None)
                schema = ask(stream_in(capsule), "get_schema", _abi.ArrowSchema)
                self.assertEqual(schema.n_children, len(table.names))
                release(schema)

    def test_an_array_outlives_all_else(self):
        capsule = self.table.__arrow_c_stream__()
        self.table.close()
        array = ask(stream_in(capsule), "get_next", _abi.ArrowArray)
        del capsule
        gc.collect()
        children = ctypes.cast(array.children, ctypes.POINTER(ctypes.POINTER(_abi.ArrowArray)))
        buffers = ctypes.cast(children[0].contents.buffers, ctypes.POINTER(ctypes.c_void_p))
        self.assertEqual(ctypes.c_int64.from_address(buffers[1]).value, 1)
        release(array)

    def test_nobody_took_the_stream(self):
        capsule, watched = self.watched()
        del capsule
        self.assertEqual(watched.count, 1)

    def test_somebody_moved_the_stream_away(self):
        capsule, watched = self.watched()
        stream = stream_in(capsule)
        taken = _abi.ArrowArrayStream.from_buffer_copy(stream)
        stream.release = None
        del stream, capsule
        self.assertEqual(watched.count, 0)
        release(taken)
        self.assertEqual(watched.count, 1)

    def test_a_capsule_that_dies_of_an_error(self):
        """The list's own memory is freed while the error is under way."""
        made = []

        def fails(place):
            if place == 1:
                raise KeyError(place)
            capsule, watched = self.watched()
            made.append(watched)
            return capsule
        printed = []
        hook, sys.unraisablehook = sys.unraisablehook, lambda error: printed.append(error.exc_type)
        try:
            with self.assertRaises((KeyError, SystemError)):
                list(map(fails, range(2)))
        finally:
            sys.unraisablehook = hook
        self.assertEqual(made[0].count, 1)
        self.assertIn(printed, ([], [KeyError]))

    def test_a_closed_table_gives_none(self):
        self.table.close()
        self.assertRaises(tl.Closed, self.table.__arrow_c_stream__)

    def test_capsules_at_the_end_of_the_interpreter(self):
        program = ("import sys; import throughline as tl\n"
                   "sys.kept = [tl.in_memory().lead_columns().__arrow_c_stream__()]\n"
                   "sys.kept.append(sys.kept)\n"
                   "left = tl.in_memory().lead_columns().__arrow_c_stream__()\n")
        done = subprocess.run([sys.executable, "-c", program], cwd=PACKAGE, capture_output=True,
                              text=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_many_capsules(self):
        for _ in range(2000):
            self.table.__arrow_c_stream__()


if __name__ == "__main__":
    main()
