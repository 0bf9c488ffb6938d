"""The sizes that keep files readable in one sitting, and what must not stand in the repository."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = sorted([*ROOT.glob("libs/*/src/**/*.py"), *ROOT.glob("services/*/src/**/*.py")])
TESTS = sorted(ROOT.glob("tests/**/*.py"))
FILE_LIMIT, TEST_LIMIT, FUNCTION_LIMIT = 400, 600, 60
VAGUE = {"utils.py", "helpers.py", "manager.py", "misc.py", "common.py"}


def test_there_is_code_to_look_at():
    assert len(CODE) > 50


@pytest.mark.parametrize(("files", "limit"), [(CODE, FILE_LIMIT), (TESTS, TEST_LIMIT)], ids=["code", "tests"])
def test_no_file_is_too_long(files, limit):
    long = {str(file.relative_to(ROOT)): n for file in files if (n := len(file.read_text("utf-8").splitlines())) > limit}
    assert not long, f"split by what it does (limit {limit} lines)"


def test_no_function_is_too_long():
    long = {}
    for file in CODE:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno - node.lineno >= FUNCTION_LIMIT:
                long[f"{file.relative_to(ROOT)}:{node.name}"] = node.end_lineno - node.lineno + 1
    assert not long, f"a function ends within {FUNCTION_LIMIT} lines"


def test_every_file_is_named_after_what_it_does():
    assert not [file for file in CODE if file.name in VAGUE]


def test_subjects_stand_in_one_file():
    literal = re.compile(r"""["']consilium\.v1\.(consult|specialist|case|event|deadline|ingest|dead|cancel|embed)""")
    assert not [file.name for file in CODE if file.name != "subjects.py" and literal.search(file.read_text("utf-8"))]


def test_every_decision_is_listed():
    pages = {page.name for page in (ROOT / "docs/adr").glob("0*.md")}
    index = (ROOT / "docs/adr/README.md").read_text("utf-8")
    assert {name for name in pages if f"({name})" in index} == pages
    assert set(re.findall(r"\((0\d+[^)]+\.md)\)", index)) == pages


def test_what_decisions_are_kept_by_exists():
    """An ADR that names a test which is not there promises nothing."""
    named = {
        (page.name, path)
        for page in (ROOT / "docs/adr").glob("0*.md")
        for path in re.findall(r"`(tests/[\w/]+(?:\*?\.py)?)`", page.read_text("utf-8"))
    }
    assert not [entry for entry in sorted(named) if not list(ROOT.glob(entry[1]))]
