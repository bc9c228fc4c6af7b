"""Every kind of mistake in a facts file is said, with its place and the nearest right spelling."""

import time
from pathlib import Path

import orjson
import pytest

from graph_seed import Checked, check, cite
from graph_seed.problems import render
from graph_seed.text import hashed_text

FACTS = Path(__file__).parents[2] / "facts"
TEXT = "INVENTED. Ada Moreno said the toll is too high. Tarrow opposes it. Nobody else spoke.\n"
HEAD = "source: {id: source:made, type: invented text, publishedOn: 2031-05-12}\n"
AT = "find: Ada Moreno"


def problems(tmp_path: Path, body: str, head: str = HEAD) -> list[tuple[int, int, str, str]]:
    path = tmp_path / "made.yaml"
    path.write_text(head + body, encoding="utf-8")
    return [
        (p.place.line, p.place.column, p.code, p.message)
        for p in check([path]).problems
        if p.code != "NOT_CITED"
    ]


ISSUE = "- issue: toll\n  find: the toll\n"
PERSON = f"- person: ada\n  {AT}\n"

CASES = [
    ("entities:\n- persn: ada\n", 3, 3, "UNKNOWN_KIND", "did you mean 'person'"),
    (f"entities:\n- person: Ada Moreno\n  {AT}\n", 3, 11, "KEY", "write it as 'ada-moreno'"),
    (f"entities:\n- person: ada\n  nmae: Ada\n  {AT}\n", 4, 3, "UNKNOWN_PROPERTY", "did you mean 'name'"),
    (f"entities:\n{PERSON}{PERSON}", 5, 3, "ID_TWICE", "is defined at line 3 too"),
    ("entities:\n- person: ada\n", 3, 3, "NO_EVIDENCE", "cites nothing"),
    (f"entities:\n- person: ada\n  size: two\n  {AT}\n", 4, 9, "VALUE", "size"),
    (f"entities:\n- person: ada\n  name: ''\n  {AT}\n", 4, 9, "EMPTY", "leave it out"),
    (f"entities:\n- event: e\n  eventType: call\n  date: 2031-13\n  {AT}\n", 5, 9, "EDTF", "13"),
    (f"entities:\n- event: e\n  eventType: c\n  date: [2031-05-01..2031-05-03]\n  {AT}\n", 5, 9, "NOT_ONE_VALUE", "quotes"),
    (f"entities:\n- event: e\n  eventType: c\n  eventStatus: hold\n  {AT}\n", 5, 16, "VALUE", "did you mean 'held'"),
    (f"entities:\n- event: e\n  {AT}\n", 3, 3, "MISSING", "needs eventType"),
    (f"entities:\n{PERSON}facts:\n- figure: f\n  measure: toll\n  is: 5 dollars\n  {AT}\n", 8, 7, "AMOUNT", "USD"),
    (f"entities:\n{PERSON}facts:\n- statement: s\n  by: adda\n  says: x\n  {AT}\n", 7, 7, "UNKNOWN_ID", "did you mean 'ada'"),
    (f"entities:\n{PERSON}facts:\n- statement: s\n  by: person:bob\n  says: x\n  {AT}\n", 7, 7, "UNKNOWN_ID", "under uses:"),
    (f"entities:\n{PERSON}facts:\n- statement: s\n  about: person:ada\n  says: x\n  by: figure:made/f\n  {AT}\n", 9, 7, "WRONG_KIND", "not to 'figure:made/f'"),
    (f"entities:\n{PERSON}{ISSUE}facts:\n- position: p\n  by: [ada]\n  opposes: [toll, person:ada]\n  {AT}\n", 10, 12, "TOO_MANY", "one value at most"),
    (f"entities:\n{PERSON}facts:\n- statement: s\n  by: [ada, ada]\n  says: x\n  {AT}\n", 7, 13, "NAMED_TWICE", "named twice"),
    (f"entities:\n{PERSON}facts:\n- statement: s\n  says: x\n  quote: one two three four five six seven\n  {AT}\n", 8, 10, "QUOTE_TOO_LONG", "7 words"),
    (f"entities:\n{PERSON}facts:\n- statement: s\n  like: t\n  says: x\n  {AT}\n", 7, 9, "UNKNOWN_ID", "no statement 't'"),
    (f"entities:\n{PERSON}facts:\n- statement: s\n  says: x\n  text: y\n  {AT}\n", 8, 3, "GIVEN_TWICE", "text"),
    ("uses: [country:us]\nentities:\n" + PERSON, 2, 8, "UNUSED", "country:us is not used"),
    (f"entities:\n{ISSUE}facts:\n- position: p\n  opposes: toll\n  {AT}\n", 6, 3, "MISSING", "position p needs holder"),
    (f"entities:\n{PERSON}facts:\n- position: p\n  by: ada\n  stance: opposes\n  {AT}\n", 6, 3, "MISSING", "position p needs target"),
    ("entites: []\n", 2, 1, "UNKNOWN_PART", "did you mean 'entities'"),
    (f"entities:\n- person: ada\n  name: Ada\n  name: Eve\n  {AT}\n", 5, 3, "KEY_TWICE", "twice"),
    ("entities:\n- just words\n", 3, 3, "NO_RECORD", "begins with its kind"),
    ("entities:\n- person: [ada]\n", 3, 11, "NO_KEY", "as in `person: some-key`"),
    (f"entities:\n- person:\n  {AT}\n", 3, 3, "NO_KEY", "`parley cite` can set one"),
    ("entities:\n- person: '🐟'\n", 3, 11, "KEY", "a letter or a digit"),
    ("entities: [\n", 3, 1, "YAML", "not YAML"),
    (f"entities:\n- person: ada\n  name: Ada: Eve\n  {AT}\n", 4, 12, "YAML", "into quotes"),
    ("entities:\n- person: ada\n\tname: Ada\n", 4, 1, "YAML", "indent with spaces"),
    ("entities:\n- person: 'a\x07'\n", 3, 13, "YAML", "U+0007"),
    (f"entities:\n- person: ada\n  <<: {{name: Ada}}\n  {AT}\n", 4, 3, "YAML", "like:"),
    (f'entities:\n- person: ada\n  name: "a\\ud800"\n  {AT}\n', 4, 9, "TEXT", "surrogate"),
    (f"entities:\n- person: ada\n  name:\n  {AT}\n", 4, 3, "EMPTY", "leave it out"),
    (f"entities:\n- person: ada\n  aliases: [A, [B]]\n  {AT}\n", 4, 16, "NOT_A_VALUE", "aliases"),
    (f"entities:\n- person: ada\n  name: [A] B\n  {AT}\n", 4, 13, "YAML", "not YAML"),
    (f"entities:\n- person: ada\n  name: {{A: B}}\n  {AT}\n", 4, 9, "NOT_ONE_VALUE", "into quotes"),
    (f"entities:\n- person: ada\n  size: 99999999999999999999\n  {AT}\n", 4, 9, "VALUE", "beyond 9223372036854775807"),
    (f"entities:\n- person: ada\n  size: {'9' * 5000}\n  {AT}\n", 4, 9, "VALUE", "beyond 9223372036854775807"),
    (f"entities:\n- group: g\n  size: -3\n  {AT}\n", 4, 9, "VALUE", "the least is 1"),
    (f"entities:\n- event: e\n  eventType: c\n  ordinal: -1\n  {AT}\n", 5, 12, "VALUE", "the least is 0"),
    (f"entities:\n- country: c\n  iso2: zzzzz\n  {AT}\n", 4, 9, "VALUE", "of a country in ISO 3166-1, as in CA"),
    (f"entities:\n- country: c\n  iso2: ZZ\n  {AT}\n", 4, 9, "VALUE", "as in CA"),
    (f"entities:\n- country: c\n  iso2: UK\n  {AT}\n", 4, 9, "VALUE", "the United Kingdom is GB"),
    ("---\nsource: {id: source:b, type: x, sha256: xyz}\n", 3, 41, "VALUE", "64 hexadecimal digits"),
    ("---\nsource: {id: source:b, type: x, length: -5}\n", 3, 41, "VALUE", "-5 is too small"),
    ("---\nsource: {id: source:b, type: x, sentences: [0, -5]}\n", 3, 48, "VALUE", "-5 is too small"),
    ("---\nsource: {id: source:b, type: x, url: 'http://x:99999/'}\n", 3, 38, "VALUE", "a port up to 65535"),
    ("---\nsource: {id: source:b, type: x, language: zz}\n", 3, 43, "VALUE", "as in en, pt-BR"),
    ("---\nsource: {id: source:b, type: x, language: en-ZZ}\n", 3, 43, "VALUE", "as in en, pt-BR"),
    ("---\nsource: {id: source:b, type: x, url: 'javascript:alert(1)'}\n", 3, 38, "VALUE", "begins with http:// or https://"),
    ("---\nsource: {id: source:b, type: x, language: 'klingon!!'}\n", 3, 43, "VALUE", "as in en, pt-BR"),
    ("---\nsource: {id: source:b, type: x, language: English}\n", 3, 43, "VALUE", "as in en, pt-BR"),
    (f"entities:\n- agreement: e\n  signedOn: 2031-02\n  endedOn: 2031-01\n  {AT}\n", 5, 12, "VALUES", "endedOn 2031-01 is before signedOn 2031-02"),
    (f"entities:\n{PERSON}facts:\n- affiliation: x\n  by: ada\n  with: ada\n  role: r\n  validFrom: 2031\n  validTo: 2030\n  {AT}\n", 11, 12, "VALUES", "validTo 2030 is before validFrom"),
    (f"entities:\n- event: a\n  eventType: c\n  date: 2031\n  {AT}\n- event: b\n  eventType: c\n  date: 2030\n  follows: a\n  {AT}\n", 10, 12, "VALUES", "is before date 2031 of what it follows"),
    (f'entities:\n- person: ada\n  name: "\\u200b"\n  {AT}\n', 4, 9, "EMPTY", "leave it out"),
    (f'entities:\n- person: ada\n  name: "\\u3164 \\u2800\\uFE0F"\n  {AT}\n', 4, 9, "EMPTY", "leave it out"),
    (f'entities:\n- person: ada\n  aliases: [ok, "\\u2066\\u2069"]\n  {AT}\n', 4, 17, "EMPTY", "leave it out"),
    (f'entities:\n- person: ada\n  name: "a\\0b"\n  {AT}\n', 4, 9, "TEXT", "U+0000"),
    (f'entities:\n- person: ada\n  aliases: ["a\\x1Bb"]\n  {AT}\n', 4, 13, "TEXT", "U+001B"),
    (f"entities:\n- person: ada\n  name: {'x' * 9000}\n  {AT}\n", 4, 9, "TOO_LONG", "name takes 9000 bytes"),
    (f"entities:\n- person: ada\n  aliases: [{', '.join(['x' * 900] * 40)}]\n  {AT}\n", 3, 3, "TOO_LONG", "name, aliases and previousNames together"),
    (f"entities:\n- person: {'x' * 9000}\n  {AT}\n", 3, 3, "TOO_LONG", "id takes 9007 bytes"),
    (f"facts:\n- statement: s\n  says: {'x ' * 18000}\n  {AT}\n", 4, 9, "TOO_LONG", "text takes"),
    (f"facts:\n- figure: f\n  measure: m\n  unit: {'x' * 9000}\n  comparator: vague\n  {AT}\n", 5, 9, "TOO_LONG", "unit takes"),
    (f"facts:\n- statement: s\n  states: The third round ended early.\n  {AT}\n", 4, 11, "NOT_AN_ID", "put words under says: or under a speech act"),
    (f"facts:\n- statement: s\n  states: 第三轮谈判结束\n  {AT}\n", 4, 11, "UNKNOWN_ID", "put words under says: or under a speech act"),
    (f"facts:\n- statement: s\n  yodels: It went wrong.\n  {AT}\n", 4, 3, "UNKNOWN_PROPERTY", "proposes, accepts, rejects, warns"),
    (f"facts:\n- position: p\n  hates: ada\n  {AT}\n", 4, 3, "UNKNOWN_PROPERTY", "a stance is one of demands, proposes"),
    (f"facts:\n- statement: s\n  says: x\n  speechAct: sings\n  {AT}\n", 5, 14, "VALUE", "it is one of states, demands"),
    (f"entities:\n- event: e\n  eventType: c\n  eventStatus: hold\n  {AT}\n", 5, 16, "VALUE", "It is one of planned, under-way, held"),
    ("entities:\n- person: ada\n  find: {from: Ada, to: 43,900 tonnes}\n", 4, 9, "FIND", "holds a comma into quotes"),
    (f"entities:\n- event: e\n  eventType: c\n  participants: [{{id: ada, participantRole: guest, 2nd row}}]\n  {AT}\n{PERSON}", 5, 52, "UNKNOWN_PROPERTY", "holds a comma into quotes"),
    ("---\nsource: {id: source:T, type: x}\n", 3, 14, "SOURCE_ID", "write it as 'source:t'"),
    ("---\nsource: {id: River Talks, type: x}\n", 3, 14, "SOURCE_ID", "write it as 'source:river-talks'"),
    (f"facts:\n- statement: s\n  says: x\n  saidOn: 20310107\n  {AT}\n", 5, 11, "EDTF", "write 2031-01-07"),
    (f"entities:\n- people: ada\n  {AT}\n", 3, 3, "UNKNOWN_KIND", "did you mean 'person'"),
    (f"entities:\n- countries: xx\n  {AT}\n", 3, 3, "UNKNOWN_KIND", "did you mean 'country'"),
    (f"facts:\n- tradeFigures: f\n  {AT}\n", 3, 3, "UNKNOWN_KIND", "did you mean 'figure'"),
    ("persons:\n- person: ada\n", 2, 1, "UNKNOWN_PART", "stand under entities: or facts:"),
    (f"uses: [us]\nentities:\n{PERSON}", 2, 8, "UNKNOWN_KIND", "begins with its kind, as in country:us"),
    (f"uses: [country:us]\nfacts:\n- statement: s\n  by: us\n  says: x\n  {AT}\n", 5, 7, "UNKNOWN_ID", "begins with its kind: country:us"),
    (f"entities:\n{PERSON}facts:\n- statement: s\n  by: people:ada\n  says: x\n  {AT}\n", 7, 7, "UNKNOWN_KIND", "did you mean 'person'"),
    (f"entities:\n- person: ada\n  anonymous: yes\n  {AT}\n", 4, 14, "VALUE", "true nor false"),
    (f"entities:\n- person: ada\n  id: person:ada\n  {AT}\n", 4, 3, "NOT_WRITTEN", "kind and key"),
    (f"entities:\n- person: ada\n  statements: s\n  {AT}\n", 4, 3, "NOT_WRITTEN", "as speakers: of the statement"),
    (f"entities:\n{PERSON}facts:\n- position: p\n  by: ada\n  opposes: ada\n  voice: own\n  {AT}\n", 9, 3, "NOT_WRITTEN", "voice is computed"),
    (f"entities:\n- person: Ada Moreno\n  nmae: A\n  {AT}\n", 4, 3, "UNKNOWN_PROPERTY", "name"),
    (f"entities:\n{PERSON}facts:\n- position: p\n  by: []\n  opposes: ada\n  {AT}\n", 7, 7, "EMPTY", "leave it out"),
    (f"facts:\n- figure: f\n  measure: m\n  is: 12 bilion USD\n  {AT}\n", 5, 7, "AMOUNT", "billion"),
    (f"facts:\n- figure: f\n  measure: m\n  is: 12 billion USDD\n  {AT}\n", 5, 7, "AMOUNT", "did you mean USD"),
    (f"facts:\n- figure: f\n  measure: m\n  unit: USD\n  comparator: eq\n  {AT}\n", 3, 3, "VALUES", "needs value"),
    (f"facts:\n- figure: f\n  measure: m\n  unit: USD\n  comparator: range\n  lower: 5\n  upper: 2\n  {AT}\n", 7, 10, "VALUES", "greater"),
    (f"facts:\n- figure: f\n  measure: m\n  unit: USD\n  comparator: vague\n  value: 5\n  {AT}\n", 7, 10, "VALUES", "has no value"),
    (f"facts:\n{PERSON}", 3, 3, "WRONG_PART", "belong under entities:"),
    (f"entities:\n{PERSON}{ISSUE}facts:\n- statement: s\n  by: toll\n  says: x\n  {AT}\n", 9, 7, "WRONG_KIND", "not to 'issue:toll'"),
    (f"entities:\n- person: ada\n  {AT}\n- group: ada\n  {AT}\nfacts:\n- statement: s\n  by: ada\n  says: x\n  {AT}\n", 9, 7, "AMBIGUOUS", "person:ada or group:ada"),
    (f"entities:\n{PERSON}facts:\n- statement: s\n  by: [{{role: x}}]\n  says: x\n  {AT}\n", 7, 8, "NOT_AN_ID", "an id or a key"),
    (f"entities:\n{PERSON}facts:\n- statement: s\n  by: persn:ada\n  says: x\n  {AT}\n", 7, 7, "UNKNOWN_KIND", "did you mean 'person'"),
    (f"entities:\n- event: e\n  eventType: c\n  partOf: e\n  {AT}\n", 5, 11, "ITSELF", "event:e itself"),
    (f"entities:\n- event: a\n  eventType: c\n  follows: b\n  {AT}\n- event: b\n  eventType: c\n  follows: a\n  {AT}\n", 9, 12, "CIRCLE", "event:a → event:b → event:a"),
    (f"facts:\n- statement: s\n  says: x\n  {AT}\n- statement: t\n  says: y\n  supersedes: s\n  {AT}\n", 8, 15, "MISSING", "{id: s, supersession: …}"),
    (f"facts:\n- statement: s\n  like: t\n  says: x\n  {AT}\n- statement: t\n  like: s\n  {AT}\n", 8, 9, "LIKE_CIRCLE", "'s' is itself like"),
    (f"entities:\n- event: e\n  eventType: c\n  participants: [{{id: ada, rôle: x}}]\n  {AT}\n{PERSON}", 5, 28, "UNKNOWN_PROPERTY", "participants has no"),
    ("entities:\n- person: ada\n  find: {form: x}\n", 4, 9, "FIND", "did you mean 'from'"),
    ("entities:\n- person: ada\n  find: {to: x}\n", 4, 9, "FIND", "from:"),
    (f"uses: [contry:us]\nentities:\n{PERSON}", 2, 8, "UNKNOWN_KIND", "did you mean 'country'"),
    (f"uses: [country:us, country:us]\nentities:\n{PERSON}", 2, 20, "NAMED_TWICE", "listed twice"),
    (f"uses: [person:ada]\nentities:\n{PERSON}", 2, 8, "UNUSED", "is defined here"),
    (f"uses: [figure:made/toll]\nentities:\n{PERSON}", 2, 8, "UNKNOWN_ID", "source:made defines no"),
    ("---\nsource: {id: source:made, type: x}\n", 3, 14, "SOURCE_TWICE", "join the two"),
    (f"---\nsource: {{id: source:b, type: x, sha256: {'a' * 64}, length: 3, sentences: [4]}}\n", 3, 33, "SOURCE_TEXT", "fit together"),
    ("---\nsource: {id: source:b, type: x, fullText: ab}\n", 3, 33, "UNKNOWN_PROPERTY", "a source has no"),
    ("---\nsource: {id: source:b, kind: x}\n", 3, 9, "MISSING", "a source needs type"),
    ("---\nsource: {id: 'source:', type: x}\n", 3, 14, "SOURCE_ID", "such as source:river-talks"),
    ("---\nsource: {id: country:us, type: x}\n", 3, 14, "SOURCE_ID", "such as source:river-talks"),
    ("---\nsource: words\n", 3, 9, "NO_SOURCE", "begins with its source"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "line", "column", "code", "words"), CASES, ids=[f"{c[3]}-{i}" for i, c in enumerate(CASES)])  # fmt: skip
