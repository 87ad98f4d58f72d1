"""Checks of what is said about one jail's inmates."""

from __future__ import annotations

from detainer_analysis.data.evidence import Evidence, Load, stated


def hennepin_jail_inmates(load: Load) -> Evidence:
    rates = load("jail_base_rates")
    rows = rates[rates["jurisdiction"].eq("Hennepin County") & rates["measure"].eq("annual bookings")]
    return Evidence.of("stated", stated(rows), "A newspaper gives the sheriff's figure as inmates a year.", rows)


def hennepin_detainer_share(load: Load) -> Evidence:
    rates = load("jail_base_rates")
    rows = rates[rates["jurisdiction"].eq("Hennepin County") & rates["measure"].eq("percent with a detainer")]
    exact = rows[rows["qualifier"].eq("about")]
    release = rows[rows["qualifier"].eq("less than")]
    shows = (
        f"Another transcription of the sheriff's words; the press release says less than"
        f" {release['value'].iloc[0]:g} percent."
    )
    return Evidence.of("stated", stated(exact, unit="percent"), shows, rows)
