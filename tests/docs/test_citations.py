"""Every page, section and file that code, tests or docs name is in this repository."""

import functools
import os
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
ENDINGS = {".py", ".md", ".toml", ".yaml", ".yml", ".sh", ".jinja", ".conf", ".txt"}

ADDRESS = re.compile(r"\w+://\S+")
PAGE = re.compile(r"(?<![\w/.{}-])((?:[\w.-]+/)*[\w-]+\.md|[\w-]+\.txt)\b((?:#[\w-]+(?:(?:,| to| and| or)\s+(?=#))?)*)")
LINK = re.compile(r"\]\(([^)\s]*)\)")
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#+ +(.*)$", re.MULTILINE)
NAMED = re.compile(r'<a id="([\w-]+)"></a>')


@functools.cache
def files() -> list[Path]:
    """All that may cite something; hidden folders are not ours to check."""
    found = []
    for folder, below, names in os.walk(ROOT):
        below[:] = [name for name in below if not name.startswith((".", "__"))]
        found += [Path(folder, name) for name in names if Path(name).suffix in ENDINGS or name == "Makefile"]
    return sorted(set(found) - {Path(__file__)})  # where examples stand


def pages() -> list[Path]:
    return [file for file in files() if file.suffix == ".md"]


@functools.cache
def anchors(page: Path) -> frozenset[str]:
    """The sections of a page: what it names, and its headings as GitHub and most viewers name them."""
    text = FENCED.sub("", page.read_text("utf-8"))
    named = NAMED.findall(text)
    slugs: dict[str, int] = {}
    for heading in HEADING.findall(text):
        slug = re.sub(r"[^\w\- ]", "", re.sub(r"\]\([^)]*\)", "]", heading).lower()).strip().replace(" ", "-")
        slugs[slug] = slugs.get(slug, -1) + 1
        named.append(f"{slug}-{slugs[slug]}" if slugs[slug] else slug)
    return frozenset(named)


def target(citing: Path, cited: str) -> Path | None:
    """The file that a name means: from the root, from the folder of whoever cites it, or of that name anywhere."""
    places = [ROOT / cited, citing.parent / cited]
    if "/" not in cited:
        places += [file for file in files() if file.name == cited]
    return next((place.resolve() for place in places if place.is_file()), None)


@functools.cache
def citations() -> list[tuple[str, Path, str, list[str]]]:
    """Where each citation stands, in which file, and the page and sections that it names."""
    cited = []
    for file in files():
        text = ADDRESS.sub(lambda found: " " * len(found[0]), file.read_text("utf-8"))
        for found in PAGE.finditer(text):
            line = text.count("\n", 0, found.start()) + 1
            cited.append((f"{file.relative_to(ROOT)}:{line}", file, found[1], re.findall(r"#([\w-]+)", found[2])))
    return cited


def links() -> Iterator[tuple[str, Path, str, str]]:
    """Where each relative link of a page stands, the page, and the path and section that it names."""
    for page in pages():
        text = FENCED.sub(lambda found: "\n" * found[0].count("\n"), page.read_text("utf-8"))
        for found in LINK.finditer(text):
            path, _, anchor = found[1].partition("#")
            if not re.match(r"\w+:", path):
                yield f"{page.relative_to(ROOT)}:{text.count(chr(10), 0, found.start()) + 1}", page, path, anchor


def test_every_page_that_is_cited_is_in_the_repository() -> None:
    missing = [f"{where} {cited}" for where, citing, cited, _ in citations() if target(citing, cited) is None]
    assert missing == []


def test_every_section_that_is_cited_exists() -> None:
    missing = [
        f"{where} {cited}#{anchor}"
        for where, citing, cited, sections in citations()
        if (page := target(citing, cited)) is not None
        for anchor in sections
        if anchor not in anchors(page)
    ]
    assert missing == []


def test_every_link_of_the_pages_leads_to_a_file_or_a_section() -> None:
    missing = [
        f"{where} {path}#{anchor}"
        for where, page, path, anchor in links()
        if not (page.parent / path).exists()
        or (anchor and anchor not in anchors((page.parent / path).resolve() if path else page))
    ]
    assert missing == []


def test_sections_are_cited_by_their_name_and_never_by_a_number_alone() -> None:
    """`platform.md 6.4` would be wrong again as soon as a section is added."""
    numbered = [
        f"{file.relative_to(ROOT)}: {found[0]}"
        for file in files()
        for found in re.finditer(r"(?:platform|measured|design)\.md,? \d+(\.\d+)?", file.read_text("utf-8"))
    ]
    assert numbered == []


def test_a_citation_of_a_page_that_is_not_here_is_found(tmp_path: Path) -> None:
    """The check checks: what it looks for is found in all the forms that people write."""
    text = "(docs/a/README.md#locks, #errors), README.md 6.4, a/README.md; https://a.b/README.md"
    assert [(found[1], found[2]) for found in PAGE.finditer(ADDRESS.sub("", text))] == [
        ("docs/a/README.md", "#locks, #errors"),
        ("README.md", ""),
        ("a/README.md", ""),
    ]
    page = tmp_path / "README.md"
    page.write_text('<a id="own"></a>\n# 1.2 The `end`, twice\n## Again\n## Again\n```\n# no heading\n```\n', "utf-8")
    assert {"own", "12-the-end-twice", "again", "again-1"} == anchors(page)
