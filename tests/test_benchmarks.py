"""The synthetic records hold the planted rates to the row, and every way of counting finds them."""

import duckdb
import pytest

from benchmarks import contenders, planted_limits, series_size, synthetic, workbooks
from detainer_analysis.records import counting, reading


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("synthetic") / "synthetic.parquet"
    synthetic.write(path, 3 * synthetic.ROUND)
    return path


@pytest.mark.parametrize("engine", ["duckdb", "pandas"])
def test_planted_rates_are_recovered_exactly(file, engine):
    table = counting.count(reading.read(file, engine), "year").set_index("year")
    assert table["declined"].to_dict() == {year: 3 * n for year, n in synthetic.DECLINED_PER_THOUSAND.items()}
    assert table["detainers"].eq(3 * synthetic.BLOCK).all()
    assert table["no_recorded_outcome"].eq(3 * synthetic.NO_OUTCOME_PER_THOUSAND).all()


def test_the_same_number_of_rows_gives_the_same_rows(file, tmp_path):
    synthetic.write(tmp_path / "again.parquet", 3 * synthetic.ROUND)
    differ = f"FROM '{file}' EXCEPT ALL FROM '{tmp_path / 'again.parquet'}'"
    assert duckdb.sql(f"SELECT count(*) FROM ({differ})").fetchall() == [(0,)]


def test_every_row_says_that_it_is_synthetic(file):
    said = duckdb.sql(f"SELECT DISTINCT data_source, detainer_facility[1:9] FROM '{file}'").fetchall()
    assert said == [("synthetic", "SYNTHETIC")]


def test_facilities_are_as_uneven_as_real_ones(file):
    sizes = duckdb.sql(f"SELECT count(*) FROM '{file}' GROUP BY detainer_facility ORDER BY 1 DESC").fetchall()
    assert len(sizes) > 1000
    assert sum(n for (n,) in sizes[:10]) > 0.2 * 3 * synthetic.ROUND


def test_the_contenders_count_the_same(file):
    digests = {
        name: contenders.digest(count(file)) for name, count in contenders.CONTENDERS.items() if name != "postgresql"
    }
    assert len(set(digests.values())) == 1, digests


@pytest.mark.usefixtures("untraced")
def test_counts_of_the_text_are_the_counts_of_the_table(file):
    duckdb.read_parquet(str(file)).write_csv(str(file.with_suffix(".csv")))
    digests = {name: contenders.digest(count(file)) for name, count in contenders.TEXT_CONTENDERS.items()}
    assert digests["text_count"] == digests["text_bare_count"]
    assert digests["text_counts"] == digests["text_bare_counts"] == contenders.digest(contenders.ours(file))


@pytest.mark.parametrize("reader", ["ours", "fastexcel", "calamine"])
def test_the_readers_of_workbooks_find_every_row(tmp_path, reader):
    workbooks.write(tmp_path / "x.xlsx", 40)
    assert workbooks.READERS[reader](tmp_path / "x.xlsx") == 40


@pytest.mark.usefixtures("untraced")
def test_the_table_of_false_finds_is_built_from_few_runs_as_from_many(monkeypatch):
    monkeypatch.setattr(series_size, "RUNS", 40)
    monkeypatch.setattr(series_size, "ROBUST_RUNS", 40)
    lines = series_size.table().splitlines()
    assert len(lines) == 2 + 5 * len(series_size.EVENTS)
    found = [[float(cell.split()[0]) for cell in line.split("|")[3:5]] for line in lines[2:]]
    assert sum(robust for robust, _ in found) > 2 * sum(simulated for _, simulated in found)


@pytest.mark.usefixtures("untraced")
@pytest.mark.parametrize("odds_ratio", [1.0, 4.0])
def test_intervals_hold_the_planted_odds_ratio_at_about_their_rate(odds_ratio):
    found = planted_limits.coverage(odds_ratio, 60)
    assert found["low"] < 95 < found["high"] or found["covered_percent"] > 95
    assert found["median_estimate"] == pytest.approx(odds_ratio, rel=0.1)
    assert found["found_percent"] <= 15 if odds_ratio == 1 else found["found_percent"] > 95
