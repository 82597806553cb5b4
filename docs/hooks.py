"""What mkdocs needs of us: pages made of the files at the root, and sections with names and an order.

Every page under docs/ is picked up by itself; only sections are listed here.
"""

import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
SECTIONS = {
    "Tutorial": "Tutorial",
    "How to": "How to",
    "Reference": "Reference",
    "Explanation": "Explanation",
    "Adr": "Decisions",
}
ROOT_PAGES = {
    "ARCHITECTURE.md": "explanation/architecture.md",
    "SECURITY.md": "explanation/security.md",
    "CONTRIBUTING.md": "how-to/contribute.md",
    "CHANGELOG.md": "reference/changelog.md",
    "README.md": "index.md",
}
LINK = re.compile(r"(?<!\!)\[([^\]]+)\]\(([^)#\s]+)(#[^)\s]*)?\)")


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """A page whose front matter says `file: NAME` shows that file of the root, with its links turned to pages here."""
    name = page.meta.get("file")
    if not name:
        return markdown
    up = "../" * page.file.src_uri.count("/")
    return LINK.sub(lambda m: _turn(m, up), (ROOT / name).read_text("utf-8"))


def on_nav(nav: Any, **_: Any) -> Any:
    """Home and glossary first, then the sections in the order of SECTIONS."""
    order = list(SECTIONS)
    nav.items.sort(key=lambda item: order.index(item.title) if item.is_section and item.title in order else -1)
    for item in nav.items:
        if item.is_section:
            item.title = SECTIONS.get(item.title, item.title)
    return nav


def _turn(link: re.Match[str], up: str) -> str:
    text, target, anchor = link.group(1), link.group(2), link.group(3) or ""
    if "://" in target or target.startswith("mailto:"):
        return link.group(0)
    if target in ROOT_PAGES:
        return f"[{text}]({up}{ROOT_PAGES[target]}{anchor})"
    if target.startswith("docs/"):
        return f"[{text}]({up}{target.removeprefix('docs/')}{anchor})"
    return text  # a file of the source tree, which is not a page
