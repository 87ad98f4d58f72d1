"""The errors that bad data and misspelt names raise."""

from collections.abc import Iterable
from difflib import get_close_matches


def printable(text: str) -> str:
    """`text` with every control character spelled out: words of a file must not steer a reader's terminal."""
    return "".join(sign if sign.isprintable() or sign == "\n" else repr(sign)[1:-1] for sign in text)


class DataError(ValueError):
    """Data that cannot be used; the message names the file and, where there is one, the row and column.

    Rows are numbered as a text editor numbers the lines of the file: the header is row 1.
    """

    def __init__(self, file: str, problem: str, *, row: int | None = None, column: str | None = None) -> None:
        place = [file]
        if row is not None:
            place.append(f"row {row}")
        if column is not None:
            place.append(f"column {column}")
        self.file, self.row, self.column, self.problem = file, row, column, problem
        super().__init__(printable(f"{', '.join(place)}: {problem}"))


class UnknownNameError(KeyError):
    """A name that nothing has; the message says which names come near."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        names = list(dict.fromkeys(known))
        near = get_close_matches(name, names, n=3, cutoff=0.5)
        hint = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(names)}"
        super().__init__(f"no {kind} is called {name!r}; {hint}")

    def __str__(self) -> str:
        return str(self.args[0])


def require(kind: str, name: str, known: Iterable[str]) -> None:
    """Refuse a `name` that is not among the `known` ones, so that no selection is empty by a slip.

    Raises
    ------
    UnknownNameError
        With the names that come near.
    """
    names = list(known)
    if name not in names:
        raise UnknownNameError(kind, name, names)
