"""The second line of defence in logs: whatever reaches a log line, nobody's name, number or words stand in it."""

import asyncio
import io
import json
import logging
import sys
import threading

import pytest

from consilium_common.safelog import SafeFormatter, log_what_nobody_catches

CANARIES = {
    "Zebulon": "My name is Zebulon Quix and my chest hurts",
    "zebulon": "my name is zebulon and i live in leeds",
    "Hopkinsville": "seen at Hopkinsville General Hospital by Dr. Strange",
    "123-45-6789": "SSN 123-45-6789",
    "SJH-987654": "(MRN: SJH-987654)",
    "555-1234": "call (310) 555-1234",
    "quix@example.com": "write to quix@example.com",
    "1961": "born on 3 May 1961",
    "Acacia": "lives at 12 Acacia Avenue, Springfield",
}


@pytest.fixture
def line():
    """Return a function that logs through a handler with the formatter and returns the line as an object."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(SafeFormatter("%(levelname)s %(name)s %(message)s", rename_fields={"name": "logger"}))
    loggers = [logging.getLogger(name) for name in ("consilium_test", "some.library", "asyncio")]
    for logger in loggers:
        logger.addHandler(handler)
        logger.propagate = False
    yield lambda: json.loads(written.getvalue().splitlines()[-1])
    for logger in loggers:
        logger.removeHandler(handler)
        logger.propagate = True


@pytest.mark.parametrize(("secret", "words"), CANARIES.items())
@pytest.mark.parametrize("level", [logging.DEBUG, logging.WARNING, logging.CRITICAL])
def test_no_canary_stands_in_a_message_an_argument_or_an_extra(line, secret: str, words: str, level: int):
    library = logging.getLogger("some.library")
    library.setLevel(logging.DEBUG)
    library.log(level, words)
    assert secret not in json.dumps(line())
    logging.getLogger("consilium_test").log(logging.ERROR, "could not read %s", words)
    assert secret not in json.dumps(line())
    extra = {"error": words, "nested": {"list": [words, {words: 1}]}, "raised": ValueError(words)}
    logging.getLogger("consilium_test").error("could not read", extra=extra)
    assert secret not in json.dumps(line())
    assert line()["raised"] == "ValueError"


def test_a_task_that_nobody_waited_for_is_logged_without_the_words_of_its_exception(line):
    async def main() -> None:
        async def fail() -> None:
            raise ValueError(CANARIES["Zebulon"])

        task = asyncio.ensure_future(fail())
        await asyncio.sleep(0)
        del task

    asyncio.run(main())
    shown = line()
    assert shown["message"] == "Task exception was never retrieved"
    assert shown["exc_info"].startswith("ValueError at test_safelog.py")
    assert "Zebulon" not in json.dumps(shown)


def test_what_operators_look_for_stays(line):
    told = {
        "consult": "c_0192f3a4b5c6d7e8f90123456789abcdef01",
        "subject": "consilium.v1.event.gateway-1.c_0192f3a4b5c6.step.gp",
        "address": "nats://127.0.0.1:4222",
        "code": "bus-away",
        "took_s": 0.25,
        "port": 8000,
        "first": True,
        "left": None,
    }
    logging.getLogger("consilium_test").error("could not be handed over; trying again", extra=told)
    shown = line()
    assert {name: shown[name] for name in told} == told
    assert shown["message"] == "could not be handed over; trying again"


@pytest.fixture
def hooks():
    before = sys.excepthook, threading.excepthook, sys.unraisablehook
    log_what_nobody_catches()
    yield
    sys.excepthook, threading.excepthook, sys.unraisablehook = before


def test_what_nobody_catches_is_logged_by_kind_and_never_printed(hooks, caplog, capsys):
    def fail() -> None:
        raise ValueError(CANARIES["Zebulon"])

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    try:
        fail()
    except ValueError as error:
        sys.excepthook(ValueError, error, error.__traceback__)
    assert [record.message for record in caplog.records] == ["uncaught", "uncaught"]
    assert "Zebulon" not in capsys.readouterr().err
    formatted = [SafeFormatter("%(message)s").format(record) for record in caplog.records]
    assert not [text for text in formatted if "Zebulon" in text]
    assert all("ValueError at test_safelog.py" in text for text in formatted)
