"""The tables of what people read of a run, taken out of the texts again."""

import csv
import io
import re
from html.parser import HTMLParser

Rows = list[dict[str, str]]


def rows_of_markdown(text: str) -> dict[str, Rows]:
    """The tables of a Markdown text by their sections, without its escapes and links."""
    found: dict[str, Rows] = {}
    for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        lines = [re.split(r"(?<!\\)\|", line)[1:-1] for line in part.splitlines() if line.startswith("|")]
        cells = [[re.sub(r"\\(.)", r"\1", cell.strip()) for cell in line] for line in lines]
        found[part.splitlines()[0]] = [dict(zip(cells[0], line, strict=True)) for line in cells[2:]]
    return found


def rows_of_terminal(text: str, title: str) -> Rows:
    """A table of the terminal, which is so wide that nothing wraps; its rows stand in, its last cells may be empty."""
    lines = text.splitlines()
    start = next(number for number, line in enumerate(lines) if title in line)
    rule = next(number for number in range(start, len(lines)) if "──" in lines[number])
    head = max((re.split(r"\s{2,}", line.strip()) for line in lines[start + 1 : rule]), key=len)
    rows: Rows = []
    for line in lines[rule + 1 :]:
        if not line.startswith(" ") or not line.strip():
            return rows
        rows.append(dict(zip(head, re.split(r"\s{2,}", line.strip()), strict=False)))
    return rows


def rows_of_csv(content: bytes) -> Rows:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


class Page(HTMLParser):
    """Its text, its tags with where they lead, and its tables by the titles of their sections."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.tags: list[str] = []
        self.tables: dict[str, list[list[str]]] = {}
        self.text = ""
        self._tag = self._title = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]
        self._tag = tag
        if tag in {"h2", "summary"}:
            self._title = ""
        if tag == "tr":
            self.tables.setdefault(self._title, []).append([])
        if tag in {"td", "th"}:
            self.tables[self._title][-1].append("")

    def handle_endtag(self, _tag: str) -> None:
        self._tag = ""

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._tag in {"h2", "summary"}:
            self._title += re.sub(r" \(\d+\)$", "", data)
        if self._tag in {"td", "th"}:
            self.tables[self._title][-1][-1] += data

    def rows(self, title: str) -> Rows:
        head, *lines = self.tables[title]
        return [dict(zip(head, line, strict=True)) for line in lines]