def test_a_mistake_is_said_with_its_place(
    tmp_path: Path, body: str, line: int, column: int, code: str, words: str
) -> None:
    found = problems(tmp_path, body)
    assert (line, column, code) in [one[:3] for one in found], found
    assert any(words in one[3] for one in found if one[2] == code)


def test_all_problems_are_said_at_once(tmp_path: Path) -> None:
    body = f"entities:\n- persn: x\n- person: ada\n  nmae: A\n  size: two\n  {AT}\n"
    assert {one[2] for one in problems(tmp_path, body)} == {
        "UNKNOWN_KIND", "UNKNOWN_PROPERTY", "VALUE",
    }  # fmt: skip


def test_a_source_without_an_id_is_an_error(tmp_path: Path) -> None:
    assert problems(tmp_path, "", "source: {type: x}\n")[0][2] == "SOURCE_ID"
    assert problems(tmp_path, "", "entities: []\n")[0][2] == "NO_SOURCE"


def cited(tmp_path: Path, body: str) -> Path:
    path = tmp_path / "made.yaml"
    path.write_text(HEAD + body, encoding="utf-8")
    report = cite(path, TEXT)
    assert report.problems == []
    return path


def test_citations_are_checked_without_the_text(tmp_path: Path) -> None:
    path = cited(tmp_path, f"entities:\n{PERSON}")
    good = path.read_text(encoding="utf-8")
    for old, new, code in (
        ("end: 20", "end: 9000", "PASSAGE"),
        ("sentence 2 of 4", "sentence 3 of 4", "LOCATOR"),
        ("sha256: ", "sha256: zz", "CITATION"),
    ):
        assert old in good, good
        path.write_text(good.replace(old, new), encoding="utf-8")
        assert code in {p.code for p in check([path]).problems}


