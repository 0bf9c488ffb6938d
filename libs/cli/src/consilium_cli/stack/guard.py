"""Become another program that cannot outlive its parent: `python -I -S guard.py PARENT_PID SIGNAL PROGRAM ARGUMENTS…`.

The kernel then sends SIGNAL when the parent is gone, even when it was killed. A session of its own keeps Ctrl-C in the terminal
from reaching the program: only the supervisor hears it, and stops everything in order. Standard library only, and little of it,
since this runs before every start.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG, PR_SET_NAME = 1, 15  # linux/prctl.h


def die_with_parent(parent_pid: int, number: int) -> None:
    """Ask the kernel for `number` when the parent ends; leave at once when it has already. Only Linux can do this."""
    _prctl(PR_SET_PDEATHSIG, number)
    if os.getppid() != parent_pid:
        raise SystemExit(f"the process {parent_pid} that started this has gone")


def name_process(name: str) -> None:
    """Let `top` and `ps -o comm` call this process so; the kernel keeps 15 characters. Only Linux can do this."""
    _prctl(PR_SET_NAME, name.encode())


def _prctl(option: int, value: int | bytes) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


def main(arguments: list[str]) -> None:
    """Replace this process with the program in the arguments."""
    parent_pid, number, *command = arguments
    os.setsid()
    die_with_parent(int(parent_pid), int(number))
    for inherited in (signal.SIGINT, signal.SIGTERM, signal.SIGPIPE):  # a shell's `&` and Python leave these ignored
        signal.signal(inherited, signal.SIG_DFL)
    os.execvp(command[0], command)  # noqa: S606 - the whole point: no shell, no parent in between


if __name__ == "__main__":
    main(sys.argv[1:])
