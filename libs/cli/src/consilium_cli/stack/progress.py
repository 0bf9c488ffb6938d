"""What `consilium up` says on the terminal while it works."""

import time

from rich.console import Console
from rich.markup import escape

from consilium_cli.stack.part import Part
from consilium_cli.stack.status import PartStatus, State, Status


class Progress:
    """Prints a line when a part becomes ready for the first time, and whenever one ends, fails or comes back."""

    def __init__(self, console: Console, quiet: bool = False) -> None:
        self._console = console
        self._quiet = quiet
        self._began = time.monotonic()
        self._last_said: dict[str, str] = {}
        self._seen_ready: set[str] = set()

    @property
    def elapsed_s(self) -> float:
        """Return the seconds since the start."""
        return time.monotonic() - self._began

    def show(self, status: Status, part: Part) -> None:
        """Say what changed, if it is worth a line."""
        now = part.status
        if now.state is State.READY and now.name not in self._seen_ready:
            self._seen_ready.add(now.name)
            self._good(f"{now.name:<14} ready after {self.elapsed_s:5.1f} s   ({len(self._seen_ready)} of {len(status.parts)})")
        elif now.state is State.READY:
            self._last_said.pop(now.name, None)
            self._good(f"{now.name:<14} is ready again")
        elif now.detail and not _waits_to_be_started(now) and not self._was_said(now):
            self._bad(f"{now.name:<14} {now.detail}")

    def _was_said(self, now: PartStatus) -> bool:
        """Return whether this is the same trouble as last time; one that fails again and again says so once."""
        before, self._last_said[now.name] = self._last_said.get(now.name), now.detail
        return before == now.detail

    def say(self, text: str) -> None:
        """Print a line, unless quiet."""
        if not self._quiet:
            self._console.print(text, highlight=False, soft_wrap=True)

    def _good(self, text: str) -> None:
        self.say(f"  [green]✓[/] {escape(text)}")

    def _bad(self, text: str) -> None:
        self._console.print(f"  [yellow]![/] {escape(text)}", highlight=False, soft_wrap=True)


def _waits_to_be_started(status: PartStatus) -> bool:
    return status.state is State.STARTING and status.pid is None