def test_a_quote_that_is_a_whole_sentence_is_an_error(tmp_path: Path) -> None:
    body = f"entities:\n{PERSON}facts:\n- statement: s\n  says: x\n  quote: opposes it\n"
    path = cited(tmp_path, body + "  find: Tarrow opposes it.\n")
    assert check([path], for_load=True).problems == []
    text = path.read_text("utf-8").replace("quote: opposes", "quote: Tarrow opposes")
    path.write_text(text, "utf-8")
    assert "QUOTE_IS_SENTENCE" in {p.code for p in check([path]).problems}


def test_a_citation_is_checked_with_its_exact_place(tmp_path: Path) -> None:
    path = cited(tmp_path, f"entities:\n{PERSON}")
    good = path.read_text("utf-8")
    for old, new, column, code, severity in (
        ("startUtf16: 10", "startUtf16: 9", 7, "PASSAGE", "error"),
        ("end: 20", "end: 10", 7, "PASSAGE", "error"),
        ("start: 10", "start: ten", 15, "CITATION", "error"),
        ("start: 10", "start: ²", 15, "CITATION", "error"),
        ("locator: ", "locate: ", 132, "UNKNOWN_PROPERTY", "error"),
        ("locator: sentence 2", "locator: sentence 1", 141, "LOCATOR", "error"),
    ):
        assert old in good, good
        path.write_text(good.replace(old, new), encoding="utf-8")
        found = check([path]).problems
        assert [(p.place.line, p.place.column, p.code, p.severity) for p in found] == [
            (4, column, code, severity)
        ], found
    once = good.partition("  at: ")[2].strip()
    path.write_text(good.replace(once, f"[{once}, {once}]"), "utf-8")
    assert [(p.code, p.severity) for p in check([path]).problems] == [("CITED_TWICE", "warning")]


