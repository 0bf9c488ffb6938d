"""A broken pack is refused whole, with file, line and reason, and what is loaded stays."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from consilium_common.contracts.knowledge import FindingConcept, Source
from consilium_common.knowledge import KnowledgeError, load_checked_pack
from consilium_common.knowledge.loading import SharedKnowledge
from consilium_ingestion.loading import KnowledgeLoader

GOOD = """\
sources:
  - {id: a-source, title: A guideline, publisher: Somebody, year: 2024}
conditions:
  - id: a-condition
    name: A condition
    icd10: A00
    prevalence:
      per_100k_year: 10
      age: {"<18": 0.5, "18-64": 1.0}
    findings:
      - {id: one, present: 0.5, elsewhere: 0.1}
      - {id: two, present: 0.5, elsewhere: 0.1}
      - {id: three, present: 0.5, elsewhere: 0.1}
    against: [two]
    triage: routine
    about: &long "A sentence that is long enough to be accepted by the schema, which wants eighty characters of it."
    presentation: *long
    tests: *long
    treatment: *long
    seek_help: *long
    workup:
      - {do: Look, kind: test, source: a-source}
    management:
      - do: Rest
        unless: [three]
        source: a-source
    sources: [a-source]
"""
SHARED = SharedKnowledge(
    {name: FindingConcept(id=name, name=name, lay=(f"{name} thing",)) for name in ("one", "two", "three")},
    (),
    {},
    {"shared-source": Source(id="shared-source", title="T", publisher="P", year=2020)},
    "test",
)


def refused(folder: Path, text: str) -> KnowledgeError:
    (folder / "topic.yaml").write_text(text, "utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load_checked_pack(folder, "gp", SHARED)
    return caught.value


def test_a_pack_that_holds_together_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "topic.yaml").write_text(GOOD, "utf-8")
    assert [each.id for each in load_checked_pack(tmp_path, "gp", SHARED).conditions] == ["a-condition"]


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("    name: A condition", "    name: [A condition", 6, "not valid YAML"),
        ("    icd10: A00", "\ticd10: A00", 6, "not valid YAML"),
        ("id: one, present: 0.5", "id: one, present: 1.5", 11, "less than 1"),
        ("id: two, present: 0.5", "id: two, present: 0", 12, "greater than 0"),
        ("per_100k_year: 10", "per_100k_year: -1", 8, "greater than 0"),
        ("year: 2024", "year: 1492", 2, "greater than or equal to 1900"),
        ("triage: routine", "triage: whenever", 15, "emergency"),
        ("icd10: A00", "icd10: flu", 6, "pattern"),
        ("    against: [two]", "    agaisnt: [two]", 14, "Extra inputs"),
        ("    triage: routine", "    triage: routine\n    triage: emergency", 16, "stands twice"),
        (
            "{id: three, present: 0.5, elsewhere: 0.1}",
            "{id: unknown-finding, present: 0.5, elsewhere: 0.1}",
            13,
            "'unknown-finding'",
        ),
        ("against: [two]", "against: [nothing-known]", 14, "'nothing-known'"),
        ("unless: [three]", "unless: [no-such-allergy]", 25, "'no-such-allergy'"),
        ("- do: Rest", "- do: Rest\n        drug: unobtainium", 25, "'unobtainium'"),
        ("    sources: [a-source]", "    sources: [a-rumour]", 27, "'a-rumour'"),
        ('"<18": 0.5', '"under 18": 0.5', 9, "age band"),
        ('"18-64": 1.0', '"64-18": 1.0', 9, "ends before it starts"),
    ],
)
def test_what_is_broken_is_refused_with_file_line_and_reason(
    tmp_path: Path, old: str, new: str, line: int, reason: str
) -> None:
    assert GOOD.count(old) == 1
    error = refused(tmp_path, GOOD.replace(old, new))
    assert (error.file, error.line) == ("topic.yaml", line)
    assert reason in error.reason
    assert error.message.startswith(f"topic.yaml, line {line}: ")


def test_an_id_that_stands_in_two_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "another.yaml").write_text(GOOD, "utf-8")
    error = refused(tmp_path, GOOD)
    assert "already defined in another.yaml" in error.reason


def test_an_id_of_the_shared_knowledge_is_refused(tmp_path: Path) -> None:
    error = refused(tmp_path, GOOD + "findings:\n  - {id: one, name: One again, lay: [one thing]}\n")
    assert "already defines this id" in error.reason
    assert error.line == 29


def test_one_broken_file_refuses_the_good_ones_too(tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text(GOOD, "utf-8")
    (tmp_path / "zz.yaml").write_text("conditions: [", "utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load_checked_pack(tmp_path, "gp", SHARED)
    assert caught.value.file == "zz.yaml"


CASE = '{"condition": "a-condition", "kind": "chat", "text": "It hurts when I comb my hair"}'


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (CASE.replace('"chat"', '"poem"'), "kind: Input should be"),
        (CASE.replace("a-condition", "another-condition"), "'another-condition', which the pack does not hold"),
        (CASE, "stands twice"),
        (CASE[:-1], "EOF"),
    ],
)
def test_a_case_that_is_none_refuses_the_pack_with_its_line(tmp_path: Path, line: str, reason: str) -> None:
    (tmp_path / "cases.jsonl").write_text(f"{CASE}\n{line}\n", "utf-8")
    error = refused(tmp_path, GOOD)
    assert (error.file, error.line) == ("cases.jsonl", 2)
    assert reason in error.reason


def test_another_case_is_another_version(tmp_path: Path) -> None:
    (tmp_path / "topic.yaml").write_text(GOOD, "utf-8")
    without = load_checked_pack(tmp_path, "gp", SHARED)
    (tmp_path / "cases.jsonl").write_text(CASE + "\n", "utf-8")
    with_one = load_checked_pack(tmp_path, "gp", SHARED)
    assert [case.text for case in with_one.cases] == ["It hurts when I comb my hair"]
    assert with_one.version != without.version


@dataclass
class OnePack:
    """MongoDB's packs with one of them."""

    content: bytes

    async def get(self, specialist: str, version: str) -> bytes:
        return self.content


class Untouchable:
    """A store that must not be touched, since what is loaded would change."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"{name} of a store was called for a broken pack")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"conditions": [{"id": "x"}]}', b'{"conditions": [], "extra": 1}'])
async def test_what_was_published_broken_leaves_the_loaded_version_in_place(content: bytes) -> None:
    untouched: Any = Untouchable()
    packs: Any = OnePack(content)
    loader = KnowledgeLoader(packs, untouched, untouched, untouched, SHARED)
    with pytest.raises(KnowledgeError, match="not a published pack"):
        await loader.load("gp", "2")
