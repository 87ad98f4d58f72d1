"""The search: pages of the site and counties, indexed by Pagefind, which finds numbers as well as words."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from pagefind.index import IndexConfig, PagefindIndex


def write(folder: Path, counties: dict[str, str]) -> None:
    """Index the site below `folder`, and a page for each county by its FIPS code, into ``pagefind/``."""
    with tempfile.TemporaryDirectory() as aside:
        for fips, page in counties.items():
            (Path(aside) / f"county-{fips}.html").write_text(page, encoding="utf-8")
        asyncio.run(_write(folder, aside))


async def _write(folder: Path, aside: str) -> None:
    # Whole folders: handed over one by one, each page would wait a tenth of a second for its answer.
    async with PagefindIndex(config=IndexConfig(output_path=str(folder / "pagefind"))) as index:
        await index.add_directory(path=str(folder))
        await index.add_directory(path=aside)
