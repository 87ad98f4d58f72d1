"""A number in prose is one that the data show: a changed one is named with its page and its sentence."""

import json

import nbformat
import pytest

from detainer_analysis.data import prose, seals
from detainer_analysis.errors import DataError
from detainer_analysis.paths import DATA, NOTEBOOKS, ROOT, notebooks

SEALED = json.loads((DATA / "seals.json").read_text(encoding="utf-8"))
FIRST = NOTEBOOKS / "01-inaugural-report.ipynb"
OTHER = {"number": "3.14159", "date": "31 July 1999", "share": "nineteen in twenty", "word": "seventeen"}


@pytest.fixture
def changed(tmp_path, swapped):
    """A copy of notebook 01 with other words in its prose."""

    def change(old, new):
        path = tmp_path / FIRST.name
        path.write_text(swapped(FIRST.read_text(encoding="utf-8"), old, new), encoding="utf-8")
        return path

    return change


@pytest.mark.parametrize(
    ("old", "new", "lost", "found"),
    [
        ("Two thirds of the", "Three quarters of the", "[Two thirds] of the", "[Three quarters] of the"),
        ("and 206 declined", "and 142 declined", "and [206] declined in", "and [142] declined in"),
        ("In April 2017 ICE", "In April 2016 ICE", "In [April 2017] ICE withdrew", "In [April 2016] ICE withdrew"),
        ("withdrew four of", "withdrew five of", "[four] of", "[five] of"),
        ("28 January to 3", "27 January to 3", "week from [28 January] to", "week from [27 January] to"),
    ],
)
def test_a_changed_number_is_named_with_its_page_and_words(old, new, lost, found, changed, monkeypatch):
    """The other number may be shown elsewhere on the page; where it is not, `seal` refuses it too."""
    name = "notebooks/01-inaugural-report.ipynb, prose"
    path = changed(old, new)
    monkeypatch.setattr(prose, "_borne_out", lambda *_: "somewhere")
    sealed = dict.fromkeys(SEALED[name], "somewhere")
    lines = seals.differences({name: sealed}, {name: prose.sealed(path)})
    assert [line.startswith(name) for line in lines] == [True, True]
    assert lost in lines[0]
    assert lines[0].endswith("is lost")
    assert found in lines[1]
    assert lines[1].endswith("is new")


@pytest.mark.parametrize("path", [*notebooks(), *prose.pages()], ids=prose.label)
def test_every_number_of_every_page_is_sealed_and_another_in_its_place_is_seen(path):
    """Of each kind the first, the middle and the last of the page are changed."""
    sealed = SEALED[f"{prose.label(path)}, prose"]
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        text = "\n\n".join(cell.source for cell in nbformat.reads(text, 4).cells if cell.cell_type == "markdown")
    text = prose.NAMES.sub(" ", text)
    found = list(prose.TOKEN.finditer(text))
    assert len(found) == len(sealed)
    for match in {found[place] for place in (0, len(found) // 2, -1)} if found else ():
        other = text[: match.start()] + OTHER[match.lastgroup] + text[match.end() :]
        before, after = ({words for words, _, _ in prose._tokens(part)} for part in (text, other))
        assert any(f"[{OTHER[match.lastgroup]}]" in words for words in after - before)


def test_a_number_that_nothing_shows_is_refused(changed):
    with pytest.raises(DataError, match=r"01-inaugural-report\.ipynb: nothing shows the number in '.*\[31,415\]"):
        prose.sealed(changed("206 declined", "31,415 declined"))


def test_a_number_whose_output_changed_is_refused(tmp_path):
    book = nbformat.read(FIRST, as_version=4)
    for cell in book.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.source = [], ""
    nbformat.write(book, tmp_path / FIRST.name)
    with pytest.raises(DataError, match="nothing shows the number in"):
        prose.sealed(tmp_path / FIRST.name)


def test_a_reason_names_a_number_that_is_there_and_a_claim_that_shows_it(data, swapped):
    reasons = data / "prose.toml"
    text = reasons.read_text(encoding="utf-8")
    reasons.write_text(swapped(text, "[206] declines", "[207] declines"), encoding="utf-8")
    with pytest.raises(DataError, match=r"docs/records\.md: nothing shows the number in .*\[206\]"):
        prose.sealed(ROOT / "docs" / "records.md", data)
    reasons.write_text(swapped(text, "[declined-206]", "[issued-3083]"), encoding="utf-8")
    with pytest.raises(DataError, match=r"docs/records\.md: nothing shows the number in .*\[206\]"):
        prose.sealed(ROOT / "docs" / "records.md", data)
    reasons.write_text(swapped(text, '["docs/records.md"]', '["docs/records.md"]\n"[9] lives" = "why"'), "utf-8")
    with pytest.raises(DataError, match=r"data/prose\.toml: docs/records\.md has no number '\[9\] lives'"):
        prose.sealed(ROOT / "docs" / "records.md", data)


@pytest.mark.parametrize(
    "words",
    [
        "a 27-fold rise",
        "```{note}\nIt has 12 rows.\n```",
        "a ninth of it",
        "declines halved",
        "it doubled",
        "it is triple",
    ],
)
def test_a_multiple_or_a_part_is_a_number(words):
    assert len(list(prose._tokens(words))) == 1


def test_the_unit_behind_a_number_is_sealed_with_it():
    [(before, _, _)], [(after, _, _)] = (list(prose._tokens(f"It cost 198 {unit}.")) for unit in ("million", "billion"))
    assert before != after


@pytest.mark.parametrize(
    "text",
    [
        "## 3. Issued is not declined",
        "1. Which table?\n\n**Hint 2.** Look.",
        "[notebook 02](notebooks/02-x.ipynb), section 4; sections 1 to 4",
        "`rows[:10]` of Form I-247N in OIG-18-36",
        "```\nmake 3\n```",
        "It may decline; one of them did.",
        "{{ claim.x_206.found }}",
        "![](a-2017.png) <!-- answers: a -->\n12\n<!-- end of answers -->",
    ],
)
def test_a_name_is_no_number(text):
    assert list(prose._tokens(text)) == []
