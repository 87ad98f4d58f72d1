"""What sources say in words, in a form that can be compared."""

from __future__ import annotations

from pandera.pandas import DataFrameSchema

from detainer_analysis.data.schemas.columns import choice, day, instead, precision, schema, state, text

# What a source can answer to a subject. A subject that is not named here takes a plain answer.
PLAIN_ANSWERS = ("yes", "no", "in part", "not stated")
ANSWERS = {
    "detainer-purpose": ("to find out status", "to take custody"),
    "hennepin-36000-meaning": ("at the jail", "in a year"),
    "issued-after-the-first-reports": ("rise", "flat", "fall"),
    "section3-basis": ("announcements, news and staff", "other basis"),
    "enforcement-memos-day": ("signed", "released"),
    "hennepin-mexico-wording": ("natives", "citizens", "from"),
    "section1-counts": ("detainers issued", "detainers declined"),
    "declines-dated-in-the-week": ("declined in the week", "recorded in the week"),
    "section3-order": ("most recent first", "other order"),
    "section3-first-entry": ("Ithaca", "another place"),
    "ithaca-wording": ("limited, specified circumstances", "judicial warrant, with exceptions"),
    "detainer-targets": ("undocumented", "removable"),
    "amendments-at-issue": ("Fourth", "Fourth and due process", "Fourth and Sixth"),
}

TABLES: dict[str, DataFrameSchema] = {
    "statements": schema(
        "What sources say in words about subjects that can be checked, one answer a row",
        ["subject", "says", "source_id"],
        {
            "subject": text("what the statement is about; the rows of a subject are compared", pattern=r"^[a-z0-9-]+$"),
            "says": text("what the source says, in our words"),
            "answer": choice(
                "the source's answer; schemas.statements lists the answers of each subject",
                *PLAIN_ANSWERS,
                *(answer for answers in ANSWERS.values() for answer in answers),
            ),
            "date": instead(day("the day that the statement gives or, without one, is about", required=False)),
            "date_precision": instead(precision("the date", required=False)),
            "place": instead(text("country, state or jurisdiction that the statement is about")),
            "state": instead(state(required=False)),
        },
    ),
}
