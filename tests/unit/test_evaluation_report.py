"""Reports: statistics against values worked out by hand, files that are the same when made again, and hostile texts escaped."""

import json
import re
import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consilium_cli.evaluation.calibration import calibrate
from consilium_cli.evaluation.cases import DataError
from consilium_cli.evaluation.drawing import PAPER, TONES, Box, Drawing, Line, Words
from consilium_cli.evaluation.output import compared, write
from consilium_cli.evaluation.page import page
from consilium_cli.evaluation.paired import compare, mcnemar, outcome_lines, read_outcomes
from consilium_cli.evaluation.report import Report
from consilium_cli.evaluation.result import Miss, SetResult
from consilium_cli.evaluation.scoring import known, mean, share
from consilium_cli.evaluation.timing import Stopwatch

HOSTILE = "<script>alert(1)</script>\"'&<img src=x onerror=alert(1)>"


def report(name: str = "made up") -> Report:
    result = SetResult(
        name=name,
        n=4,
        figures=known(p_at_1=share([True, True, False, True]), map_at_10=mean([0.5, 1, 0.25, 0.75]), called=mean([1, 2, 1, 3])),
        parts={name: SetResult(name=name, n=1, figures=known(p_at_1=share([True])))},
        confusion={(name, "got"): 3, ("right", name): 1},
        misses=(Miss(name, "right", name, (name, "read: nothing")),),
        not_held={name: 2},
        outcomes={"p_at_1": {"a": True, "b": True, "c": False, name: True}},
        calibration=calibrate([(0.9, True), (0.8, False), (0.1, False), (0.15, False)]),
    )
    return Report("retrieval", [result, result], {"shared": "abc"}, "a")


def test_calibration_is_as_worked_out_by_hand() -> None:
    curve = calibrate([(0.95, True), (0.92, True), (0.91, False), (0.2, False), (0.25, True)])
    assert curve is not None
    assert [(each.n, round(each.stated, 4), round(each.hits.value, 4)) for each in curve.bins] == [
        (2, 0.225, 0.5),
        (3, 0.9267, 0.6667),
    ]
    # (2 * |0.225 - 0.5| + 3 * |0.92667 - 0.66667|) / 5
    assert curve.error == pytest.approx((0.55 + 0.78) / 5)
    assert curve.brier.value == pytest.approx((0.05**2 + 0.08**2 + 0.91**2 + 0.2**2 + 0.75**2) / 5)


def test_calibration_of_nothing_and_of_no_probability() -> None:
    assert calibrate([]) is None
    with pytest.raises(ValueError, match="between 0 and 1"):
        calibrate([(1.2, True)])


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40))
def test_a_calibration_counts_every_statement_once(statements: list[tuple[float, bool]]) -> None:
    curve = calibrate(statements)
    assert curve is not None
    assert sum(each.n for each in curve.bins) == len(statements)
    assert 0 <= curve.error <= 1
    assert curve.brier.low - 1e-9 <= curve.brier.value <= curve.brier.high + 1e-9 or len(statements) < 3


@pytest.mark.parametrize(
    ("one", "other", "p"),
    # Binomial tails: 2 * (1 + 5) / 2**5 = 0.375; 2 * 1 / 2**6; 2 * (1 + 10 + 45) / 2**10; nothing differs; the middle.
    [(1, 4, 0.375), (0, 6, 0.03125), (2, 8, 0.109375), (0, 0, 1.0), (5, 5, 1.0)],
)
def test_mcnemar_is_the_exact_binomial(one: int, other: int, p: float) -> None:
    assert mcnemar(one, other) == pytest.approx(p)
    assert mcnemar(other, one) == pytest.approx(p)


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.tuples(st.booleans(), st.booleans()), min_size=1))
def test_a_pair_counts_every_case_and_turns_around(cases: dict[str, tuple[bool, bool]]) -> None:
    ours, theirs = ({case: pair[side] for case, pair in cases.items()} for side in (0, 1))
    pair, back = compare("top1", "them", ours, theirs), compare("top1", "us", theirs, ours)
    assert pair is not None
    assert back is not None
    assert pair.n == len(cases)
    assert (pair.ours, pair.theirs, pair.p) == (back.theirs, back.ours, back.p)
    assert pair.difference.value == pytest.approx(-back.difference.value)
    assert pair.difference.low <= pair.difference.value <= pair.difference.high or len(cases) < 3


def test_cases_that_only_one_has_are_left_out() -> None:
    pair = compare("top1", "them", {"a": True, "b": True, "c": False}, {"b": False, "c": False, "d": True})
    assert pair is not None
    assert (pair.n, pair.ours, pair.theirs, pair.neither) == (2, 1, 0, 1)
    assert compare("top1", "them", {"a": True}, {"b": True}) is None


