"""Parsl's database URLs."""

import os


def database_of(endpoint: str) -> str:
    """The absolute path of the SQLite file that a logging_endpoint names.

    Raises ValueError for what is not a file of SQLite.
    """
    scheme, _, rest = endpoint.partition("://")
    path = rest.partition("?")[0]
    named = path.startswith("/") and path[1:] not in ("", ":memory:")
    if scheme.partition("+")[0] != "sqlite" or not named:
        raise ValueError(
            f"Parsloscope keeps its data in an SQLite file: logging_endpoint is to be like "
            f"sqlite:////abs/path/monitoring.db, not {endpoint!r}")
    return os.path.abspath(path[1:])
