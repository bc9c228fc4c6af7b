"""Citing changes what stands at a ``find:`` and nothing else."""

import json
import shutil
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_seed import check, cite
from graph_seed.syntax.read import read
from graph_seed.syntax.tree import SyntaxNode
from graph_seed.text import hashed_text

SHORT = "INVENTED. Ada Moreno said the toll is too high. Tarrow opposes it. Nobody else spoke.\n"
SOURCE = "source: {id: source:made, type: x}\n"
FACTS = Path(__file__).parents[2] / "facts"
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


TOLL = "Ada Moreno said the toll is too high."
REST = " Tarrow opposes it. Nobody else spoke."


@pytest.mark.parametrize(
    ("new", "message"),
    [
        (
            "INVENTED. Ada Moreno said the new toll is too high." + REST,
            (
                "“the toll is too high” is no longer in the text; nearest is “the new toll is too "
                "high” in sentence 2 of 4; cite the words anew by find:"
            ),
        ),
        (
            "INVENTED. Ada Moreno said the toll is far, far too high." + REST,
            (
                "“the toll is too high” is no longer in the text; nearest is “the toll is far, far "
                "too high” in sentence 2 of 4; cite the words anew by find:"
            ),
        ),
        (
            "INVENTED. Ada Moreno said the fee is too high." + REST,
            (
                "what was cited here (20 characters, sentence 2 of 4) is no longer in the text; "
                "nearest is “the fee is too high” in sentence 2 of 4; cite the words anew by find:"
            ),
        ),
        (
            "INVENTED. Ada Moreno said the toll is high." + REST,
            (
                "what was cited here (20 characters, sentence 2 of 4) is no longer in the text; "
                "nearest is “the toll is high” in sentence 2 of 4; cite the words anew by find:"
            ),
        ),
    ],
)
@pytest.mark.parametrize("beside", ["", "- {issue: spoke, find: Nobody else}\n"])
def test_lost_words_are_said_with_the_nearest_place(
    tmp_path: Path, new: str, message: str, beside: str
) -> None:
    body = f"entities:\n- issue: toll\n  find: the toll is too high\n{beside}"
    path = made(tmp_path, SOURCE + body)
    assert cite(path, f"INVENTED. {TOLL}{REST}").problems == []
    problems = cite(path, new).problems
    assert [(p.code, p.message) for p in problems] == [("LOST", message)]


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


def made(tmp_path: Path, body: str, name: str = "made.yaml") -> Path:
    path = tmp_path / name
    path.write_bytes(body.encode())
    return path


def whole(path: Path, text: str = SHORT) -> str:
    """Cite a file and see that it is valid then, and that citing again changes nothing."""
    report = cite(path, text)
    assert report.problems == []
    after = path.read_bytes()
    again = cite(path, text)
    assert (again.cited, again.moved, again.keys, again.problems) == (0, 0, 0, [])
    assert path.read_bytes() == after
    assert check([path], for_load=True).problems == []
    return after.decode()


def test_comments_stay_wherever_they_stand(tmp_path: Path) -> None:
    body = (
        "# first\nsource: # the source\n  id: source:made # its id\n  type: x # why\n\n"
        "entities: # who\n# ada\n- person: ada # she\n  # before\n  find: # found by\n"
        "    Ada Moreno # these\n  # after\n  name: Ada\n"
        "- {person: bo, # he\n   find: Nobody, # him\n   name: Bo} # last\n# end"
    )
    after = whole(made(tmp_path, body))
    comments = [line.partition("#")[2] for line in body.splitlines() if "#" in line]
    assert [line.partition("#")[2] for line in after.splitlines() if "#" in line] == comments


