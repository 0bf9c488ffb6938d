"""Log lines that hold no patient's words even where somebody forgot: the second defence behind "log ids and counts only".

Exceptions become their type and place. Everything else that is written, extras included, passes the redactor. What Python
itself prints when nobody catches an exception is logged the same way, instead of with its message.
"""

import logging
import re
import sys
import threading
import traceback
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from consilium_common.security.redaction import Redactor

log = logging.getLogger(__name__)

# Our own words for where and when: nothing that a patient says can reach them.
_OURS = frozenset({"at", "level", "logger", "service", "instance", "exc_info"})
# The addresses of our own servers are what an operator looks for; a patient's address on the net never is a value here.
_redactor = Redactor(leave=("ip", "url"))
# An id, a subject or a name in our code: one word in small letters that says nothing about anybody.
_ID = re.compile(r"[a-z][a-z0-9_.:/>*-]{0,199}")
_LONGEST = 4000  # a longer value is no log line, and would cost more than the line is worth


class SafeFormatter(JsonFormatter):
    """Writes JSON lines without messages of exceptions and without what says who somebody is."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line. What asyncio says in further lines quotes exceptions and arguments: those are left out."""
        if record.name == "asyncio":
            record = logging.makeLogRecord({**record.__dict__, "msg": record.getMessage().partition("\n")[0], "args": ()})
        return super().format(record)

    def add_fields(self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]) -> None:
        """Fill in the fields, and redact all but numbers and what is ours."""
        super().add_fields(log_data, record, message_dict)
        # Our own messages are constants (the linter sees to it); only what is put into one can be a patient's.
        ours = record.name.startswith("consilium") and not record.args and isinstance(record.msg, str)
        for name, value in log_data.items():
            if name not in _OURS and not (ours and name == "message"):
                log_data[name] = _safe(value)

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the standard library's name
        """Return the kind of an exception and its frames: a message may quote the input that caused it."""
        kind, _, frames = ei
        where = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(frames)]
        return f"{kind.__name__} at {' < '.join(reversed(where))}"


def _safe(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, BaseException):
        return type(value).__name__
    if isinstance(value, Mapping):
        return {str(_safe(key)): _safe(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_safe(each) for each in value]
    if isinstance(value, str) and _ID.fullmatch(value):
        return str(value)
    return _redactor.redact(str(value)[:_LONGEST], strict=True).text


def log_what_nobody_catches() -> None:
    """Log uncaught exceptions by type and place, in every thread; Python would print their messages."""

    def uncaught(kind: type[BaseException], error: BaseException, frames: TracebackType | None) -> None:
        if not issubclass(kind, KeyboardInterrupt):
            log.critical("uncaught", exc_info=(kind, error, frames))

    def in_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and not issubclass(args.exc_type, SystemExit):
            uncaught(args.exc_type, args.exc_value, args.exc_traceback)

    def unraisable(args: "sys.UnraisableHookArgs") -> None:
        if args.exc_value is not None:
            uncaught(args.exc_type, args.exc_value, args.exc_traceback)

    sys.excepthook = uncaught
    threading.excepthook = in_thread
    sys.unraisablehook = unraisable