def test_what_one_takes_over_from_another_is_said_once(tmp_path: Path) -> None:
    body = f"facts:\n- figure: f\n  measure: toll\n  is: 5 EUR\n  period: 2031-13\n  {AT}\n"
    body += f"- figure: g\n  like: f\n  {AT}\n- figure: h\n  like: g\n  {AT}\n"
    assert [one[:3] for one in problems(tmp_path, body)] == [(6, 11, "EDTF")]


def test_an_actor_that_is_like_an_anonymous_one_belongs_to_the_source(tmp_path: Path) -> None:
    path = tmp_path / "made.yaml"
    body = f"entities:\n- group: a\n  anonymous: true\n  {AT}\n- group: b\n  like: a\n  {AT}\n"
    path.write_text(HEAD + body, "utf-8")
    assert [r.id for r in check([path]).facts[0].records] == ["group:made/a", "group:made/b"]


def test_few_lines_cannot_stand_for_millions(tmp_path: Path) -> None:
    lines = [f"- &a0 [{', '.join('x' * 9)}]"]
    lines += [f"- &a{n + 1} [{', '.join([f'*a{n}'] * 9)}]" for n in range(12)]
    found = problems(tmp_path, "entities:\n" + "\n".join(lines) + "\n")
    assert [one[3] for one in found if one[2] == "YAML"] == [
        "aliases repeat more than 10000 values"
    ]


