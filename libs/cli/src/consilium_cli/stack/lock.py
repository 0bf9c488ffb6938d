"""The hold that one supervisor has on a state folder. The kernel lets go of it when the process ends, however it ends."""

import fcntl
import os
import time
from pathlib import Path

from consilium_common.errors import ConsiliumError

PATIENCE_S = 0.5  # somebody who asks who holds it holds it for an instant, too


class LockError(ConsiliumError):
    """The lock file cannot be used."""

    def __init__(self, message: str) -> None:
        super().__init__("lock", message)


class AlreadyRunningError(ConsiliumError):
    """Another supervisor holds this state folder."""

    def __init__(self, folder: Path, pid: int | None) -> None:
        known = f" (process {pid})" if pid else ""
        super().__init__("already_running", f"Consilium already runs on {folder}{known}; `consilium down` stops it.")


class Lock:
    """A lock file, held. It holds the process id of its holder."""

    def __init__(self, file: Path) -> None:
        """Take the lock.

        Raises:
            AlreadyRunningError: when another process has it.
            LockError: when the file cannot be written.
        """
        try:
            self._fd = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise LockError(f"{file} cannot be written ({error.strerror}).") from None
        patience_ends = time.monotonic() + PATIENCE_S
        while not (taken := _take(self._fd)) and time.monotonic() < patience_ends:
            time.sleep(0.02)
        if not taken:
            os.close(self._fd)
            raise AlreadyRunningError(file.parent, holder(file))
        os.truncate(self._fd, 0)
        os.pwrite(self._fd, str(os.getpid()).encode(), 0)

    def release(self) -> None:
        """Let go of it."""
        os.truncate(self._fd, 0)
        os.close(self._fd)


def holder(file: Path) -> int | None:
    """Return the process id of who holds a lock file, or None when nobody does.

    Raises:
        LockError: when the file cannot be read.
    """
    try:
        with file.open("r+b") as opened:
            text = b"" if _take(opened.fileno()) else opened.read().strip()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise LockError(f"{file} cannot be read ({error.strerror}); delete it when nothing runs.") from None
    return int(text) if text.isdigit() else None


def _take(fd: int) -> bool:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
