"""Tables of R with rdata, which goes through thirty branches for each cell of text; here once for each string."""

from __future__ import annotations

from collections.abc import Mapping
from struct import Struct
from typing import Any

from rdata import conversion, parser
from rdata.parser._xdr import ParserXDR  # no public function takes a parser

STARTS = b"RDX2\nX\n", b"RDX3\nX\n"  # the form that R writes
TEXT, WHOLE_NUMBERS, KIND_AND_FLAGS = 9, 13, 0xFFF
_whole_number = Struct(">i").unpack  # fails where the file ends within one


class Parser(ParserXDR):
    """Parses as rdata does, and makes one object of all equal strings."""

    def __init__(self, content: memoryview) -> None:
        super().__init__(content, expand_altrep=True, altrep_constructor_dict=parser.DEFAULT_ALTREP_MAP)
        self.whole_numbers = _info(parser.RObjectType.INT)
        self.strings: dict[tuple[int, bytes | None], parser.RObject] = {}

    def parse_int(self) -> int:
        """Parse an integer without an array for it."""
        number: int = _whole_number(self.file.read(4))[0]
        return number

    def parse_R_object(  # noqa: N802
        self, reference_list: Any = None, bytecode_rep_list: Any = None, info_int: int | None = None
    ) -> parser.RObject:
        """Parse strings and plain whole numbers here, and all else in rdata."""
        if info_int is None:
            flags = self.parse_int()
            if flags & KIND_AND_FLAGS == TEXT:
                return self._string(flags)
            if flags == WHOLE_NUMBERS:
                return parser.RObject(self.whole_numbers, self.parse_nullable_int_array(), None)
            self.file.seek(-4, 1)
        return super().parse_R_object(reference_list, bytecode_rep_list, info_int)

    def _string(self, flags: int) -> parser.RObject:
        length = self.parse_int()
        content = None if length == -1 else self.parse_string(length)
        if content is not None and len(content) != length:
            raise EOFError("the file ends within a string")
        key = (flags, content)
        if key not in self.strings:
            self.strings[key] = parser.RObject(_info(parser.RObjectType.CHAR, flags), content, None)
        return self.strings[key]


def _info(kind: parser.RObjectType, flags: int = 0) -> parser.RObjectInfo:
    return parser.RObjectInfo(kind, object=False, attributes=False, tag=False, gp=flags >> 12 & 0xFFFF, reference=0)


class Converter(conversion.SimpleConverter):
    """Converts as rdata does, and each object of text once."""

    def _convert_next(self, data: parser.RData | parser.RObject) -> Any:
        if isinstance(data, parser.RData) or data.info.type is not parser.RObjectType.CHAR:
            return super()._convert_next(data)
        if id(data) not in self.references:
            self.references[id(data)] = conversion.convert_char(
                data,
                default_encoding=self.default_encoding_used,
                force_default_encoding=self.force_default_encoding,
            )
        return self.references[id(data)]


def objects(content: bytes, classes: Mapping[str | bytes, Any]) -> dict[str, Any]:
    """The named objects of an unpacked file of R; `classes` makes those of a class of R."""
    if content.startswith(STARTS):
        own = Parser(memoryview(content)[len(STARTS[0]) :])
        parsed = own.parse_all()
        own.check_complete()
    else:
        parsed = parser.parse_data(content)
    found: dict[str, Any] = Converter(classes).convert(parsed)
    return found