@pytest.mark.parametrize(
    "find",
    [
        "find: Ada Moreno",
        'find: "Ada Moreno"',
        "find: >-\n    Ada\n    Moreno\n",
        "find: |\n    Ada Moreno",
        "find: Ada\n    Moreno",
        "find: {from: Ada, to: toll}",
        "find:\n    from: Ada\n    to: toll",
        "find: [Ada Moreno, {from: Tarrow, to: it}]",
        "find:\n  - Ada Moreno\n  - from: Tarrow\n    to: it",
        '"find": Ada Moreno',
        "find: |\n    Ada Moreno\n\n  # c\n",
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_find_may_be_laid_out_in_any_way(tmp_path: Path, find: str, newline: str) -> None:
    body = f"{SOURCE}entities:\n- person: ada\n  aliases:\n  - A\n  {find}\n  name: Ada  # she\n"
    after = whole(made(tmp_path, body.replace("\n", newline)))
    assert after.endswith(f"{newline}  name: Ada  # she{newline}")
    assert after.count("\r\n") == (after.count("\n") if newline == "\r\n" else 0)


def test_lines_are_cited_and_all_else_in_them_stays(tmp_path: Path) -> None:
    lines = [
        '{"source":{"id":"source:made","type":"x"}}',
        '{"person": "ada",  "find": ["Ada Moreno", {"from":"Tarrow","to":"it"}], "size": 2}',
        "",
        '{"statement": null, "says": "Toll: \\u0022high\\u0022", "by": "ada", "find": "the toll"}',
        '{"issue": "toll", "find": "the toll", "aliases": ["\\ud83d\\udc1f", "1.50"]}',
    ]
    path = made(tmp_path, "\r\n".join(lines), "made.jsonl")
    after = whole(path)
    found = [json.loads(line) for line in after.split("\r\n") if line]
    assert [len(one.get("at", ())) for one in found] == [0, 2, 6, 6]
    assert found[2]["statement"] == "toll-high"
    assert '{"person": "ada",  "at": [' in after
    assert after.endswith(', "aliases": ["\\ud83d\\udc1f", "1.50"]}')
    moved = cite(path, "New. " + SHORT)
    assert (moved.moved, moved.problems) == (4, [])
    assert check([path], for_load=True).problems == []


def test_one_of_several_sources_is_cited_by_its_id(tmp_path: Path) -> None:
    two = (
        SOURCE
        + "---\n"
        + SOURCE.replace("made", "other")
        + "entities:\n- person: ada\n  find: Ada\n"
    )
    path = made(tmp_path, two)
    assert [p.code for p in cite(path, SHORT).problems] == ["NOT_ONE_SOURCE"]
    assert [p.code for p in cite(path, SHORT, source="source:no").problems] == ["NOT_ONE_SOURCE"]
    assert cite(path, SHORT, source="source:other").cited == 1
    assert path.read_text("utf-8").startswith(SOURCE + "---\n")


def test_a_locator_follows_a_text_that_grew_behind_it(tmp_path: Path) -> None:
    path = made(tmp_path, SOURCE + "entities:\n- person: ada\n  find: Ada Moreno\n")
    assert "sentence 2 of 4" in whole(path)
    assert "sentence 2 of 5" in whole(path, SHORT + "One more.\n")


def test_citations_written_by_hand_are_completed(tmp_path: Path) -> None:
    path = made(tmp_path, SOURCE + "entities:\n- person: ada\n  find: Ada Moreno\n")
    at = whole(path).partition("sha256: ")[2]
    sha256 = whole(path).rpartition("sha256: ")[2][:64]
    assert at
    block = f"  at:\n  - start: 3\n    end: 13\n    sha256: {sha256}\n  # why\n  name: Ada\n"
    path = made(tmp_path, SOURCE + "entities:\n- person: ada\n" + block)
    after = whole(path)
    assert "start: 10, end: 20, startUtf16: 10" in after
    assert after.endswith("  # why\n  name: Ada\n")


@pytest.mark.parametrize(
    ("body", "line", "column", "code", "words"),
    [
        ("- person: ada\n  find: Bob\n", 4, 9, "NOT_FOUND", "“Bob” is not found"),
        ("- person: ada\n  find: {form: x}\n", 4, 9, "NOT_FOUND", "did you mean 'from'"),
        ("- person: ada\n  find:\n", 4, 3, "NOT_FOUND", "no words"),
        ("- person: ada\n  at: {start: x}\n", 4, 7, "CITATION", "start, end and sha256"),
        ("- person: ada\n  name: &a Nobody\n  find: *a\n", 5, 3, "ALIAS", "here"),
        ("- person: ada\n  find: &a Nobody\n  name: *a\n", 1, 9, "LAYOUT", "one a line"),
        ("- person: ada\n  ? find\n  : Nobody\n", 1, 9, "LAYOUT", "one a line"),
        ("- person: ada\n  find: [Ada]\n  find: Ada\n", 5, 3, "KEY_TWICE", "twice"),
    ],
)
def test_what_cannot_be_cited_is_said_with_its_place(
    tmp_path: Path, body: str, line: int, column: int, code: str, words: str
) -> None:
    path = made(tmp_path, f"{SOURCE}entities:\n{body}")
    before = path.read_bytes()
    (problem,) = cite(path, SHORT).problems
    assert (problem.place.line, problem.place.column, problem.code) == (line, column, code)
    assert words in problem.message
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["made.yaml"], "nothing is left beside it"


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    assert [p.code for p in cite(tmp_path / "none.yaml", SHORT).problems] == ["NO_FILE"]


def test_a_quote_is_held_against_the_text(tmp_path: Path) -> None:
    body = f"{SOURCE}facts:\n- statement: s\n  says: x\n  quote: QUOTE\n  find: FIND\n"

    def said(quote: str, find: str) -> list[tuple[str, str, int]]:
        path = made(tmp_path, body.replace("QUOTE", quote).replace("FIND", find))
        return [(p.code, p.severity, p.place.line) for p in cite(path, SHORT).problems]

    assert said("too high", "{from: Ada, to: opposes it}") == []
    assert said("‘Too  High’", "{from: Ada, to: opposes it}") == [], "as a reader types it"
    assert said("too low", "{from: Ada, to: high}") == [("QUOTE_ELSEWHERE", "error", 5)]
    assert said("opposes it", "{from: Ada, to: high}") == [("QUOTE_ELSEWHERE", "error", 5)]
    # The passage is longer than the sentence, so that offsets alone do not show it.
    whole_one = said("Tarrow opposes it", "{from: Ada, to: spoke}")
    assert whole_one == [("QUOTE_IS_SENTENCE", "error", 5)]


def test_the_file_keeps_its_mode_and_a_link_stays_one(tmp_path: Path) -> None:
    path = made(tmp_path, SOURCE + "entities:\n- person: ada\n  find: Ada Moreno\n")
    path.chmod(0o640)
    link = tmp_path / "link.yaml"
    link.symlink_to(path)
    assert cite(link, SHORT).cited == 1
    assert link.is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert "at: {" in path.read_text("utf-8")


def test_a_text_may_be_given_as_it_lies_on_the_disk(tmp_path: Path) -> None:
    body = SOURCE + "entities:\n- person: ada\n  find: Ada Moreno\n"
    plain, marked = made(tmp_path, body), made(tmp_path, body, "marked.yaml")
    cite(plain, SHORT)
    cite(marked, "\ufeff" + SHORT.replace("\n", "\r\n"))
    assert plain.read_bytes() == marked.read_bytes()


@pytest.mark.parametrize(
    ("record", "key"),
    [
        ("statement:\n  says: 'The toll: too high!'", "the-toll-too-high"),
        ("statement: ''\n  warns: A b c d e f g h", "a-b-c-d-e-f"),
        ("statement: # why\n  by: ada\n  says: 🐟", "statement"),
        ("figure:\n  is: 5 EUR\n  measure: Toll of Osk", "toll-of-osk"),
        ("position:\n  by: person:ada\n  opposes: toll", "ada-opposes-toll"),
        ("affiliation: ~\n  by: ada\n  role: head\n  with: ada", "head"),
    ],
)  # fmt: skip
def test_a_key_is_made_of_what_says_most(tmp_path: Path, record: str, key: str) -> None:
    path = made(tmp_path, f"{SOURCE}facts:\n- {record}\n  find: Ada Moreno\n")
    assert cite(path, SHORT).keys == 1
    (entry,) = read(path)[0][0].entries
    assert entry.key == key
    comments = [line.partition("#")[2] for line in record.splitlines() if "#" in line]
    assert all(one in path.read_text("utf-8") for one in comments)


def test_keys_are_given_once_each(tmp_path: Path) -> None:
    one = "- statement:\n  says: Yes\n  find: Nobody\n"
    path = made(
        tmp_path, f"{SOURCE}facts:\n{one}- statement: yes-2\n  says: Yes\n  find: Ada\n{one}"
    )
    assert cite(path, SHORT).keys == 2
    assert [entry.key for entry in read(path)[0][0].entries] == ["yes", "yes-2", "yes-3"]


WORDS = st.text(alphabet="ab 𝔘水é\n.\"'#:,[]{}-", max_size=12)


@given(
    st.lists(st.tuples(WORDS, st.integers(0, 70), st.integers(1, 15), st.booleans()), max_size=5),
    st.booleans(),
)
def test_citing_any_file_changes_nothing_but_what_is_cited(
    tmp_path_factory: pytest.TempPathFactory,
    records: list[tuple[str, int, int, bool]],
    lines: bool,
) -> None:
    path = tmp_path_factory.mktemp("any") / ("made.jsonl" if lines else "made.yaml")
    said = [
        {"issue": f"i{n}", "name": name}
        | {"find" if first else "aliases": SHORT[at : at + size] if first else [name]}
        | ({} if first else {"find": SHORT[at : at + size]})
        for n, (name, at, size, first) in enumerate(records)
    ]
    source = {"id": "source:made", "type": "x"}
    if lines:
        text = "".join(json.dumps(one) + "\n" for one in [{"source": source}, *said])
    else:
        text = json.dumps({"source": source, "entities": said}, ensure_ascii=False, indent=1)
    path.write_text(text, "utf-8")
    report = cite(path, SHORT)
    if not report.written:
        assert path.read_text("utf-8") == text
        assert {p.code for p in report.problems} == {"NOT_FOUND"}
        return
    for one, entry in zip(said, read(path)[0][0].entries, strict=True):
        kept = {name: _plain(v) for name, v in entry.written.fields.items() if name != "at"}
        assert kept == {name: value for name, value in one.items() if name != "find"}
        at = entry.written.fields["at"].fields
        found = SHORT[int(at["start"].text or "") : int(at["end"].text or "")]
        assert found.split() == str(one["find"]).split()


def _plain(written: SyntaxNode) -> object:
    return (
        [_plain(one) for one in written.value] if isinstance(written.value, list) else written.value
    )


@pytest.mark.parametrize(
    "find",
    [
        'find:\n    from: "Ada"   # A\n    # B "\n    to: high   # C',
        "find:   # A\n  - Ada Moreno   # B\n  # C\n  - too high",
        "find: [Ada Moreno,   # A\n    # B\n    'too high'   # C\n    ]",
    ],
)
def test_comments_within_what_is_cited_by_stay(tmp_path: Path, find: str) -> None:
    path = made(
        tmp_path, f"{SOURCE}entities:\n- person: ada\n  {find}   # D\n- issue: toll\n  find: toll\n"
    )
    assert cite(path, SHORT).problems == []
    text = path.read_text("utf-8")
    assert [one for one in "ABCD" if f"# {one}" in text] == list("ABCD")
    assert check([path], for_load=True).problems == []


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (
            "facts:\n- statement: s\n  says: Ada Moreno said the toll is too high.\n  find: toll\n",
            4,
        ),
        (
            "# ada moreno said: “the toll is\n#   too high”\nfacts:\n- statement: s\n  says: x\n  find: toll\n",
            2,
        ),
    ],
)
def test_no_sentence_of_the_text_is_left_behind(tmp_path: Path, body: str, line: int) -> None:
    path = made(tmp_path, SOURCE + body)
    before = path.read_bytes()
    report = cite(path, SHORT)
    assert [(p.code, p.place.line) for p in report.problems] == [("SENTENCE", line)]
    assert path.read_bytes() == before


