"""The registry: complete, used, and strict about what it accepts."""

import re

import pytest

from detainer_analysis.data import sources, tables
from detainer_analysis.data.schemas import DERIVED_SCHEMAS, SCHEMAS
from detainer_analysis.errors import DataError
from detainer_analysis.ledger.claim import read_claims

GOOD = '[a]\ntitle = "A"\npublisher = "P"\ndate = "2017-03"\nurl = ""\nkind = "newspaper"\n'


def used_ids():
    ids = set()
    for name in SCHEMAS:
        table = tables.load(name)
        ids |= set(table["source_id"]) | set(table["origin_id"])
    for claim in read_claims().values():
        ids |= {claim.source, claim.origin}
    ids |= {key for key, source in sources.read().items() if source.sha256}  # datasets to fetch
    ids |= {schema.metadata["source_id"] for schema in DERIVED_SCHEMAS.values()}
    return ids | {sources.read()[key].origin for key in ids}


def test_every_source_is_used_and_every_used_source_is_registered():
    assert used_ids() == set(sources.read())


def test_the_five_seed_accounts_are_registered():
    seeds = [source for source in sources.read().values() if source.note.startswith("Seed account")]
    assert len({source.publisher for source in seeds} | {"Star Tribune"}) == 5


def test_a_publisher_is_spelled_one_way_and_names_no_carrier():
    publishers = {source.publisher for source in sources.read().values()}
    spellings: dict[str, set[str]] = {}
    for publisher in publishers:
        bare = re.sub(r"\(.*?\)|[^a-z0-9 ]", "", publisher.lower()).removeprefix("the ")
        spellings.setdefault(" ".join(bare.split()), set()).add(publisher)
    assert [names for names in spellings.values() if len(names) > 1] == []
    assert [name for name in publishers if re.search(r" via | / |; |\((copy|file|listing|repost)", name)] == []


def test_no_document_has_two_entries():
    addresses: dict[str, list[str]] = {}
    for source in sources.read().values():
        if source.url:
            bare = re.sub(r"^https?://(www\.)?", "", source.url).rstrip("/").lower()
            addresses.setdefault(bare, []).append(source.id)
    # The release and the repository that carries it are two documents at one address.
    release = ["ice-foia-detainers-npr", "npr-visuals-2016"]
    assert [ids for ids in addresses.values() if len(ids) > 1 and sorted(ids) != release] == []


def test_the_carrier_of_a_copy_is_cited():
    carried = next(source for source in sources.read().values() if source.carrier)
    assert f"(copy at {carried.carrier})" in carried.citation


def test_an_origin_is_its_own_origin():
    registry = sources.read()
    for source in registry.values():
        assert registry[source.origin].origin == source.origin, source.id


def test_addresses_are_web_addresses():
    urls = [source.url for source in sources.read().values() if source.url]
    assert urls
    assert all(url.startswith(("http://", "https://")) and " " not in url for url in urls)


def test_a_source_cites_itself_with_date_and_caution(tmp_path):
    (tmp_path / "sources.toml").write_text(GOOD + 'caution = "partisan outlet"\n', encoding="utf-8")
    assert sources.read(tmp_path)["a"].citation == "P, 2017-03 [partisan outlet]"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[a", "cannot be read"),
        (GOOD.replace('kind = "newspaper"\n', ""), r"column kind: entry \[a\]: Field required"),
        (GOOD.replace("newspaper", "rumour"), r"column kind: entry \[a\]: unknown kind 'rumour'"),
        (GOOD.replace("2017-03", "March 2017"), r"column date: entry \[a\]: 'March 2017' is not an ISO date"),
        (GOOD.replace("2017-03", "2017-13-45"), r"column date: entry \[a\]: '2017-13-45' is not an ISO date"),
        (GOOD.replace('"2017-03"', "2017-03-25"), r"column date: entry \[a\]: Input should be a valid string"),
        (GOOD + 'bytes = "9"\n', r"column bytes: entry \[a\]: Input should be a valid integer"),
        ('a = "A"\n', "'a' stands in no entry"),
        (GOOD + 'origin = "b"\n', r"column origin: entry \[a\]: no source has the id 'b'"),
        (GOOD.replace('"P"', r'"\u001b[2J"'), r"column publisher: entry \[a\]: has U\+001B, which does not print"),
        (GOOD + r'file = "a\u0000b"', r"column file: entry \[a\]: has U\+0000, which does not print"),
        (GOOD + 'mood = "good"\n', r"column mood: entry \[a\]: Unexpected keyword argument"),
    ],
)
def test_a_broken_registry_gets_one_clear_error(tmp_path, text, problem):
    (tmp_path / "sources.toml").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=rf"data/sources.toml.*{problem}"):
        sources.read(tmp_path)


DATASET = GOOD.replace('url = ""', 'url = "https://a.org/b"') + (
    f'file = "a/b.csv"\nsha256 = "{"0" * 64}"\nbytes = 9\nlicence = "L"\n'
)


@pytest.mark.parametrize("file", ["../b", "a/../../b", "/etc/b", "a//b", "a/", "./a", "C:\\\\b", "~:b", ""])
def test_a_dataset_stays_below_the_cache(file, tmp_path):
    (tmp_path / "sources.toml").write_text(DATASET.replace("a/b.csv", file), encoding="utf-8")
    with pytest.raises(DataError, match=r"column file: entry \[a\]: .* is not a relative path of plain names"):
        sources.read(tmp_path)


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", " https://a.org", "file:///etc/b", "https://", "//a.org", "ftp://a.org", "https://a b"],
)
def test_an_address_is_of_the_web(url, tmp_path):
    (tmp_path / "sources.toml").write_text(DATASET.replace("https://a.org/b", url), encoding="utf-8")
    with pytest.raises(DataError, match=r"column url: entry \[a\]: .* is not an address that begins with http"):
        sources.read(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("bytes = 9", "bytes = 0", "bytes"),
        ("bytes = 9", "bytes = -9", "bytes"),
        ("0" * 64, "0" * 63, "sha256"),
        ("0" * 64, "G" * 64, "sha256"),
        ("0" * 64, "A" * 64, "sha256"),
        ("https://a.org/b", "", "url"),
        ("[a]", '["<a>"]', "id"),
    ],
)
def test_what_no_dataset_can_have_is_named(old, new, column, tmp_path, swapped):
    (tmp_path / "sources.toml").write_text(DATASET, encoding="utf-8")
    assert sources.read(tmp_path)["a"].bytes == 9
    (tmp_path / "sources.toml").write_text(swapped(DATASET, old, new), encoding="utf-8")
    with pytest.raises(DataError, match=rf"column {column}: entry \["):
        sources.read(tmp_path)


def test_a_missing_registry_is_named(tmp_path):
    with pytest.raises(DataError, match=r"data/sources\.toml: cannot be read"):
        sources.read(tmp_path)
