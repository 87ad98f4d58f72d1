"""Work that goes on beside the program, and does not keep it from ending."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


def begin(work: Callable[[], T]) -> Future[T]:
    """Begin `work` in a thread that nobody waits for at the end; its result or error comes through the future."""
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # it ends this thread, and is raised where the result is asked for
            future.set_exception(error)

    Thread(target=run, daemon=True).start()
    return future
