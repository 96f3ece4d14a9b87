"""Plain pages for a bundle: one file each, readable in any browser and aloud, without script and without any address.

Everything that is put in is escaped here and nowhere else. A value that somebody typed stands in `<bdi>`, so that it
keeps its own direction; characters that would steer the text around them are shown by their number.

>>> value("a<b")
'<bdi>a&lt;b</bdi>'
"""

import base64
import html
import re
from collections.abc import Iterable, Sequence

from consent.record.bidi import is_rtl_language
from consent.record.labels import joined
from consent.record.own_words import named

# Control characters but tab and line ends; marks, embeddings, overrides and isolates of direction; halves of pairs.
_STEERING = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
STYLE = (
    "body{font:1.125rem/1.6 sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#111;background:#fff}"
    "h1{font-size:1.8rem}h2{font-size:1.35rem;margin-top:2.2rem}dt{font-weight:bold;margin-top:.8rem}dd{margin:0}"
    "p,dd,td,li{white-space:pre-wrap;overflow-wrap:anywhere}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:start;vertical-align:top;padding:.4rem .6rem;"
    "border-bottom:1px solid #666}caption{text-align:start;font-weight:bold}blockquote{margin:0;"
    "border-inline-start:4px solid #666;padding-inline-start:1rem}img{max-width:100%;border:1px solid #666}"
)


def text(words: object) -> str:
    """Words of our own, escaped."""
    return html.escape(_STEERING.sub(lambda found: named(found[0]), str(words)))


def value(words: object, *, language: str = "") -> str:
    """A value that was typed or is code, escaped and isolated."""
    attributes = f' lang="{text(language)}"' if language else ""
    return f"<bdi{attributes}>{text(words)}</bdi>"


def filled(label: str, **values: str) -> str:
    """A label with values in its {braces}, each isolated."""
    return joined(text(label), **{name: value(one) for name, one in values.items()})


def paragraph(content: str) -> str:
    """A paragraph of escaped words."""
    return f"<p>{content}</p>\n"


def heading(words: object, *, level: int = 2) -> str:
    """A heading."""
    return f"<h{level}>{text(words)}</h{level}>\n"


def facts(pairs: Iterable[tuple[object, object]]) -> str:
    """Labels with their values; a value that is empty is left out with its label."""
    lines = [f"<dt>{value(label)}</dt><dd>{value(one)}</dd>\n" for label, one in pairs if str(one)]
    return f"<dl>\n{''.join(lines)}</dl>\n" if lines else ""


def listed(items: Iterable[str]) -> str:
    """A list of escaped words."""
    return "<ul>\n" + "".join(f"<li>{item}</li>\n" for item in items) + "</ul>\n"


def table(caption: object, heads: Sequence[object], rows: Iterable[Sequence[object]]) -> str:
    """A table, each cell a value."""
    head = "".join(f'<th scope="col">{text(one)}</th>' for one in heads)
    body = "".join("<tr>" + "".join(f"<td>{value(cell)}</td>" for cell in row) + "</tr>\n" for row in rows)
    return (
        f"<table>\n<caption>{text(caption)}</caption>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n"
        "</table>\n"
    )


def picture(png: bytes, *, alt: str) -> str:
    """A picture inside the page itself."""
    return f'<p><img src="data:image/png;base64,{base64.b64encode(png).decode("ascii")}" alt="{text(alt)}"></p>\n'


def page(*, title: object, language: str, body: str) -> bytes:
    """The whole page.

    **Takes** the language of its words as a BCP 47 tag; a body made of the functions above.
    """
    direction = "rtl" if is_rtl_language(language) else "ltr"
    return (
        f'<!doctype html>\n<html lang="{text(language)}" dir="{direction}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{text(POLICY)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="referrer" '
        f'content="no-referrer">\n<title>{text(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n'
        f"{body}</main>\n</body>\n</html>\n"
    ).encode()
