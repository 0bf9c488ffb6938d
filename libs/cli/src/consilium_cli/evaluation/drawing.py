"""A few shapes on a sheet, as SVG for a page or as PNG. Three plots do not justify a library among the dependencies."""

import struct
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Literal

from consilium_cli.evaluation.strokes import GLYPHS, HEIGHT, WIDTH

Tone = Literal["ink", "soft", "grid", "accent"]
Anchor = Literal["start", "middle", "end"]
Colour = tuple[int, int, int]

PAPER: Colour = (255, 255, 255)
TONES: dict[Tone, Colour] = {"ink": (28, 33, 40), "soft": (98, 108, 118), "grid": (214, 219, 224), "accent": (0, 98, 155)}
SCALE = 2  # pixels of a PNG for one of the drawing's
# A capital is this part of the text size high, and a letter with its gap this part of it wide, in SVG roughly, too.
_CAPITAL = 0.7
_ADVANCE = 0.62
_SMALL = 0.76


@dataclass(frozen=True)
class Line:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    tone: Tone = "ink"
    width: float = 1


@dataclass(frozen=True)
class Box:
    """A filled rectangle; `tint` 1 is its full tone, 0 nothing of it."""

    x: float
    y: float
    width: float
    height: float
    tone: Tone = "accent"
    tint: float = 1


@dataclass(frozen=True)
class Words:
    """A line of text; `y` is its baseline."""

    x: float
    y: float
    text: str
    tone: Tone = "ink"
    size: float = 12
    anchor: Anchor = "start"


@dataclass(frozen=True)
class Drawing:
    """Shapes on a sheet, the first at the bottom; `title` says in words what they show."""

    width: int
    height: int
    title: str
    shapes: Sequence[Line | Box | Words]

    def svg(self) -> str:
        """Return an SVG element whose tones are classes, so that a page decides on its colours."""
        size = f'viewBox="0 0 {self.width} {self.height}" width="{self.width}"'
        begin = f'<svg {size} role="img" aria-label="{escape(self.title)}" xmlns="http://www.w3.org/2000/svg">'
        parts = [begin, *(_element(shape) for shape in self.shapes), "</svg>"]
        return "".join(parts)

    def png(self) -> bytes:
        """Return a PNG on white paper; the same shapes give the same bytes."""
        sheet = _Sheet(self.width * SCALE, self.height * SCALE)
        for shape in self.shapes:
            if isinstance(shape, Box):
                sheet.fill(shape.x * SCALE, shape.y * SCALE, shape.width * SCALE, shape.height * SCALE, _mixed(shape))
            elif isinstance(shape, Line):
                points = ((shape.x1 * SCALE, shape.y1 * SCALE), (shape.x2 * SCALE, shape.y2 * SCALE))
                sheet.stroke(*points, TONES[shape.tone], shape.width * SCALE)
            else:
                for start, end in _strokes(shape):
                    sheet.stroke(start, end, TONES[shape.tone], max(1.0, shape.size * SCALE / 10))
        return sheet.png()


def _element(shape: Line | Box | Words) -> str:
    if isinstance(shape, Line):
        ends = f'x1="{shape.x1:g}" y1="{shape.y1:g}" x2="{shape.x2:g}" y2="{shape.y2:g}"'
        return f'<line class="{shape.tone}" {ends} stroke-width="{shape.width:g}"/>'
    if isinstance(shape, Box):
        place = f'x="{shape.x:g}" y="{shape.y:g}" width="{shape.width:g}" height="{shape.height:g}"'
        return f'<rect class="{shape.tone}" {place} fill-opacity="{shape.tint:.3g}"/>'
    place = f'x="{shape.x:g}" y="{shape.y:g}" font-size="{shape.size:g}" text-anchor="{shape.anchor}"'
    return f'<text class="{shape.tone}" {place}>{escape(shape.text)}</text>'


def _mixed(box: Box) -> Colour:
    red, green, blue = (round(paper + (full - paper) * box.tint) for paper, full in zip(PAPER, TONES[box.tone], strict=True))
    return red, green, blue


def _strokes(words: Words) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """Yield the strokes of a text in pixels; small letters are drawn as small capitals."""
    plain = unicodedata.normalize("NFKD", words.text)
    letters = [each for each in plain if not unicodedata.combining(each)]
    advance = words.size * _ADVANCE
    shift = {"start": 0.0, "middle": len(letters) / 2, "end": float(len(letters))}[words.anchor]
    for at, letter in enumerate(letters):
        size = words.size * _CAPITAL * (_SMALL if letter.islower() else 1) / HEIGHT
        left = words.x + (at - shift) * advance
        for line in GLYPHS.get(letter.upper(), GLYPHS["?"] if not letter.isspace() else ()):
            points = [
                ((left + x * size * 0.62 * HEIGHT / WIDTH) * SCALE, (words.y + (y - HEIGHT) * size) * SCALE) for x, y in line
            ]
            yield from pairwise(points)


class _Sheet:
    """Pixels in memory."""

    def __init__(self, width: int, height: int) -> None:
        self._width, self._height = width, height
        self._rows = [bytearray(bytes(PAPER) * width) for _ in range(height)]

    def fill(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        left, right = max(0, round(x)), min(self._width, round(x + width))
        for row in range(max(0, round(y)), min(self._height, round(y + height))):
            if right > left:
                self._rows[row][left * 3 : right * 3] = bytes(colour) * (right - left)

    def stroke(self, start: tuple[float, float], end: tuple[float, float], colour: Colour, width: float) -> None:
        """Set a square brush down at every pixel of the way."""
        steps = max(1, round(max(abs(end[0] - start[0]), abs(end[1] - start[1]))))
        for step in range(steps + 1):
            x = start[0] + (end[0] - start[0]) * step / steps
            y = start[1] + (end[1] - start[1]) * step / steps
            self.fill(x - width / 2, y - width / 2, width, width, colour)

    def png(self) -> bytes:
        """Return the pixels as PNG (ISO/IEC 15948): 8 bits, RGB, no filter."""
        header = struct.pack(">IIBBBBB", self._width, self._height, 8, 2, 0, 0, 0)
        pixels = zlib.compress(b"".join(b"\0" + bytes(row) for row in self._rows), 9)
        return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
