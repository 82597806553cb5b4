"""A fragment of HTML (a feed entry, a mail body, a post) to plain text, with its paragraphs and quotes."""

from __future__ import annotations

import html
import re

import lxml.html
from lxml.etree import LxmlError, ParserError

_MARKUP = re.compile(r"<[a-zA-Z/!][^>]*>|&(?:#\d+|#x[0-9a-fA-F]+|\w+);")
_BLOCKS = {
    "p",
    "div",
    "br",
    "li",
    "blockquote",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "tr",
    "ul",
    "ol",
    "table",
    "section",
}
_APART = {"p", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol"}
_UNSEEN = {"script", "style", "noscript", "template", "head", "title"}


def plain_text(fragment: str) -> str:
    """The words of `fragment`; text that has no markup is only tidied."""
    if not _MARKUP.search(fragment):
        return _tidy(fragment)
    if "<" not in fragment:
        return _tidy(html.unescape(fragment))
    try:
        tree = lxml.html.fragment_fromstring(re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f]", " ", fragment), create_parent="div")
    except (LxmlError, ParserError, ValueError, AssertionError):
        return _tidy(html.unescape(_MARKUP.sub(" ", fragment)))
    out: list[str] = []
    for event, element in lxml.etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else "script"
        mark = "\n\n" if tag in _APART else "\n" if tag in _BLOCKS else ""
        # A line break has no inside: it parts once.
        out.append("" if event == "end" and tag == "br" else mark)
        if event == "start":
            if tag not in _UNSEEN and not _inside_unseen(element):
                out.append(re.sub(r"\s+", " ", element.text or ""))
        elif element is not tree and not _inside_unseen(element):
            out.append(re.sub(r"\s+", " ", element.tail or ""))
    return _tidy("".join(out))


def _inside_unseen(element: lxml.html.HtmlElement) -> bool:
    return any(parent.tag in _UNSEEN for parent in element.iterancestors())


def _tidy(text: str) -> str:
    text = re.sub(r"[ \t\xa0]*\n[ \t\xa0]*", "\n", text.replace("\r\n", "\n").replace("\r", "\n"))
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]{2,}", " ", text)).strip()
