"""The search: pages of the site and every county, indexed by Pagefind, which finds numbers as well as words."""

from __future__ import annotations

import asyncio
from pathlib import Path

from pagefind.index import IndexConfig, PagefindIndex


def write(folder: Path, counties: dict[str, str]) -> None:
    """Index the site below `folder`, and each county by the address of its page, into ``pagefind/``."""
    asyncio.run(_write(folder, counties))


async def _write(folder: Path, counties: dict[str, str]) -> None:
    async with PagefindIndex(config=IndexConfig(output_path=str(folder / "pagefind"))) as index:
        await index.add_directory(path=str(folder))
        for address, page in counties.items():
            await index.add_html_file(url=address, content=page)
