"""Files are written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path


def write_whole(path: Path, content: str | bytes) -> None:
    """Write `content` to `path` at once: see `write_together`."""
    write_together({path: content})


def write_together(contents: Mapping[Path, str | bytes]) -> None:
    """Write several files; whoever kills the program finds each as it was, or whole.

    All go to temporary names in their own folders first, so that a full disk leaves every file as it was. Text is
    written as UTF-8 with Unix line ends. An earlier run's leftovers are written over.

    Raises
    ------
    OSError
        With the name of the file, if one cannot be written.
    """
    parts = {path: _part(path) for path in contents}
    try:
        for path, content in contents.items():
            _write(path, parts[path], content.encode() if isinstance(content, str) else content)
        for path, part in parts.items():
            os.replace(part, path)
    finally:
        for part in parts.values():
            with suppress(OSError):  # the error that is on its way says more
                part.unlink(missing_ok=True)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary path for a large file, which takes the place of `path` if the block ends well."""
    part = _part(path)
    try:
        yield part
        with part.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def _part(path: Path) -> Path:
    return path.with_name(f".{path.name}.part")


def _write(path: Path, part: Path, content: bytes) -> None:
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:  # a failed write does not say which file it was
        raise OSError(error.errno, error.strerror, str(path)) from error