def test_outcomes_come_back_as_they_were_written(tmp_path: Path) -> None:
    file = tmp_path / "outcomes.jsonl"
    file.write_text(outcome_lines("us", report(HOSTILE).sets[:1]), "utf-8")
    assert read_outcomes(file) == {(HOSTILE, "p_at_1"): {"us": {"a": True, "b": True, "c": False, HOSTILE: True}}}


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ('{"system": "x", "set": "s", "figure": "f", "case": "a"}', "line 1: .*right"),
        ('\n{"system": "x", "set": "s", "figure": "f", "case": "a", "right": 1}', "line 2: right is true or false, not 1"),
        ("{broken", "line 1: "),
        ("[]", "line 1: "),
        ("", "holds no outcomes"),
        ('{"system": "x", "set": "s", "figure": "f", "case": "a", "right": true}\n' * 2, "line 2: case 'a' stands twice"),
    ],
)
def test_outcomes_that_are_none_are_refused_with_their_line(tmp_path: Path, content: str, complaint: str) -> None:
    file = tmp_path / "theirs.jsonl"
    file.write_text(content, "utf-8")
    with pytest.raises(DataError, match=complaint):
        read_outcomes(file)
    with pytest.raises(DataError, match="cannot be read"):
        read_outcomes(tmp_path / "absent.jsonl")


def test_a_report_is_compared_case_by_case(tmp_path: Path) -> None:
    file = tmp_path / "theirs.jsonl"
    theirs = [("a", True), ("b", False), ("c", False), ("z", True)]
    file.write_text(
        "\n".join(
            json.dumps({"system": "them", "set": "made up", "figure": "p_at_1", "case": case, "right": right})
            for case, right in theirs
        ),
        "utf-8",
    )
    (pair,) = compared(report(), file).sets[0].paired
    assert (pair.against, pair.n, pair.both, pair.ours, pair.theirs, pair.neither) == ("them", 3, 1, 1, 0, 1)
    shown = compared(report(), file).as_json(0)
    assert shown["paired"][0]["p_mcnemar_exact"] == 1.0  # type: ignore[index]
    file.write_text(file.read_text("utf-8").replace("made up", "other"), "utf-8")
    with pytest.raises(DataError, match="in common"):
        compared(report(), file)


def test_a_report_is_a_folder_that_is_the_same_when_made_again(tmp_path: Path) -> None:
    write(report(), tmp_path / "one", 10, {"reading": {"n": 1, "median_ms": 1.0, "p95_ms": 2.0}})
    write(report(), tmp_path / "two" / "deep", 10)
    names = sorted(file.name for file in (tmp_path / "one").iterdir())
    assert names == [
        *(f"made-up{more}-{plot}.png" for more in ("-2", "") for plot in ("calibration", "confusion", "figures")),
        "outcomes.jsonl",
        "report.html",
        "report.json",
        "timings.json",
    ]
    for name in set(names) - {"timings.json"}:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / "deep" / name).read_bytes()


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(DataError, match="cannot be written"):
        write(report(), tmp_path / "file", 10)


def test_hostile_texts_are_escaped_and_nothing_is_fetched() -> None:
    html = page(report(HOSTILE), 10)
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;" in html
    assert not re.search(
        r"""(?:src|href)\s*=|url\(|@import|javascript:""", re.sub(r"&[a-z#0-9]+;", "", html).replace("src=x", "")
    )
    assert "default-src 'none'" in html
    assert "prefers-color-scheme:dark" in html


def test_a_page_shows_shares_in_per_cent_and_counts_as_they_are() -> None:
    html = page(report(), 0)
    assert "75% (30%-95%)" in html
    assert "1.75 (" in html
    assert "worst" not in html


def test_a_png_is_one_that_anybody_can_read() -> None:
    png = Drawing(20, 10, "a", [Box(0, 0, 10, 10), Line(0, 5, 20, 5), Words(2, 8, "Añ?電 9")]).png()
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    at, kinds, pixels = 8, [], b""
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        kind, content = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        assert struct.unpack(">I", png[at + 8 + length : at + 12 + length])[0] == zlib.crc32(kind + content)
        kinds.append(kind)
        pixels += zlib.decompress(content) if kind == b"IDAT" else b""
        at += 12 + length
    assert kinds == [b"IHDR", b"IDAT", b"IEND"]
    assert len(pixels) == 20 * (1 + 40 * 3)
    first_row = set(zip(pixels[1:121:3], pixels[2:121:3], pixels[3:121:3], strict=True))
    assert {TONES["accent"], PAPER} <= first_row


def test_a_stopwatch_tells_median_and_95th_percentile() -> None:
    times = iter([at for n in range(1, 21) for at in (100.0 * n, 100.0 * n + n)])
    watch = Stopwatch(lambda: next(times))
    for _ in range(20):
        with watch.stage("reading"):
            pass
    assert watch.timings() == {"reading": {"n": 20, "median_ms": 10500.0, "p95_ms": 19000.0}}
