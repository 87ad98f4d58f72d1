"""Regular lines are taken as bytes and odd ones row by row; together they are what Python's csv module reads."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from detainer_analysis.errors import DataError
from detainer_analysis.records import lines

PIECES = ["a,b,c\n", "a,b,c\r\n", "a,b,c,\n", '"a",b,"c ""d"""\n', *',;|"\r\n\0\x1a', "a", "é", "Update", "\r\n"]


def by_the_module(text, how):
    clean = lines._CONTROL_Z.sub(b"", text.encode()).decode().replace("\0", " ")
    return list(csv.reader(io.StringIO(clean, newline=""), delimiter=",", quoting=0 if how.quoted else 3))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.lists(st.sampled_from(PIECES), max_size=30).map("".join),
    quoted=st.booleans(),
    chunk=st.integers(1, 40),
    encoding=st.sampled_from(["utf-8-sig", "utf-16", "cp1252"]),
    kept=st.sampled_from([[0, 1, 2], [0, 1], [0, 2], [1, 2]]),
)
@example(text="a,b,c\r\n\x1a\r\n", quoted=True, chunk=7, encoding="utf-8-sig", kept=[0, 2])
def test_stretches_and_rows_are_the_rows_of_the_module(monkeypatch, text, quoted, chunk, encoding, kept):
    monkeypatch.setattr(lines, "CHUNK_BYTES", chunk)
    how = lines.Form(encoding, ",", quoted, False, 0, "\n")
    content = io.TextIOWrapper(io.BytesIO(text.encode(encoding)), encoding, newline="")
    rows, found = lines.Lines(Path("x.csv"), how, content), []
    while True:
        regular, count = rows.stretch(3, 3, kept)
        read = list(csv.reader(io.StringIO(regular.decode(), newline=""), strict=True))
        assert [len(row) for row in read] == [len(kept)] * count
        if not count:
            if (row := rows.row()) is None:
                break
            read = [cut(row, kept)]
        found += read
    assert found == [cut(row, kept) for row in by_the_module(text, how)]


def cut(row, kept):
    """Of a row of three cells, or three and an empty one, those kept; any other as it is."""
    return [row[place] for place in kept] if len(row) == 3 or (len(row) == 4 and not row[3]) else row


def test_bytes_that_are_no_text_are_named(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes("date,facility\n".encode("utf-16") + b"\n")
    with pytest.raises(DataError, match=r"x\.csv: is no utf-16 text: truncated data"):
        list(lines.rows(path, lines.Form("utf-16", ",", True, False, 0, "\n")))