def test_a_long_circle_is_told_shortly(tmp_path: Path) -> None:
    events = [
        f"- event: e{i}\n  eventType: x\n  follows: e{(i + 1) % 300}\n  {AT}\n" for i in range(300)
    ]
    ((_, _, code, message),) = problems(tmp_path, f"entities:\n{''.join(events)}")
    assert code == "CIRCLE"
    assert "event:e0 → event:e1 →" in message
    assert "event:e299 → event:e0" in message
    assert len(message) < 500


def test_a_circle_across_files_is_found(tmp_path: Path) -> None:
    for one, other in (("a", "b"), ("b", "a")):
        (tmp_path / f"{one}.yaml").write_text(
            f"source: {{id: source:{one}, type: x}}\nuses: [event:{other}]\nentities:\n"
            f"- event: {one}\n  eventType: x\n  partOf: event:{other}\n  {AT}\n",
            "utf-8",
        )
    found = check([tmp_path / "a.yaml", tmp_path / "b.yaml"])
    (circle,) = [p for p in found.problems if p.code == "CIRCLE"]
    assert (circle.place.file, circle.place.line) == (str(tmp_path / "b.yaml"), 6)


def test_files_that_cannot_be_read_are_said(tmp_path: Path) -> None:
    latin = tmp_path / "latin.yaml"
    latin.write_bytes(HEAD.encode() + b"entities: # caf\xe9\n")
    empty = tmp_path / "empty.yaml"
    empty.write_text("\n", "utf-8")
    found = check([tmp_path / "none.yaml", tmp_path, latin, empty]).problems
    assert [(Path(p.place.file).name, p.place.line, p.place.column, p.code) for p in found] == [
        (tmp_path.name, 1, 1, "NO_FILE"),
        ("empty.yaml", 1, 1, "NO_SOURCE"),
        ("latin.yaml", 2, 16, "NOT_UTF8"),
        ("none.yaml", 1, 1, "NO_FILE"),
    ]


def test_problems_are_rendered_as_a_compiler_does(tmp_path: Path) -> None:
    path = tmp_path / "made.yaml"
    path.write_text(HEAD + "entities:\n- persn: ada\n", "utf-8")
    *_, last = render(check([path]).problems).splitlines()
    assert last.startswith(f"{path}:3:3: error UNKNOWN_KIND 'persn' is not a kind of record")


def test_a_digest_is_of_all_that_a_record_says(tmp_path: Path) -> None:
    body = (
        f"entities:\n- event: e\n  eventType: call\n  date: 2031-05-07\n  {AT}\n"
        f"facts:\n- statement: s\n  says: x\n  on: e\n  {AT}\n"
    )

    def digests(text: str) -> dict[str, int]:
        path = tmp_path / "made.yaml"
        path.write_text(HEAD + text, "utf-8")
        return {r.id: r.digest for r in check([path]).facts[0].records}

    before = digests(body)
    assert all(-(2**63) <= one < 2**63 for one in before.values())
    assert digests(body.replace("says: x", "text:  'x'  # same")) == before
    moved = digests(body.replace("05-07", "05-08"))
    assert all(moved[one] != before[one] for one in before), "the statement's date follows"


def test_words_not_cited_are_a_warning_and_to_a_load_an_error(tmp_path: Path) -> None:
    path = tmp_path / "made.yaml"
    path.write_text(HEAD + f"entities:\n{PERSON}", encoding="utf-8")
    assert check([path]).valid
    assert not check([path], for_load=True).valid


