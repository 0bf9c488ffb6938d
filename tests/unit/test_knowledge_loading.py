"""A broken knowledge file is refused whole, with its place and the reason; content that does not hold together is named."""

from pathlib import Path

import pytest

from consilium_common.contracts.knowledge import FindingConcept
from consilium_common.knowledge import KnowledgeError, lint, load_pack
from consilium_common.knowledge.loading import Pack, SharedKnowledge, read_shared

CONDITION = """
conditions:
  - id: a-condition
    name: A condition
    icd10: A00
    prevalence: {per_100k_year: 10}
    findings:
      - {id: one, present: 0.5, elsewhere: 0.1}
      - {id: two, present: 0.5, elsewhere: 0.1}
      - {id: three, present: 0.5, elsewhere: 0.1}
    triage: routine
    about: &long "A sentence that is long enough to be accepted by the schema, which wants eighty characters of it."
    presentation: *long
    tests: *long
    treatment: *long
    seek_help: *long
    workup: [{do: Look, kind: test, source: a-source}]
    management: [{do: Rest, source: a-source}]
    sources: [a-source]
"""


def write(folder: Path, text: str, name: str = "file.yaml") -> Path:
    (folder / name).write_text(text, "utf-8")
    return folder


def shared_of(*findings: FindingConcept) -> SharedKnowledge:
    return SharedKnowledge({finding.id: finding for finding in findings}, (), {}, {}, "test")


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("findings: [", 2, "not valid YAML"),
        ("- a list", None, "a mapping with"),
        ("findings:\n  - id: one\n    name: One\n    layy: [one]\n", 4, "layy: Extra inputs"),
        ("findings:\n  - id: One\n    name: One\n", 2, "findings.0.id"),
        ("findings:\n  - id: one\n    name: One\n    lay: [no]\n", 4, "valid string"),
        ("findings:\n  - id: one\n    name: One\n    name: Two\n", 4, "'name' stands twice"),
        ("findings:\n  - {id: one, name: One}\n  - {id: one, name: Again}\n", None, "'one' is already defined"),
    ],
)
def test_a_broken_file_is_refused_with_its_place(tmp_path: Path, text: str, line: int | None, reason: str) -> None:
    with pytest.raises(KnowledgeError) as caught:
        read_shared(write(tmp_path, text))
    assert caught.value.file == "file.yaml"
    assert caught.value.line == line
    assert reason in caught.value.message
    assert caught.value.code == "knowledge_refused"


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file.yaml").write_bytes(b"findings: \xff\xfe")
    with pytest.raises(KnowledgeError):
        read_shared(tmp_path)


@pytest.mark.parametrize(
    ("text", "reason"),
    [("findings: []", "there is no condition here"), (CONDITION + "red_flags: []\n", None)],
)
def test_what_a_pack_must_hold(tmp_path: Path, text: str, reason: str | None) -> None:
    write(tmp_path, text)
    if reason is None:
        assert [condition.id for condition in load_pack(tmp_path).conditions] == ["a-condition"]
    else:
        with pytest.raises(KnowledgeError, match=reason):
            load_pack(tmp_path)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="does not exist"):
        load_pack(tmp_path / "nowhere")


def test_conditions_outside_a_pack_are_refused(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="specialist's pack"):
        read_shared(write(tmp_path, CONDITION))


def test_the_version_changes_with_the_content_only(tmp_path: Path) -> None:
    first = load_pack(write(tmp_path, CONDITION)).version
    assert load_pack(tmp_path).version == first
    assert load_pack(write(tmp_path, CONDITION.replace("Rest", "Walk"))).version != first


def test_lint_names_what_leads_nowhere(tmp_path: Path) -> None:
    pack = load_pack(write(tmp_path, CONDITION))
    problems = [complaint.problem for complaint in lint(shared_of(), {"gp": pack})]
    assert any("'one' is not defined" in problem for problem in problems)
    assert any("source 'a-source' is not defined" in problem for problem in problems)
    assert any("nobody can reach it" in problem for problem in problems)


def test_lint_names_a_phrase_with_two_meanings_and_a_cycle() -> None:
    ache = FindingConcept(id="ache", name="Ache", lay=("pains in my chest",), is_a=("pain",))
    pain = FindingConcept(id="pain", name="Pain", lay=("chest pain",), is_a=("ache",))
    problems = [complaint.problem for complaint in lint(shared_of(ache, pain), {})]
    assert sum("also means" in problem for problem in problems) == 2
    assert sum("leads back to itself" in problem for problem in problems) == 2


def test_lint_names_what_a_pack_defines_again(tmp_path: Path) -> None:
    pack = load_pack(write(tmp_path, CONDITION + "findings: [{id: one, name: One, lay: [one]}]\n"))
    mine = Pack(pack.conditions, pack.findings, {}, {}, "test")
    problems = [str(complaint) for complaint in lint(shared_of(FindingConcept(id="one", name="One")), {"gp": mine})]
    assert "gp: one: the shared knowledge already defines this id; use that one" in problems


@pytest.mark.parametrize(
    ("uses", "reason"),
    [
        ("{calculator: heart}", "needs 'findings', 'conditions' or 'vitals'"),
        ("{calculator: heart, findings: [one], when: now}", "Extra inputs"),
        ("{calculator: heart, findings: [one]}, {calculator: heart, vitals: [inr]}", "is already defined"),
    ],
)
def test_a_use_of_a_calculator_that_says_too_little_or_twice_is_refused(tmp_path: Path, uses: str, reason: str) -> None:
    with pytest.raises(KnowledgeError, match=reason):
        load_pack(write(tmp_path, CONDITION + f"calculators: [{uses}]\n"))


def test_calculators_are_chosen_in_packs_only(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="belongs into a specialist's pack"):
        read_shared(write(tmp_path, "calculators: [{calculator: heart, vitals: [inr]}]\n"))


def test_lint_names_a_calculator_that_does_not_exist_or_lacks_what_it_needs(tmp_path: Path) -> None:
    uses = "calculators: [{calculator: hart, vitals: [inr]}, {calculator: heart, conditions: [elsewhere]}]\n"
    problems = [str(complaint) for complaint in lint(shared_of(), {"gp": load_pack(write(tmp_path, CONDITION + uses))})]
    assert any("gp: hart: there is no such calculator" in problem for problem in problems)
    assert any(
        "gp: heart: the calculator is used for 'elsewhere', which the pack does not have" in problem for problem in problems
    )
    assert any("gp: heart: the calculator needs the finding 'troponin-normal'" in problem for problem in problems)
    assert any("gp: heart: the source 'heart-six-2008' is not defined" in problem for problem in problems)
