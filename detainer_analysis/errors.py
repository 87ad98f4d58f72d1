"""The one error that bad data raises."""


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
        super().__init__(f"{', '.join(place)}: {problem}")
