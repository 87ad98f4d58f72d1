"""Datasets that are not in the repository: downloaded once, checked, kept in the user's cache.

Record-level files are read, counted and left out, so the repository holds none. ``data/sources.toml`` says
where each lies, how many bytes it has and their SHA-256. With the environment variable ``DETAINER_MIRROR``
set to a folder, files are copied from there instead of downloaded.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable
from concurrent.futures import wait
from pathlib import Path
from typing import IO, Any

import pooch
import requests
from tqdm import tqdm
from urllib3.exceptions import HTTPError

from detainer_analysis.background import begin
from detainer_analysis.data import sources
from detainer_analysis.data.sources import Source
from detainer_analysis.errors import DataError
from detainer_analysis.files import replacing

MIRROR = "DETAINER_MIRROR"
WAIT_SECONDS, SLOWEST_BYTES_PER_SECOND = 60, 50_000


def datasets() -> list[str]:
    """Ids of the sources that can be fetched."""
    return [key for key, source in sources.read().items() if source.sha256]


def cache() -> Path:
    """The folder that keeps fetched files (``DETAINER_CACHE``, or the system's place for caches)."""
    return Path(os.environ.get("DETAINER_CACHE") or pooch.os_cache("detainer-analysis"))


def fetch(key: str, folder: Path | None = None) -> Path:
    """The file of one dataset, from the cache, from the mirror folder, or downloaded.

    A download goes to a temporary file first, so that an interrupted one leaves nothing behind and the next
    call starts cleanly.

    Parameters
    ----------
    key : str
        One of `datasets`.
    folder : pathlib.Path, optional
        Where to keep the file; `cache` by default.

    Raises
    ------
    KeyError
        If no dataset has the id.
    DataError
        If the file cannot be had, has another size or checksum than registered, or the network is away.
    """
    if key not in datasets():
        raise KeyError(f"no dataset has the id {key!r}; known: {', '.join(datasets())}")
    source = sources.read()[key]
    root = folder or cache()
    target = root / source.file
    real, real_root = Path(os.path.realpath(target)), Path(os.path.realpath(root))  # `resolve` fails at a loop
    if any(place.is_symlink() for place in (real, *real.parents)):
        raise DataError(str(target), "leads to a loop of symbolic links; remove it")
    if not real.is_relative_to(real_root):
        raise DataError(source.file, f"a symbolic link leads out of the cache {root}; remove the link")
    if target.is_file() and _digest(target) == source.sha256:
        return target
    mirror = os.environ.get(MIRROR)
    target.parent.mkdir(parents=True, exist_ok=True)
    if mirror:
        return _copied(source, Path(mirror) / source.file, target)
    return _downloaded(source, target)


def _copied(source: Source, original: Path, target: Path) -> Path:
    if not original.is_file():
        raise DataError(str(original), f"is not in the mirror folder that {MIRROR} names")
    with replacing(target) as part:
        shutil.copyfile(original, part)
        _checked(source, part, str(original))
    return target


def _downloaded(source: Source, target: Path) -> Path:
    target.unlink(missing_ok=True)
    try:
        pooch.retrieve(
            source.url,
            known_hash=f"sha256:{source.sha256}",
            fname=target.name,
            path=target.parent,
            downloader=_Download(source),
        )
    except (requests.RequestException, HTTPError) as error:
        raise DataError(
            source.file,
            f"cannot be downloaded ({type(error).__name__}). When offline, put the file into a folder and name"
            f" that folder in {MIRROR}; address: {source.url}",
        ) from error
    except DataError:
        raise
    except ValueError as error:  # pooch: the hash differs; it has removed the file
        raise DataError(source.file, f"has another checksum than registered; address: {source.url}") from error
    return target


class _Download:
    """A downloader for pooch that shows progress and stops when the file is larger or slower than it may be.

    The server is heard in a thread, and the clock runs beside it: one that sends a byte now and then, of its headers
    too, keeps every time limit of a socket.
    """

    def __init__(self, source: Source) -> None:
        self.source, self.received = source, 0

    def __call__(self, url: str, output: str | IO[bytes], _: Any) -> None:
        with open(output, "wb") if isinstance(output, str) else output as target:
            whole = begin(lambda: self._receive(url, target))
            wait([whole], WAIT_SECONDS + self.source.bytes / SLOWEST_BYTES_PER_SECOND)
            if not whole.done():
                problem = f"comes too slowly ({self.received:,} bytes so far); try again later"
                raise DataError(self.source.file, problem)
            whole.result()

    def _receive(self, url: str, target: IO[bytes]) -> None:
        with (
            requests.get(url, stream=True, timeout=WAIT_SECONDS, headers={"Accept-Encoding": "identity"}) as reply,
            tqdm(total=self.source.bytes, unit="B", unit_scale=True, desc=self.source.id) as bar,
        ):
            reply.raise_for_status()
            while part := reply.raw.read1(1 << 16):  # what is there; `read` would wait for the whole part
                self.received += len(part)
                if self.received > self.source.bytes:
                    raise DataError(self.source.file, f"is larger than the {self.source.bytes:,} bytes registered")
                target.write(part)
                bar.update(len(part))


def _checked(source: Source, path: Path, label: str) -> None:
    size = path.stat().st_size
    if size != source.bytes:
        raise DataError(label, f"has {size:,} bytes, {source.bytes:,} are registered")
    if _digest(path) != source.sha256:
        raise DataError(label, "has another checksum than registered")


def _digest(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def fetch_all(keys: Iterable[str]) -> dict[str, Path]:
    """Files of several datasets, by id."""
    return {key: fetch(key) for key in keys}
