"""Citing changes what stands at a ``find:`` and nothing else."""

import shutil
from pathlib import Path

from graph_seed import check, cite
from graph_seed.text import hashed_text

FACTS = Path(__file__).parent.parent / "facts"
TEXT = hashed_text((FACTS / "river-talks.txt").read_bytes())


def copied(tmp_path: Path, name: str = "river-talks.draft.yaml") -> Path:
    return Path(shutil.copy(FACTS / name, tmp_path / "made.yaml"))


def test_the_committed_file_is_the_draft_cited(tmp_path: Path) -> None:
    path = copied(tmp_path)
    report = cite(path, TEXT)
    assert report.problems == []
    assert path.read_text("utf-8") == (FACTS / "river-talks.yaml").read_text("utf-8")


def test_comments_order_and_all_other_lines_stay(tmp_path: Path) -> None:
    path = copied(tmp_path)
    before = path.read_text("utf-8").splitlines()
    cite(path, TEXT)
    after = path.read_text("utf-8").splitlines()
    kept = [one for one in before if "find:" not in one]
    assert [one for one in after if " at:" not in one and "sha256:" not in one
            and "length:" not in one and "sentences:" not in one] == kept  # fmt: skip


def test_citing_again_changes_nothing(tmp_path: Path) -> None:
    path = copied(tmp_path, "river-talks.yaml")
    before = path.read_bytes()
    report = cite(path, TEXT)
    assert (report.cited, report.moved) == (0, 0)
    assert report.held > 30
    assert path.read_bytes() == before


def test_passages_follow_a_text_that_changed(tmp_path: Path) -> None:
    path = copied(tmp_path, "river-talks.yaml")
    report = cite(path, "A new first line, 𝔘.\n" + TEXT)
    assert report.problems == []
    assert report.moved > 30
    assert check([path], for_load=True).problems == []


def test_words_that_are_gone_are_said_and_nothing_is_written(tmp_path: Path) -> None:
    path = copied(tmp_path, "river-talks.yaml")
    before = path.read_bytes()
    report = cite(path, TEXT.replace("Two delegates", "Three delegates"))
    assert {p.code for p in report.problems} == {"LOST"}
    assert path.read_bytes() == before


def test_all_words_not_found_are_said_at_once_and_nothing_is_written(tmp_path: Path) -> None:
    path = copied(tmp_path)
    path.write_text(
        path.read_text("utf-8")
        .replace("any toll", "any tol at all")
        .replace("Pell Ørsted\n", "Pel\n"),
        "utf-8",
    )
    before = path.read_bytes()
    report = cite(path, TEXT)
    assert len([p for p in report.problems if p.code == "NOT_FOUND"]) >= 2
    assert path.read_bytes() == before


def test_a_missing_key_is_set_once(tmp_path: Path) -> None:
    path = copied(tmp_path)
    text = path.read_text("utf-8")
    path.write_text(text.replace("- statement: june-warning", "- statement:"), "utf-8")
    assert cite(path, TEXT).keys == 1
    once = path.read_text("utf-8")
    assert "- statement: there-may-be-nothing-left-to" in once
    assert check([path]).valid
    assert cite(path, TEXT).keys == 0


def test_several_passages_are_a_list(tmp_path: Path) -> None:
    path = copied(tmp_path)
    text = path.read_text("utf-8")
    path.write_text(
        text.replace(
            "  find: if dredging begins", "  find: [if dredging begins, for the dredging]"
        ),
        "utf-8",
    )
    assert cite(path, TEXT).problems == []
    facts = check([path], for_load=True)
    assert facts.problems == []
    (record,) = [r for r in facts.facts[0].records if r.id == "issue:dredging"]
    assert len(record.evidence) == 2


def test_more_words_join_what_is_cited(tmp_path: Path) -> None:
    path = copied(tmp_path, "river-talks.yaml")
    text = path.read_text("utf-8")
    head, _, tail = text.partition("- issue: dredging\n")
    path.write_text(f"{head}- issue: dredging\n  find: for the dredging\n{tail}", "utf-8")
    report = cite(path, TEXT)
    assert report.problems == []
    facts = check([path], for_load=True)
    assert facts.problems == []
    (record,) = [r for r in facts.facts[0].records if r.id == "issue:dredging"]
    assert len(record.evidence) == 2


def test_nothing_of_the_source_is_left_but_names_and_quotes(tmp_path: Path) -> None:
    path = copied(tmp_path)
    cite(path, TEXT)
    left = path.read_text("utf-8")
    assert "find:" not in left
    words = TEXT.split()
    runs = [" ".join(words[i : i + 7]) for i in range(len(words) - 7)]
    assert [run for run in runs if run in left] == []
