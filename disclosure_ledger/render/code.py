"""A square code (QR) as SVG: the same text, the same picture. Whatever it holds stands beside it as text.

>>> picture("harbor.example/disclosures\\n326\\n")[:60]
'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 37 37" '
"""

from html import escape

QUIET = 4
"""Light modules around the code, as ISO/IEC 18004 asks."""


def picture(text: str, *, label: str = "") -> str:
    """The code of a text as an SVG element; `label` is what stands for it where it cannot be seen."""
    import segno  # an extra: only who draws one needs it

    matrix = segno.make(text, error="m", micro=False, boost_error=False).matrix
    side = len(matrix) + 2 * QUIET
    runs = "".join(_row(line, number + QUIET) for number, line in enumerate(matrix))
    named = f' role="img" aria-label="{escape(label)}"' if label else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges"{named}>'
        f'<path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/><path fill="#000" d="{runs}"/></svg>'
    )


def _row(line: bytearray, number: int) -> str:
    """Each run of dark modules of a row as one rectangle."""
    path, start = "", None
    for place, dark in enumerate((*line, 0)):
        if dark and start is None:
            start = place
        elif not dark and start is not None:
            path += f"M{start + QUIET} {number}h{place - start}v1h-{place - start}z"
            start = None
    return path
