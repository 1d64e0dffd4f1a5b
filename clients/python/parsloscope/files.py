"""Only files are opened: at a pipe, opening waits for another program."""

import os


def need_file(path: "str | os.PathLike[str]") -> None:
    """Raises OSError when something else than a file is there; nothing is fine."""
    if os.path.exists(path) and not os.path.isfile(path):
        raise OSError(f"{os.fspath(path)} is no file; take it away, or name another")