LISTED = """Members of the talks:

Alliance of Small Harbour States

Agreement on the Passage of Small Boats.

Who Owns the Sea of Osk?

Ada Moreno said the toll is too high. नदी पर पुल का शुल्क बहुत अधिक है। 港湾使用料は高すぎると大臣は述べた。
"""


@pytest.mark.parametrize(
    "body",
    [
        "entities:\n- organization: alliance-of-small-harbour-states\n  find: Small Harbour\n",
        "entities:\n- organization: harbours\n  name: Alliance of Small Harbour States\n  find: Small Harbour\n",
        "entities:\n- agreement: boats\n  aliases: [Agreement on the Passage of Small Boats]\n  find: Small Boats\n",
        "entities:\n- event: sea\n  eventType: debate\n  name: Who Owns the Sea of Osk?\n  find: Osk\n",
        "# Alliance of Small Harbour States\nentities:\n- person: ada\n  find: Ada Moreno\n",
        "facts:\n- affiliation: member\n  role: Alliance of Small Harbour States\n  find: Ada\n",
        "uses: [organization:alliance-of-small-harbour-states]\nentities:\n- person: ada\n  find: Ada Moreno\n",
    ],
)
def test_a_name_or_a_heading_is_no_sentence(tmp_path: Path, body: str) -> None:
    assert cite(made(tmp_path, SOURCE + body), LISTED).problems == []