def test_files_checked_together_know_each_other(tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(
        f"source: {{id: source:other, type: x}}\nentities:\n{PERSON}", encoding="utf-8"
    )
    one = tmp_path / "one.yaml"
    body = f"entities:\n{ISSUE}facts:\n- statement: s\n  by: person:ada\n  says: x\n  {AT}\n"
    one.write_text(HEAD + body, encoding="utf-8")
    found = [p for p in check([one, other]).problems if p.code == "UNKNOWN_ID"]
    assert "list it under uses:" in found[0].message
    one.write_text(HEAD + "uses: [person:ada]\n" + body, encoding="utf-8")
    assert check([one, other]).valid


def test_json_lines_hold_the_same_records(tmp_path: Path) -> None:
    yaml = check([FACTS / "river-talks.yaml"])
    assert yaml.problems == []
    path = tmp_path / "river.jsonl"
    path.write_bytes(b"\n".join(orjson.dumps(line) for line in as_lines()))
    lines = check([path])
    assert lines.problems == []
    for a, b in zip(yaml.facts[0].records, lines.facts[0].records, strict=True):
        assert (a.id, a.values, a.links, a.evidence) == (b.id, b.values, b.links, b.evidence)


def as_lines() -> list[object]:
    from ruamel.yaml import YAML

    found = YAML(typ="safe", pure=True).load((FACTS / "river-talks.yaml").read_text("utf-8"))

    def plain(value: object) -> object:
        if isinstance(value, dict):
            return {k: plain(v) for k, v in value.items()}
        if isinstance(value, list):
            return [plain(v) for v in value]
        return str(value).lower() if isinstance(value, bool) else str(value)

    lines: list[object] = [{"source": plain(found["source"])}]
    return lines + [plain(one) for part in ("entities", "facts") for one in found[part]]


def test_a_line_that_is_not_json_is_said_with_its_number(tmp_path: Path) -> None:
    path = tmp_path / "made.jsonl"
    path.write_text('{"source": {"id": "source:made", "type": "x"}}\n{"person": }\n', "utf-8")
    found = [p for p in check([path]).problems if p.code == "JSON"]
    assert [p.place.line for p in found] == [2]


def test_what_follows_is_filled_in() -> None:
    records = {r.id: r for r in check([FACTS / "river-talks.yaml"]).facts[0].records}
    said = records["statement:river-talks/too-high"].values
    assert said["saidOn"] == "2031-05-12", "from the event it was said at"
    assert said["place"] == "Osk"
    assert (said["mode"], said["attribution"]) == ("mixed", "named")
    assert records["statement:river-talks/offer-told"].values["attribution"] == "anonymous"
    assert records["statement:river-talks/league-opposes"].values["mode"] == "narration"
    voices = {k: records[f"position:river-talks/{k}"].values["voice"] for k in (
        "moreno-tolls", "league-tolls", "tarrow-dredging")}  # fmt: skip
    assert voices == {
        "moreno-tolls": "own", "league-tolls": "source", "tarrow-dredging": "third-party",
    }  # fmt: skip
    assert records["position:river-talks/moreno-tolls"].values["heldOn"] == "2031-05-12"
    assert records["position:river-talks/league-tolls"].values["notAfter"] == "2031-05-14"
    assert "group:river-talks/two-delegates" in records, "an anonymous actor is its source's own"
    offer = records["figure:river-talks/toll-offer"]
    assert (offer.values["lower"], offer.values["upper"]) == ("25000000", "30000000")
    assert "value" not in offer.values, "like: carries over what is not given anew"
    assert [r.id for r in offer.links["reporter"]] == ["country:ysk"]


def test_the_text_is_what_the_file_was_cited_from() -> None:
    text = hashed_text((FACTS / "river-talks.txt").read_bytes())
    records = check([FACTS / "river-talks.yaml"]).facts[0].records
    from graph_seed.text import text_sha256

    for record in records:
        for cited_ in record.evidence:
            assert text_sha256(text[cited_.start : cited_.end]) == cited_.sha256
            utf16 = len(text[: cited_.start].encode("utf-16-le")) // 2
            assert cited_.start_utf16 == utf16


def test_what_is_no_yaml_does_not_hide_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text(
        "source: {id: source:a, type: x}\n"
        "entities:\n"
        '- person: ada\n  find: "Ada\n'
        "- issue: toll\n  colour: red\n  find: toll\n"
        "- issue: tax\n  name: a: b\n  find: tax\n"
        "facts:\n"
        '- statement: s\n  by: ada\n  says: yes\n  find: "x y"\n'
        "- statement: t\n  by: [ada\n  says: x\n  find: z\n"
        "- statement: u\n  saidOn: 2031-13\n  says: x\n  find: z\n"
        "---\n"
        "source: {id: source:b, tpye: x}\n",
        "utf-8",
    )
    found = [(p.place.line, p.code) for p in check([path]).problems if p.severity == "error"]
    assert found == [
        (6, "UNKNOWN_PROPERTY"), (9, "YAML"), (15, "YAML"), (18, "YAML"), (21, "EDTF"),
        (25, "MISSING"), (25, "UNKNOWN_PROPERTY"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yaml", "sorce: {id: source:a}\nentities:\n- person: ada\n  colour: red\n  find: A\n"),
        ("a.jsonl", '{"person": "ada", "colour": "red", "find": "A"}\n'),
        ("a.jsonl", '{"source": {}}\n{"person": "ada", "colour": "red", "find": "A"}\n'),
    ],
)
def test_without_a_source_the_records_are_checked(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    codes = [p.code for p in check([path]).problems if p.severity == "error"]
    assert set(codes) - {"UNKNOWN_PART"} == {"NO_SOURCE", "UNKNOWN_PROPERTY"}
    assert codes.count("NO_SOURCE") == 1


def test_a_country_that_is_not_bundled_is_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(
        "source: {id: source:a, type: x}\nuses: [country:uk, country:us]\nfacts:\n"
        "- statement: s\n  by: [country:uk, country:us]\n  says: x\n  find: z\n",
        "utf-8",
    )
    checked = check([path])
    found = [(p.place.line, p.place.column) for p in checked.problems if p.code == "UNKNOWN_ID"]
    assert found == [(2, 8)]
    assert checked.valid


def test_words_that_are_not_cited_yet_are_one_line_with_their_number(tmp_path: Path) -> None:
    path = tmp_path / "made.yaml"
    many = "".join(f"- statement: s{n}\n  says: x\n  find: words {n}\n" for n in range(50))
    body = f"{many}- statement: t\n  says: x\n  saidOn: 2031-13\n  find: others\n"
    path.write_text(f"{HEAD}facts:\n{body}", "utf-8")
    for for_load, severity in ((False, "warning"), (True, "error")):
        found = check([path], for_load=for_load).problems
        assert [(p.place.line, p.code, p.severity) for p in found] == [
            (1, "NOT_CITED", severity),
            (155, "EDTF", "error"),
        ]
        assert "the source and 51 passages are not cited yet" in found[0].message
    path = cited(tmp_path, f"entities:\n{PERSON}")
    more = "- person: eve\n  find: Tarrow\n- person: bo\n  find: [Tarrow, Nobody]\n"
    path.write_text(path.read_text("utf-8") + more, "utf-8")
    (problem,) = check([path]).problems
    assert (problem.place.line, problem.code) == (6, "NOT_CITED")
    assert problem.message.startswith("3 passages are not cited yet")


def test_a_fact_is_named_by_its_kind_and_key_too(tmp_path: Path) -> None:
    path = tmp_path / "made.yaml"
    figure = f"- figure: toll\n  measure: toll\n  is: 5 EUR\n  {AT}\n"
    body = f"facts:\n{figure}- statement: toll\n  says: x\n  states: figure:toll\n  {AT}\n"
    path.write_text(HEAD + body, "utf-8")
    checked = check([path])
    assert checked.valid
    (reference,) = checked.facts[0].records[1].links["figures"]
    assert reference.id == "figure:made/toll"


@pytest.mark.parametrize(
    ("field", "dropped"),
    [
        ("supersedes: []", "supersedes"),
        ("by: []", "speakers"),
        ("quote: []", "quote"),
        ("about: [null]", "about"),
    ],
)
def test_an_empty_list_drops_what_like_would_carry(
    tmp_path: Path, field: str, dropped: str
) -> None:
    path = tmp_path / "made.yaml"
    path.write_text(
        f"{HEAD}entities:\n{PERSON}{ISSUE}facts:\n"
        f"- statement: a\n  says: x\n  {AT}\n"
        f"- statement: b\n  says: y\n  by: ada\n  about: toll\n  quote: hm\n"
        f"  supersedes: [{{id: a, supersession: correction}}]\n  {AT}\n"
        f"- statement: c\n  like: b\n  {field}\n  {AT}\n- statement: d\n  like: c\n  {AT}\n",
        "utf-8",
    )
    checked = check([path])
    assert checked.valid, checked.problems
    _, _, _, b, c, d = checked.facts[0].records
    for one in (c, d):
        assert {*b.values, *b.links} - {*one.values, *one.links} == {dropped}


def test_long_chains_of_like_are_carried_over_or_told(tmp_path: Path) -> None:
    path = tmp_path / "made.jsonl"

    def chain(last: str) -> Checked:
        lines = [f'{{"statement": "s{n}", "like": "s{n + 1}", "find": "x"}}' for n in range(5_000)]
        head = '{"source": {"id": "source:made", "type": "x"}}'
        path.write_text("\n".join([head, *lines, last]), "utf-8")
        return check([path])

    carried = chain('{"statement": "s5000", "says": "y", "medium": "radio", "find": "x"}')
    assert carried.valid
    assert {one.values["medium"] for one in carried.facts[0].records} == {"radio"}
    circle = chain('{"statement": "s5000", "like": "s0", "says": "y", "find": "x"}')
    found = [one for one in circle.problems if one.severity == "error"]
    assert [(one.code, one.place.line) for one in found] == [("LIKE_CIRCLE", 5002)]


def test_a_hint_proposes_nothing_of_another_kind(tmp_path: Path) -> None:
    body = (
        f"uses: [organization:adda, person:ada]\nentities:\n{ISSUE}- issue: adda\n  {AT}\nfacts:\n"
        f"- position: p\n  by: person:adda\n  opposes: issue:adaa\n  {AT}\n"
        f"- position: q\n  by: organization:ada\n  opposes: tol\n  {AT}\n"
    )
    hints = {
        said.partition("'")[2].partition("'")[0]: said.partition("did you mean '")[2].partition(
            "'"
        )[0]
        for _, _, code, said in problems(tmp_path, body)
        if code == "UNKNOWN_ID"
    }
    assert hints == {
        "person:adda": "person:ada",
        "issue:adaa": "issue:adda",
        "organization:ada": "organization:adda",
        "tol": "toll",
    }


BAD_AMOUNTS = [
    "seven EUR", "50 cents", "5 pesos", "60 million kroner a year", "1.500 jobs", "5 precent",
    "14 of 61", "35 -> 0 %", "5 gazillion EUR", "5 m jobs", "50", "many", "EUR", "'vague: n/a'",
    "'vague: zero %'", "'?!'", "[5, EUR]", "{value: 5}", "'5 : 3'", "2..2 %", "1e999 EUR",
]  # fmt: skip


@pytest.mark.parametrize("amount", BAD_AMOUNTS)
def test_a_bad_amount_is_one_problem(tmp_path: Path, amount: str) -> None:
    body = f"facts:\n- figure: f\n  measure: m\n  is: {amount}\n  {AT}\n- figure: g\n  like: f\n  {AT}\n"
    ((line, column, code, message),) = problems(tmp_path, body)
    assert (line, column, code) == (5, 7, "AMOUNT")
    assert "None" not in message


def test_an_amount_that_is_null_is_told_without_words_of_the_program(tmp_path: Path) -> None:
    body = f"facts:\n- figure: f\n  measure: m\n  is: null\n  {AT}\n"
    found = problems(tmp_path, body)
    assert [(code, message.split(":")[0]) for *_, code, message in found] == [
        ("MISSING", "figure f needs unit"),
        ("MISSING", "figure f needs comparator"),
    ]


@pytest.mark.parametrize("scale", ["100", "-3", "1", "4", "13", "99"])
def test_a_scale_is_a_power_of_ten_that_has_a_word(tmp_path: Path, scale: str) -> None:
    body = f"facts:\n- figure: f\n  measure: m\n  unit: USD\n  comparator: eq\n  value: 5\n  scale: {scale}\n  {AT}\n"
    ((line, column, code, message),) = problems(tmp_path, body)
    assert (line, column, code) == (8, 10, "VALUES")
    assert "6 (million)" in message


@pytest.mark.parametrize("scale", ["2", "3", "5", "6", "7", "9", "12", "15", "18"])
def test_each_scale_with_a_word_is_taken(tmp_path: Path, scale: str) -> None:
    body = f"facts:\n- figure: f\n  measure: m\n  unit: USD\n  comparator: approx-range\n  lower: 5\n  upper: 6\n  scale: {scale}\n  {AT}\n"
    assert problems(tmp_path, body) == []


def test_the_long_form_has_decimal_points_and_canonical_units(tmp_path: Path) -> None:
    figure = "facts:\n- figure: f\n  measure: m\n  comparator: eq\n  unit: KG\n  per: Years\n  value: {}\n  find: Ada Moreno\n"
    assert problems(tmp_path, figure.format("2.300")) == []
    (grouped,) = problems(tmp_path, figure.format("1,500"))
    assert grouped[2] == "VALUE"
    assert grouped[3].endswith(": 1500 or 1.5")


def test_thousands_of_mistakes_are_told_in_little_time(tmp_path: Path) -> None:
    path = tmp_path / "made.jsonl"
    lines = [
        f'{{"statement": "said-{n}", "by": "person:p{n}", "about": "i{n}", "like": "sayd-{n}"}}'
        for n in range(5_000)
    ]
    path.write_text("\n".join(['{"source": {"id": "source:a", "type": "x"}}', *lines]), "utf-8")
    started = time.process_time()
    found = check([path]).problems
    assert sum(one.code == "UNKNOWN_ID" for one in found) == 15_000
    hint = "no statement 'sayd-0' in this file; did you mean 'said-0'?"
    assert any(hint in one.message for one in found)
    assert time.process_time() - started < 10


LONG_ID = "source:the-river-talks-of-the-upper-basin-in-spring"


@pytest.mark.parametrize("written", ["figure:tol", "figure:tolls", "tol"])
def test_a_misspelled_figure_is_proposed_by_kind_and_key(tmp_path: Path, written: str) -> None:
    text = (
        f"source: {{id: {LONG_ID}, type: report}}\nfacts:\n"
        "- figure: toll\n  is: 5 %\n  measure: toll\n  find: toll\n"
        f"- statement: one\n  says: It is low.\n  states: {written}\n  find: low\n"
    )
    (message,) = [said for *_, code, said in problems(tmp_path, text, "") if code == "UNKNOWN_ID"]
    assert message.partition("did you mean ")[2].startswith(
        "'figure:toll'" if ":" in written else "'toll'"
    )


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("Source:t", "source:t"),
        ("source:T", "source:t"),
        ("SOURCE:River Talks", "source:river-talks"),
        ("river talks", "source:river-talks"),
        ("news:t", "source:news-t"),
        ("t", "source:t"),
    ],
)
def test_a_wrong_id_of_a_source_is_told_with_a_right_one(
    tmp_path: Path, written: str, right: str
) -> None:
    text = (
        f'source: {{id: "{written}", type: report}}\nfacts:\n'
        "- figure: toll\n  is: 5 %\n  measure: toll\n  find: toll\n"
        "- statement: one\n  says: It is low.\n  states: tolll\n  find: low\n"
    )
    found = {code: message for *_, code, message in problems(tmp_path, text, "")}
    assert found["SOURCE_ID"].endswith(f"write it as '{right}'")
    assert "did you mean 'toll'" in found["UNKNOWN_ID"]


@pytest.mark.parametrize(
    ("line", "advice"),
    [
        ("size: 1,000", "write 1000 or 1"),
        ("size: 1 000", "write 1000"),
        ("size: 1e3", "write 1000"),
        ("size: 25.0", "write 25"),
        ("size: many", "as 25 is"),
        ("SIZE: 5", "did you mean 'size'"),
    ],
)
def test_a_whole_number_written_otherwise_is_told_as_it_is_meant(
    tmp_path: Path, line: str, advice: str
) -> None:
    ((*_, message),) = problems(tmp_path, f"entities:\n- group: one\n  {line}\n  find: One\n")
    assert advice in message


def test_what_is_listed_under_uses_and_used_has_no_problem(tmp_path: Path) -> None:
    body = f"uses: [country:us]\nentities:\n{ISSUE}facts:\n- position: p\n  by: country:us\n  opposes: toll\n  {AT}\n"
    assert problems(tmp_path, body) == []
