"""What the two public classes take, and what `help` says about it."""

import inspect
import re
import unittest
from pathlib import Path
from typing import Any
from unittest import mock

from parsl.executors.high_throughput import executor
from parsl.monitoring.radios.htex import HTEXRadio

import parsloscope
from parsloscope import MonitoringHub, UDPRadio, htex

PACKAGE = Path(parsloscope.__file__).parent


def described(documented: Any) -> list[str]:
    """The names under `Parameters` in a docstring, in their order."""
    doc = inspect.getdoc(documented) or ""
    section = doc.split("Parameters\n----------\n")[1].split("\n\n")[0]
    heads = re.findall(r"^(\w[\w, ]*) : \S", section, re.MULTILINE)
    return [name for head in heads for name in head.split(", ")]


class ArgumentsTest(unittest.TestCase):
    def test_help_describes_every_argument(self) -> None:
        for documented in (MonitoringHub, UDPRadio):
            names = [name for name in inspect.signature(documented).parameters if name != "self"]
            self.assertEqual(described(documented), names)

    def test_the_readme_describes_what_is_ours(self) -> None:
        readme = (PACKAGE.parent / "README.md").read_text()
        ours = [p.name for p in inspect.signature(MonitoringHub).parameters.values()
                if p.kind is p.KEYWORD_ONLY]
        table = readme.split("## MonitoringHub")[1].split("\n## ")[0]
        self.assertEqual(sorted(re.findall(r"^\| `(\w+)`", table, re.MULTILINE)), sorted(ours))

    def test_the_package_is_typed(self) -> None:
        self.assertTrue((PACKAGE / "py.typed").is_file())


class DigestTest(unittest.TestCase):
    def test_has_parsls_name_too(self) -> None:
        self.assertEqual(UDPRadio().digest, "sha512")
        self.assertEqual(UDPRadio(digest="sha256").digest, "sha256")
        self.assertEqual(UDPRadio(hmac_digest="sha256").digest, "sha256")
        self.assertEqual(UDPRadio(digest="sha256", hmac_digest="sha256").digest, "sha256")
        self.assertEqual(UDPRadio(digest="sha256").hmac_digest, "sha256")

    def test_names_that_differ_are_refused(self) -> None:
        with self.assertRaisesRegex(ValueError, "two names of one argument"):
            UDPRadio(digest="sha512", hmac_digest="sha256")

    def test_an_unknown_one_is_refused(self) -> None:
        for options in ({"digest": "md0"}, {"hmac_digest": "md0"}, {"digest": ""}):
            with self.assertRaises(ValueError):
                UDPRadio(**options)  # type: ignore[arg-type]


class InstallTest(unittest.TestCase):
    def test_the_import_has_put_our_radio_there_and_a_second_time_changes_nothing(self) -> None:
        self.assertIs(vars(executor)["HTEXRadio"], htex.DefaultRadio)
        htex.install()
        self.assertIs(vars(executor)["HTEXRadio"], htex.DefaultRadio)

    def test_somebody_elses_radio_stays(self) -> None:
        class Theirs(HTEXRadio):
            pass

        with mock.patch.dict(vars(executor), {"HTEXRadio": Theirs}):
            htex.install()
            self.assertIs(vars(executor)["HTEXRadio"], Theirs)

    def test_the_package_says_so(self) -> None:
        self.assertIn("DefaultRadio", parsloscope.__doc__ or "")


if __name__ == "__main__":
    unittest.main()
