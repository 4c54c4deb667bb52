"""What all pictures share: a canvas, the form in which they are kept, and how names fit beside bars.

matplotlib draws them, without its global state, and is imported only where a picture is made.
"""

import base64
import io
import typing
import warnings
from dataclasses import dataclass

from timeouts.text.visible import one_line

if typing.TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Format = typing.Literal["png", "svg"]

INK = "#1f2933"
_LONGEST_NAME = 34
_DPI = 100
_WIDTH = 9.0


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn picture with its title."""

    title: str
    form: Format
    drawn: bytes

    def as_address(self) -> str:
        """Return it as an address that holds the picture itself, for Markdown and HTML."""
        kind = "image/png" if self.form == "png" else "image/svg+xml"
        return f"data:{kind};base64,{base64.b64encode(self.drawn).decode('ascii')}"


def short_name(name: str) -> str:
    """Return the name of an action, in one line that fits beside its bar."""
    shown = one_line(name)
    return shown if len(shown) <= _LONGEST_NAME else f"{shown[: _LONGEST_NAME - 1]}…"


def canvas(height: float, margins: tuple[float, float, float, float]) -> tuple["Figure", "Axes"]:
    """Make an empty picture; sizes in inches, margins left, bottom, right and top."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - half a second that only a run with pictures should pay

    figure = Figure(figsize=(_WIDTH, height), dpi=_DPI)
    # Margins of our own: matplotlib's layout engines draw everything twice to find them.
    left, bottom, right, top = margins
    axes = figure.add_axes((left / _WIDTH, bottom / height, 1 - (left + right) / _WIDTH, 1 - (bottom + top) / height))
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(length=0, colors=INK)
    return figure, axes


def rendered(figure: "Figure", form: Format) -> bytes:
    """Return the drawn picture: the same picture is the same bytes."""
    drawn = io.BytesIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")  # an emoji in a name is shown as a box
        # Without a date, the same picture is the same bytes.
        figure.savefig(drawn, format=form, metadata={"Date": None} if form == "svg" else None)
    return drawn.getvalue() if form == "svg" else _smaller(drawn)


def _smaller(drawn: io.BytesIO) -> bytes:
    """Return the same PNG in few colours: it lies in the Prefect server's database, once for each run."""
    from PIL import Image  # noqa: PLC0415 - comes with matplotlib, and is imported with it

    small = io.BytesIO()
    with Image.open(drawn) as image:
        image.convert("RGB").quantize(64).save(small, "PNG", optimize=True)
    return small.getvalue()
