"""Synthetic detainer records with planted rates, for speed tests only. No row is a real record.

Facilities come from DuckDB's hash, so another release of DuckDB may place them differently; the planted rates hold
in any. The layout is the Deportation Data Project's. Rows come in blocks of a thousand; a block belongs to one year and
holds exactly `PLANTED_PER_THOUSAND` of each lift reason, in an order that looks random. So a file whose length
is a multiple of `ROUND` recovers the planted rates to the row. Facilities have sizes as uneven as real ones.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from detainer_analysis.records.reasons import DECLINED

YEARS = tuple(range(2012, 2022))
BLOCK = 1000
ROUND = BLOCK * len(YEARS)
NO_OUTCOME_PER_THOUSAND = 456
DECLINED_PER_THOUSAND = dict(zip(YEARS, (1, 2, 5, 11, 19, 30, 24, 17, 9, 3), strict=True))
OTHER_REASONS = ("Booked into Detention", "Case Closed", "Lifted", "Transferred", "Prosecutorial Discretion")
STATES = ("TEXAS", "CALIFORNIA", "FLORIDA", "ARIZONA", "GEORGIA", "NEW YORK", "MINNESOTA", "KANSAS", "OREGON", "IOWA")
FORMS = ("I247A - Immigration Detainer - Notice of Action", "I247D", "I247N")


def write(path: Path, rows: int) -> None:
    """Write `rows` synthetic records as parquet, in a stream; the same rows for the same number.

    Parameters
    ----------
    path : pathlib.Path
        The file to write.
    rows : int
        How many; the planted rates hold exactly if it is a multiple of ``ROUND``.
    """
    years = ", ".join(f"({year}, {declined})" for year, declined in DECLINED_PER_THOUSAND.items())
    others, states, forms = (
        "[" + ", ".join(f"'{text}'" for text in texts) + "]" for texts in (OTHER_REASONS, STATES, FORMS)
    )
    duckdb.sql(
        f"""
        COPY (
            WITH planted(year, declined) AS (VALUES {years}),
            row AS (
                SELECT
                    range AS i,
                    {YEARS[0]} + (range // {BLOCK}) % {len(YEARS)} AS year,
                    (range * 577 + (range // {BLOCK}) * 131) % {BLOCK} AS place_in_block,
                    (hash(range) >> 1)::BIGINT AS chance,
                    -- sizes fall like 1 / rank: the exponential of a uniform number is a rank of such a list
                    CAST(exp(hash(range + 1000000007) / 18446744073709551616 * ln(3000)) AS INTEGER) AS facility
                FROM range({rows})
            )
            SELECT
                make_timestamp(row.year, 1 + chance % 12, 1 + (chance // 12) % 28, 0, 0, 0) AS detainer_prepare_date,
                ({forms})[1 + (chance // 400) % {len(FORMS)}] AS detainer_type,
                CASE
                    WHEN place_in_block < planted.declined THEN '{DECLINED}'
                    WHEN place_in_block >= {BLOCK - NO_OUTCOME_PER_THOUSAND} THEN NULL
                    ELSE ({others})[1 + (chance // 1200) % {len(OTHER_REASONS)}]
                END AS detainer_lift_reason,
                'SYNTHETIC JAIL ' || facility AS detainer_facility,
                'SYNTHETIC CITY ' || facility % 1700 AS facility_city,
                ({states})[1 + facility % {len(STATES)}] AS facility_state,
                'synthetic' AS data_source
            FROM row JOIN planted USING (year)
        ) TO '{path}' (FORMAT parquet, KV_METADATA {{note: 'synthetic records; none is real'}})
        """
    )
