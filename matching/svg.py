"""Just enough SVG: shapes with a tooltip, text, one document. Nothing in it runs or loads anything."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

FONT = "'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei','WenQuanYi Micro Hei',sans-serif"
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # not allowed in XML at all
_WIDE = re.compile("[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]")


def escaped(text: object) -> str:
    return escape(_ILLEGAL.sub("\ufffd", str(text)))


def width_of(text: str, size: float) -> float:
    """About how wide a text is: a Chinese character is as wide as it is high, others about half."""
    return size * sum(1.0 if _WIDE.match(letter) else 0.56 for letter in text)


def cut_to(text: str, size: float, width: float) -> str:
    """The text, shortened with an ellipsis to fit."""
    if width_of(text, size) <= width:
        return text
    while text and width_of(text + "…", size) > width:
        text = text[:-1]
    return text + "…"


def shape(name: str, tip: str = "", **attributes: object) -> str:
    """One element; underscores in attribute names become hyphens, `tip` a tooltip that screen readers tell too."""
    written = "".join(f' {key.replace("_", "-")}="{_attribute(value)}"' for key, value in attributes.items())
    return f"<{name}{written}><title>{escaped(tip)}</title></{name}>" if tip else f"<{name}{written}/>"


def _attribute(value: object) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else escaped(value)


def text(x: float, y: float, words: str, size: float = 13, **attributes: object) -> str:
    written = "".join(f' {key.replace("_", "-")}="{_attribute(value)}"' for key, value in attributes.items())
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}"{written}>{escaped(words)}</text>'


def curve(x1: float, y1: float, x2: float, y2: float) -> str:
    """Path data of a line that leaves and arrives level."""
    middle = (x1 + x2) / 2
    return f"M{x1:.1f} {y1:.1f}C{middle:.1f} {y1:.1f} {middle:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"


def ribbon(x1: float, top1: float, end1: float, x2: float, top2: float, end2: float) -> str:
    """Path data of a band between two upright stretches."""
    middle = (x1 + x2) / 2
    return (
        f"M{x1:.1f} {top1:.1f}C{middle:.1f} {top1:.1f} {middle:.1f} {top2:.1f} {x2:.1f} {top2:.1f}"
        f"V{end2:.1f}C{middle:.1f} {end2:.1f} {middle:.1f} {end1:.1f} {x1:.1f} {end1:.1f}Z"
    )


def document(width: float, height: float, title: str, summary: str, body: Sequence[str]) -> str:
    """A whole picture on white, described for those who cannot see it."""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}"'
        f' height="{height:.0f}" role="img" aria-labelledby="title summary" font-family="{FONT}">'
        f'<title id="title">{escaped(title)}</title><desc id="summary">{escaped(summary)}</desc>'
        '<rect width="100%" height="100%" fill="#fff"/>'
    )
    return "\n".join([head, *body, "</svg>"]) + "\n"


__all__ = ["curve", "cut_to", "document", "escaped", "ribbon", "shape", "text", "width_of"]
