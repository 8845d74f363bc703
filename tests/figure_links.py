"""Reads figures off a page as a browser would: which links claim what, and what the list behind one shows."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

NUMBER = re.compile(r"-?[0-9.]+")


@dataclass(frozen=True)
class Claim:
    """A figure link: the address, and the count and sum (đồng) that it promises; None where it promises none."""

    url: str
    count: int | None
    vnd: int | None
    text: str


@dataclass
class Page(HTMLParser):
    """``claims``: every link that promises a figure; ``bare``: figures whose link promises nothing.

    ``counts`` and ``sums``: what the page itself states, links aside; ``rows``: the last cell of each row of a table,
    or "" for each item of a list.
    """

    html: str
    claims: list[Claim] = field(default_factory=list)
    bare: list[str] = field(default_factory=list)
    counts: set[int] = field(default_factory=set)
    sums: set[int] = field(default_factory=set)
    rows: list[str] = field(default_factory=list)

    def __post_init__(self):
        super().__init__()
        self._link, self._in_body, self._cell = None, False, None
        self.feed(self.html)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "a":
            self._link = (found, [])
        elif tag == "tbody" or (tag == "ul" and "list" in (found.get("class") or "").split()):
            self._in_body = True
        elif tag in ("tr", "li") and self._in_body:
            self.rows.append("")
        elif tag == "td" and self._in_body:
            self._cell = []
        if tag != "a":
            self.counts |= _numbers(found, "data-count")
            self.sums |= _numbers(found, "data-vnd")

    def handle_data(self, text):
        for words in (self._link and self._link[1], self._cell):
            if words is not None:
                words.append(text)

    def handle_endtag(self, tag):
        if tag == "a" and self._link:
            self._keep(*self._link)
            self._link = None
        elif tag in ("tbody", "ul"):
            self._in_body = False
        elif tag == "td" and self._cell is not None:
            self.rows[-1], self._cell = "".join(self._cell).strip(), None

    def _keep(self, attrs, words):
        text = "".join(words).strip()
        promises = {name: int(attrs[name]) for name in ("data-count", "data-vnd") if name in attrs}
        if promises:
            self.claims.append(Claim(attrs["href"], promises.get("data-count"), promises.get("data-vnd"), text))
        elif "fig" in (attrs.get("class") or "").split() and "/so-lieu/" in attrs["href"]:
            self.bare.append(text)

    @property
    def amounts(self) -> int:
        """The sum of the last cells: what a reader who adds the column up gets."""
        return sum(int(text.replace(".", "")) for text in self.rows if NUMBER.fullmatch(text))


def _numbers(attrs, name):
    return {int(attrs[name])} if attrs.get(name) else set()
