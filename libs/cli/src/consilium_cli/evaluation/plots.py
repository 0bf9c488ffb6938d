"""The three plots of a report: figures with their intervals, the calibration curve, and what was taken for what."""

from consilium_cli.evaluation.calibration import Calibration
from consilium_cli.evaluation.drawing import Box, Drawing, Line, Words
from consilium_cli.evaluation.report import percent
from consilium_cli.evaluation.result import SetResult

WIDTH = 640
_LONGEST_LABEL = 22


def figures(result: SetResult, counts: frozenset[str]) -> Drawing | None:
    """Return every share of a set as a point with its 95% interval; `counts` name figures that are no shares."""
    shares = {name: figure for name, figure in result.figures.items() if name not in counts}
    if not shares:
        return None
    left, right, row, top = 190, WIDTH - 70, 26, 30
    bottom = top + row * len(shares)
    shapes: list[Line | Box | Words] = [Words(8, 16, _short(f"{result.name}, n = {result.n}", 60))]
    for tenth in range(0, 11, 2):
        x = left + (right - left) * tenth / 10
        shapes += [
            Line(x, top, x, bottom, "grid"),
            Words(x, bottom + 16, f"{tenth * 10}%", "soft", 10, "middle"),
        ]
    for at, (name, figure) in enumerate(shares.items()):
        y = top + row * at + row / 2
        low, value, high = (left + (right - left) * each for each in (figure.low, figure.value, figure.high))
        shapes += [
            Words(left - 10, y + 4, _short(name.replace("_", " ")), anchor="end"),
            Line(low, y, high, y, "accent", 2),
            Box(value - 4, y - 4, 8, 8),
            Words(right + 10, y + 4, percent(figure.value)),
        ]
    return Drawing(WIDTH, bottom + 26, f"{result.name}: figures with 95% intervals", shapes)


def calibration(name: str, curve: Calibration) -> Drawing:
    """Return how often what was stated was so, over what was stated; on the diagonal both agree."""
    left, top, side = 60, 30, 320
    shapes: list[Line | Box | Words] = [Words(8, 16, _short(f"{name}: stated against true", 60))]
    for tenth in range(0, 11, 2):
        across, down = left + side * tenth / 10, top + side * (10 - tenth) / 10
        shapes += [
            Line(across, top, across, top + side, "grid"),
            Line(left, down, left + side, down, "grid"),
            Words(across, top + side + 16, f"{tenth * 10}%", "soft", 10, "middle"),
            Words(left - 8, down + 4, f"{tenth * 10}%", "soft", 10, "end"),
        ]
    shapes.append(Line(left, top + side, left + side, top, "soft"))
    for each in curve.bins:
        x = left + side * each.stated
        low, value, high = (top + side * (1 - share) for share in (each.hits.low, each.hits.value, each.hits.high))
        shapes += [Line(x, low, x, high, "accent", 2), Box(x - 4, value - 4, 8, 8)]
    right = left + side + 24
    shapes += [
        Words(left + side / 2, top + side + 34, "stated probability", "soft", 11, "middle"),
        Words(right, top + 16, f"{curve.n} statements", "soft", 11),
        Words(right, top + 34, f"calibration error {curve.error:.3f}", "soft", 11),
        Words(right, top + 52, f"Brier {curve.brier.value:.3f}", "soft", 11),
    ]
    return Drawing(WIDTH, top + side + 44, f"{name}: calibration curve", shapes)


def confusion(result: SetResult) -> Drawing | None:
    """Return the confusion of a set: a row is what was right, a column what came; darker is a larger share of the row."""
    if not result.confusion:
        return None
    rows = list(dict.fromkeys(right for right, _ in result.confusion))
    columns = sorted({got for _, got in result.confusion})
    left, top, height = 190, 66, 26
    width = min(110.0, (WIDTH - left - 10) / len(columns))
    # The letters of a column's name have to fit into its width, else it is cut off.
    letters = max(3, int(width / 6.5))
    shapes: list[Line | Box | Words] = [Words(8, 16, _short(f"{result.name}: right against got", 60))]
    for at, got in enumerate(columns):
        shapes.append(Words(left + width * (at + 0.5), top - 8 - 14 * (at % 2), _short(got, letters * 2), "soft", 9, "middle"))
    for down, right in enumerate(rows):
        y = top + height * down
        total = sum(result.confusion.get((right, got), 0) for got in columns)
        shapes.append(Words(left - 10, y + 17, _short(right), anchor="end"))
        for at, got in enumerate(columns):
            count = result.confusion.get((right, got), 0)
            x = left + width * at
            shapes += [
                Box(x + 1, y + 1, width - 2, height - 2, tint=0.06 + 0.5 * count / total if total else 0.06),
                Words(x + width / 2, y + 17, str(count), anchor="middle"),
            ]
    return Drawing(WIDTH, top + height * len(rows) + 12, f"{result.name}: confusion", shapes)


def _short(text: str, longest: int = _LONGEST_LABEL) -> str:
    return text if len(text) <= longest else f"{text[: longest - 2]}.."
