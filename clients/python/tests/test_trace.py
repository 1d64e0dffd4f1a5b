"""Tracebacks as text."""

import unittest
from typing import Any

from parsl.app.errors import RemoteExceptionWrapper, wrap_error

from parsloscope_worker import trace, watch


def raising(error: BaseException) -> BaseException:
    try:
        raise error
    except BaseException as raised:
        return raised


class TraceTest(unittest.TestCase):
    def test_tells_the_chain_of_causes_from_where_it_was_raised(self) -> None:
        def inner() -> None:
            raise KeyError("first")

        def outer() -> None:
            try:
                inner()
            except KeyError as error:
                raise ValueError("second") from error

        result: Any = wrap_error(outer)()
        self.assertIsInstance(result, RemoteExceptionWrapper)
        error = watch.error_of(result)
        assert error is not None
        told = trace.describe(error)
        self.assertEqual(told["cut"], 0)
        places = [told["text"].index(word) for word in
                  ("in outer", "in inner", "KeyError: 'first'", "direct cause",
                   "ValueError: second")]
        self.assertEqual(places, sorted(places))
        self.assertNotIn("errors.py", told["text"])

    def test_a_result_is_no_error(self) -> None:
        self.assertIsNone(watch.error_of(5))
        self.assertIsNone(watch.error_of(ValueError()))

    def test_cuts_the_middle(self) -> None:
        told = trace.describe(raising(ValueError("a" * 50_000 + "end")))
        self.assertTrue(told["text"].startswith("Traceback"))
        self.assertTrue(told["text"].endswith("end\n"))
        self.assertIn(f"[… {told['cut']} characters left out …]", told["text"])
        self.assertLess(len(told["text"]), trace.MOST_CHARACTERS + 100)
        self.assertGreater(told["cut"], 30_000)

    def test_a_recursion_is_short(self) -> None:
        def endless() -> None:
            endless()
        try:
            endless()
        except RecursionError as error:
            told = trace.describe(error)
        self.assertLess(len(told["text"]), 3_000)

    def test_text_that_no_database_takes_is_spelled_out(self) -> None:
        told = trace.describe(raising(ValueError("nul \0 and half \ud800")))
        self.assertIn(r"nul \x00 and half \ud800", told["text"])

    def test_an_error_that_cannot_be_told_is_named(self) -> None:
        class Odd(Exception):
            def __str__(self) -> str:
                raise RuntimeError("no text")
        told = trace.describe(raising(Odd()))
        self.assertIn("Odd", told["text"])


if __name__ == "__main__":
    unittest.main()
