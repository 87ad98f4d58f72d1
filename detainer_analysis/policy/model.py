"""The specifications of the comparison of jails with and without a limit, and their design matrices.

The model compares places and months; nothing here shows what a policy caused."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from detainer_analysis.policy.dates import LOCAL


@dataclass(frozen=True)
class Specification:
    """One way to ask the question; the defaults are the main estimate, fixed before the model was first run.

    Parameters
    ----------
    denominator : str
        ``"all"`` detainers, or those with a ``"recorded"`` outcome.
    uncertain : str
        What to do with months in which a limit may or may not be in force: ``"left out"``, ``"in force"``,
        ``"not in force"``.
    form : str
        ``"effects"`` of the form type, ``"I-247 only"`` or ``"ignored"``.
    subset : str
        ``"county jails"``, ``"local jails"`` (with city jails) or ``"all located"`` (with effects of the kind).
    area : str
        ``"state"`` effects or ``"none"``.
    limits : str
        ``"any"`` limit, or only ``"strict"`` ones (judicial warrant, or none honoured).
    cluster : str
        Errors clustered by ``"county"`` or by ``"facility"``.
    without : str
        Postal code of a state to leave out; none by default.
    weight : str
        What weighs alike: ``"detainers"``, or ``"counties"``, each by its share of its county's detainers.
    """

    denominator: str = "all"
    uncertain: str = "left out"
    form: str = "effects"
    subset: str = "county jails"
    area: str = "state"
    limits: str = "any"
    cluster: str = "county"
    without: str = ""
    weight: str = "detainers"


MAIN = Specification()


ALTERNATIVES = {
    "main estimate": MAIN,
    "recorded outcomes only": replace(MAIN, denominator="recorded"),
    "uncertain months count as in force": replace(MAIN, uncertain="in force"),
    "uncertain months count as not in force": replace(MAIN, uncertain="not in force"),
    "form I-247 only": replace(MAIN, form="I-247 only"),
    "form ignored": replace(MAIN, form="ignored"),
    "strict limits only": replace(MAIN, limits="strict"),
    "city jails too": replace(MAIN, subset="local jails"),
    "all located facilities": replace(MAIN, subset="all located"),
    "clusters are facilities": replace(MAIN, cluster="facility"),
    "no state effects": replace(MAIN, area="none"),
    "recorded, no state effects": replace(MAIN, denominator="recorded", area="none"),
    "recorded, city jails too": replace(MAIN, denominator="recorded", subset="local jails"),
}


# Added after the main estimate was seen, to find out what it hangs on; the curve marks them.
AFTERWARDS = {
    "every county weighs alike": replace(MAIN, weight="counties"),
    "California left out": replace(MAIN, without="CA"),
    "recorded, California left out": replace(MAIN, denominator="recorded", without="CA"),
}


def prepare(linked: pd.DataFrame, specification: Specification = MAIN) -> pd.DataFrame:
    """The rows that a specification uses: ``declined`` of ``trials``, ``limit`` (0 or 1), effects and ``cluster``.

    Levels of an effect without a decline, or with nothing else, predict perfectly and have no finite coefficient;
    they carry no information on the contrast and are left out (see `separated`).
    """
    rows = chosen(linked, specification)
    while True:
        bad = separated(rows, effects(specification))
        if bad.empty:
            return rows.reset_index(drop=True)
        for effect, level in bad[["effect", "level"]].itertuples(index=False):
            rows = rows[rows[effect].ne(level)]


def chosen(linked: pd.DataFrame, specification: Specification = MAIN) -> pd.DataFrame:
    """The rows that a specification is about, before levels that predict perfectly are left out (see `prepare`)."""
    kinds = {"county jails": LOCAL[:1], "local jails": LOCAL}.get(specification.subset)
    rows = linked[linked["county_fips"].notna() & linked["state"].ne(specification.without)]
    rows = rows if kinds is None else rows[rows["facility_type"].isin(kinds)]
    if specification.form == "I-247 only":
        rows = rows[rows["form"].eq("I-247")]
    strict = rows["criteria"].isin(["judicial warrant", "none honored"])
    limit = rows["limit"] if specification.limits == "any" else rows["limit"].where(strict, "no")
    rows = rows.assign(
        limit=limit.replace(
            "uncertain", {"in force": "yes", "not in force": "no"}.get(specification.uncertain, "uncertain")
        )
    )
    rows = rows[rows["limit"].ne("uncertain")]
    missing = rows["no_recorded_outcome"] if specification.denominator == "recorded" else 0
    rows = rows.assign(
        trials=rows["detainers"] - missing,
        limit=rows["limit"].eq("yes").astype(float),
        county=rows["county_fips"],
        place=rows["facility"].astype("str") + "|" + rows["city"].astype("str") + "|" + rows["state"].astype("str"),
    )
    rows["cluster"] = rows["county"] if specification.cluster == "county" else rows["place"]
    return rows[rows["trials"].gt(0)]


def effects(specification: Specification) -> list[str]:
    """Columns whose levels get an effect of their own."""
    return [
        "month",
        *(["form"] if specification.form == "effects" else []),
        *([specification.area] if specification.area != "none" else []),
        *(["facility_type"] if specification.subset != "county jails" else []),
    ]


def separated(rows: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Levels in which no detainer or every detainer was declined: ``effect``, ``level``, ``trials``, ``declined``."""
    found = []
    for column in columns:
        sums = rows.groupby(column)[["trials", "declined"]].sum()
        bad = sums[sums["declined"].eq(0) | sums["declined"].eq(sums["trials"])]
        found += [
            (column, level, row.trials, row.declined) for level, row in zip(bad.index, bad.itertuples(), strict=True)
        ]
    return pd.DataFrame(found, columns=["effect", "level", "trials", "declined"])


def design(rows: pd.DataFrame, specification: Specification = MAIN) -> pd.DataFrame:
    """Design matrix: constant, limit, and indicators of every level but the largest of each effect."""
    parts = [pd.DataFrame({"constant": 1.0, "limit": rows["limit"]}, index=rows.index)]
    for effect in effects(specification):
        size = rows.groupby(effect)["trials"].sum().sort_values(ascending=False, kind="stable")
        wide = pd.get_dummies(rows[effect], prefix=effect, prefix_sep=" ", dtype=float)
        parts.append(wide.drop(columns=f"{effect} {size.index[0]}"))
    return pd.concat(parts, axis=1)
