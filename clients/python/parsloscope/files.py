"""Files whose names can be foreseen, in folders that may be shared.

Only files are opened: at a pipe, opening waits for another program, a device may never end, and a
link leads to a file that is somebody else's.
"""

import os
import stat
from typing import Optional

# Where a system does not know of one of these, it is 0.
_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
_CAREFUL = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)


def open_file(path: "str | os.PathLike[str]", flags: int = os.O_RDONLY, *,
              links: bool = False) -> int:
    """Opens a regular file without waiting for anybody; a new one is its owner's alone.

    Raises OSError when something else is there, a link too unless `links` are followed.
    """
    handle = os.open(path, flags | _CAREFUL | (0 if links else _NOFOLLOW), 0o600)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(f"{os.fspath(path)} is no file; take it away, or name another")
    except BaseException:
        os.close(handle)
        raise
    return handle


def read_short(path: "str | os.PathLike[str]", limit: int, *, links: bool = False,
               owned: bool = False) -> bytes:
    """All that is in a short file.

    Raises OSError when it cannot be read; ValueError when it has more bytes than `limit`, or when
    it is `owned` by somebody else than this user or root where it may not be.
    """
    with os.fdopen(open_file(path, links=links), "rb") as file:
        if owned and not _is_ours(os.fstat(file.fileno()).st_uid):
            raise ValueError(f"{os.fspath(path)} belongs to another user")
        data = file.read(limit + 1)
    if len(data) > limit:
        raise ValueError(f"{os.fspath(path)} has more than {limit} bytes")
    return data


def _is_ours(owner: int) -> bool:
    uid: Optional[int] = os.getuid() if hasattr(os, "getuid") else None
    return uid is None or owner in (uid, 0)