@pytest.mark.parametrize(
    "value",
    [
        "Ada Moreno said the toll is too high",
        "नदी पर पुल का शुल्क बहुत अधिक है",
        "港湾使用料は高すぎると大臣は述べた",
    ],
)
def test_a_sentence_is_no_name(tmp_path: Path, value: str) -> None:
    body = f"entities:\n- issue: toll\n  aliases: [{value}]\n  find: too high\n"
    problems = cite(made(tmp_path, SOURCE + body), LISTED).problems
    assert {(p.code, p.place.line) for p in problems} == {("SENTENCE", 4)}


def test_of_several_sources_one_is_cited(tmp_path: Path) -> None:
    other = SOURCE.replace("made", "other")
    entity = "entities:\n- person: ada\n  find: Ada Moreno\n"
    path = made(tmp_path, f"{SOURCE}{entity}---\n{other}{entity}")
    assert [p.code for p in cite(path, SHORT).problems] == ["NOT_ONE_SOURCE"]
    assert cite(path, SHORT, source="source:other").cited == 1
    assert path.read_text("utf-8").count("find:") == 1


def test_a_json_object_has_no_order(tmp_path: Path) -> None:
    path = tmp_path / "made.jsonl"
    lines = [
        {"source": {"type": "x", "id": "source:made"}},
        {"aliases": ["Moreno"], "find": "Ada Moreno", "person": "ada"},
    ]
    path.write_text("\n".join(json.dumps(one, sort_keys=True) for one in lines), "utf-8")
    assert cite(path, SHORT).problems == []
    (facts,) = check([path], for_load=True).facts
    assert [one.id for one in facts.records] == ["person:ada"]
