"""A claim, its evidence and the verdict on one card."""

from __future__ import annotations

import html
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass

from detainer_analysis.data import sources
from detainer_analysis.data.evidence import Evidence
from detainer_analysis.intervals import describe
from detainer_analysis.ledger.claim import Claim


@dataclass(frozen=True, repr=False)
class Card:
    """A claim, its evidence and the verdict, readable in a notebook and in a terminal."""

    claim: Claim
    evidence: Evidence
    verdict: str
    registry: Mapping[str, sources.Source]

    @property
    def found(self) -> str:
        """What the data say, in the claim's unit; ``nothing`` if they say nothing."""
        return describe(self.evidence.found, self.claim.unit) if self.evidence.found else "nothing"

    def _lines(self) -> list[tuple[str, str]]:
        claim = self.claim
        lines = [
            ("claim", claim.statement),
            ("published", f"{claim.published} [{describe(claim.interval, claim.unit)}]"),
            ("found", f"{self.found}. {self.evidence.shows}"),
            ("rows", self.evidence.addresses),
        ]
        lines += [("because", claim.because)] if claim.because else []
        lines += [("caveat", claim.caveat)] if claim.caveat else []
        return lines

    def _sources(self) -> list[tuple[str, sources.Source]]:
        used = dict.fromkeys(self.evidence.rows["source_id"])
        return [("claimed by", self.registry[self.claim.source])] + [("evidence", self.registry[key]) for key in used]

    def __repr__(self) -> str:
        lines = [*self._lines(), *((role, source.citation) for role, source in self._sources())]
        wrapped = [
            textwrap.fill(f"{label:<11}{value}", 100, initial_indent="  ", subsequent_indent=" " * 13)
            for label, value in lines
        ]
        return "\n".join([f"{self.verdict.upper()}: {self.claim.id}", *wrapped])

    def _repr_html_(self) -> str:
        rows = [(label, html.escape(value)) for label, value in self._lines()]
        rows += [(role, _link(source)) for role, source in self._sources()]
        body = "".join(
            f'<tr><th scope="row" style="text-align:left;vertical-align:top">{label}</th>'
            f'<td style="text-align:left">{value}</td></tr>'
            for label, value in rows
        )
        # The two other classes tell MathJax, in JupyterLab and elsewhere, that a dollar sign is money.
        return (
            '<table class="claim tex2jax_ignore mathjax_ignore">'
            f'<caption style="text-align:left"><strong>{self.verdict}</strong>: '
            f"{html.escape(self.claim.id)}</caption><tbody>{body}</tbody></table>"
        )


def _link(source: sources.Source) -> str:
    name = html.escape(source.title)
    linked = f'<a href="{html.escape(source.url)}">{name}</a>' if source.url else name
    return f"{linked}, {html.escape(source.citation)}"
