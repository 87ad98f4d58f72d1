"""Why detainers are lifted, in ICE's words."""

from __future__ import annotations

from detainer_analysis.records.layouts import normal

DECLINED = "Detainer Declined by LEA"
LIFT_REASONS = (
    DECLINED,
    "Alien Not Subject to Deportation",
    "Booked into Detention",
    "Case Closed",
    "Died",
    "Duplicate",
    "Early Release",
    "ICE Temporary Resource Constraint",
    "Insufficient Notice to ICE",
    "Judicial Review",
    "Lifted",
    "Lifted - Lack of Funds",
    "Lifted - Lack of Space",
    "No longer in State, Local, or Federal Custody",
    "Noncitizen Not Amenable to Removal",
    "Not Amenable to Removal",
    "Prosecutorial Discretion",
    "Superseding - New Form Issued",
    "Transferred",
    "United States Citizen Interviewed",
    "USC or Presumptive Claim to US Citizenship",
)
_KNOWN = {normal(reason): reason for reason in LIFT_REASONS}


def canonical(reason: str) -> str:
    """A reason as ICE spells it, whatever its case, spaces and dashes; an unknown one stays as it is."""
    return _KNOWN.get(normal(reason), reason)
