"""Files are written whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path


def write_whole(path: Path, content: str | bytes) -> None:
    """Write `content` to `path` at once: see `write_together`."""
    write_together({path: content})


def write_together(contents: Mapping[Path, str | bytes]) -> None:
    """Write several files; whoever kills the program finds each as it was, or whole.

    All go to temporary names in their own folders first, so that a full disk leaves every file as it was. If one
    cannot take its place, those that did give it back. Text is written as UTF-8 with Unix line ends. An earlier run's
    leftovers are written over.

    Raises
    ------
    OSError
        With the name of the file, if one cannot be written or a folder or a link is in its place.
    """
    before = {path: _before(path) for path in contents}
    parts = {path: _part(path) for path in contents}
    placed: list[Path] = []
    try:
        for path, content in contents.items():
            _write(path, parts[path], content.encode() if isinstance(content, str) else content)
        for path, part in parts.items():
            _place(part, path)
            placed.append(path)
    except BaseException:
        for path in placed:
            _give_back(path, parts[path], before[path])
        raise
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
        _place(part, path)
    finally:
        part.unlink(missing_ok=True)


def _part(path: Path) -> Path:
    return path.with_name(f".{path.name}.part")


def _before(path: Path) -> bytes | None:
    """What a file holds, if there is one; refuses what is no file, which `os.replace` would, or would drop a link."""
    if path.is_symlink() or (path.exists() and not path.is_file()):
        kind = "symbolic link" if path.is_symlink() else "folder" if path.is_dir() else "device"
        raise OSError(errno.EEXIST, f"a {kind} is in the place of the file; move it away", str(path))
    return path.read_bytes() if path.exists() else None


def _place(part: Path, path: Path) -> None:
    try:
        os.replace(part, path)
    except OSError as error:  # names the temporary file first
        raise OSError(error.errno, error.strerror, str(path)) from error


def _give_back(path: Path, part: Path, content: bytes | None) -> None:
    if content is None:
        path.unlink()
    else:
        _write(path, part, content)
        _place(part, path)


def _write(path: Path, part: Path, content: bytes) -> None:
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:  # a failed write does not say which file it was
        raise OSError(error.errno, error.strerror, str(path)) from error
