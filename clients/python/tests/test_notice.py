"""What is said to the user moves no cursor and begins no line of its own."""

import unittest
import warnings

from parsloscope.notice import logger, printable, warn

EVIL = "evil\x1b[2J\x9b\n\u202e\u2028\ud800x"
TOLD = "evil\\x1b[2J\\x9b\\n\\u202e\\u2028\\ud800x"


class Notice(unittest.TestCase):
    def test_a_text_is_spelled_out(self) -> None:
        self.assertEqual(printable(EVIL), TOLD)
        self.assertEqual(printable("é漢字 a\\b"), "é漢字 a\\b")

    def test_warnings_and_the_log_are_printable(self) -> None:
        with self.assertLogs(logger, "INFO") as logs, warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            warn(EVIL)
            logger.info("the hub at %s: %d", EVIL, 7)
        self.assertEqual([str(warning.message) for warning in told], [TOLD])
        self.assertEqual(
            [record.getMessage() for record in logs.records],
            [TOLD, f"the hub at {TOLD}: 7"],
        )


if __name__ == "__main__":
    unittest.main()
