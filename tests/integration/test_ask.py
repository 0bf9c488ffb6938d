"""`consilium ask` from the outside: with a stack that runs, and with none."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.stack import Stack


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack that runs, with a gateway that answers the same to everything."""
    made = Stack.at(tmp_path_factory.mktemp("ask"))
    made.up()
    try:
        made.ready()
        yield made
    finally:
        made.close()


def test_what_happens_is_shown(stack: Stack) -> None:
    asked = stack.run("ask", "my chest hurts")
    assert asked.returncode == 0, asked.stderr
    assert "EMERGENCY · now" in asked.stdout
    assert "cardiology" in asked.stdout
    assert asked.stdout.count("Call for help now.") == 1


def test_raw_events_are_printed_once_each_although_the_stream_was_cut(stack: Stack) -> None:
    asked = stack.run("ask", "--json", "my chest hurts")
    assert asked.returncode == 0
    assert [json.loads(line)["seq"] for line in asked.stdout.splitlines()] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(("message", "code"), [("fail", 1), ("silence", 3)])
def test_the_exit_code_says_how_it_ended(stack: Stack, message: str, code: int) -> None:
    assert stack.run("ask", message).returncode == code


def test_a_refusal_is_one_sentence(stack: Stack) -> None:
    refused = stack.run("ask", "x" * 1001)
    assert (refused.returncode, refused.stderr.strip()) == (2, "consilium: The message is too long.")


def test_a_gateway_elsewhere_needs_a_token_and_an_address_that_answers(stack: Stack) -> None:
    url = f"http://127.0.0.1:{stack.parts()['gateway-fake']['port']}"
    assert stack.run("ask", "hello", "--url", url).returncode == 2
    assert stack.run("ask", "hello", "--url", url, "--token", "wrong").returncode == 2
    token = stack.run("token", "--ttl", "60").stdout.strip()
    assert stack.run("ask", "hello", "--url", url, "--token", token).returncode == 0
    nobody = stack.run("ask", "hello", "--url", "http://127.0.0.1:9", "--token", token)
    assert nobody.returncode == 2
    assert "No gateway answers at http://127.0.0.1:9" in nobody.stderr


def test_what_does_not_run_is_started_for_the_question_and_stopped_after_it(tmp_path: Path) -> None:
    made = Stack.at(tmp_path)
    asked = made.run("ask", "--json", "my chest hurts", timeout_s=120)
    assert asked.returncode == 0, asked.stderr
    assert len(asked.stdout.splitlines()) == 5
    assert "ready after" in asked.stderr
    assert "Everything has stopped." in asked.stderr
    assert not made.left()
