"""The verdict that follows from a claim and its evidence by rule, never by hand.

================  ====================================================================================
verdict           when
================  ====================================================================================
reproduced        recomputed from rows of another origin than the claim's, and inside its interval
confirmed         another source states it, or it follows from copies of the document it comes from
consistent        independent bounds overlap the claim's interval without settling it
contradicted      the evidence excludes every value of the claim's interval
not reproducible  what a check would need is missing
================  ====================================================================================

The *origin* of a number is the document that it was first stated in. Twenty outlets that repeat one report
are one origin, so agreement among them confirms a transcription and reproduces nothing.
"""

from __future__ import annotations

from detainer_analysis.data.evidence import Evidence
from detainer_analysis.ledger.claim import Claim


def judge(claim: Claim, evidence: Evidence) -> str:
    """The verdict on `claim` that `evidence` allows.

    Raises
    ------
    ValueError
        If the evidence is nothing but the claim's own source.
    """
    if evidence.found is None:
        return "not reproducible"
    if set(evidence.rows["source_id"]) == {claim.source}:
        raise ValueError(f"{claim.id}: compared only with the source that makes the claim")
    if not evidence.found.overlaps(claim.interval):
        return "contradicted"
    if evidence.basis == "bounded" or not evidence.found.within(claim.interval):
        return "consistent"
    if evidence.basis == "stated":
        return "confirmed"
    own = set(evidence.rows["origin_id"]) & {claim.origin}
    if not own:
        return "reproduced"
    return "confirmed" if set(evidence.rows["origin_id"]) == own else "consistent"
