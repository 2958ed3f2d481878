"""Every page there is, found by following links as each role, and each kind of page once for each way it looks.

SURVEY=all looks at every kind in every way it looks; without it at each kind once, and at what no page has shown before.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from playwright.sync_api import Page

from tests.e2e.office import Office

ROLES = (
    "registrar-3462990006", "registrar-3462990007", "registrar-3462990004", "head-3462990002", "county_reviewer-622922",
    "county_head-622924", "centre", "province", "auditor", "account_admin",
)  # fmt: skip
FILES = re.compile(
    r"^/files/|/template/$|^/static/|^/admissions/\d+/progress/|^/proofs/\d+/image/|^/archives/\d+/files/|^/api/"
)
"""Addresses that answer with a file or a part of a page."""
ALL = os.environ.get("SURVEY") == "all"
OF_A_KIND = 3 if ALL else 1
"""How many pages of one kind are looked into for another look, for each role."""


class _Seen(HTMLParser):
    """Links, and what a page is made of: tags with class and id, numbers left out."""

    def __init__(self):
        super().__init__()
        self.links: list[str] = []
        self.parts: set[str] = set()

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "a" and (found.get("href") or "").startswith("/"):
            self.links.append(found["href"].split("?")[0].split("#")[0])
        # Where a form goes and what a part is called make no other look; SURVEY=all looks at each of them all the same.
        action = _kind(found.get("action") or "") if ALL else ""
        words = re.sub(r"\d+", "", f"{found.get('class') or ''} {(found.get('id') or '') if ALL else ''}")
        self.parts.add(f"{tag} {action} {' '.join(sorted(words.split()))}")


def _kind(path: str) -> str:
    """The address without the object it names, be it by number or, of a setting, by its key."""
    return re.sub(r"\d+|(?<=/settings/)[^/]+", "#", path)


@dataclass
class Survey:
    """What has been seen: the parts of each kind of page, over all roles."""

    office: Office
    parts: dict[str, set[str]] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)

    def pages_of(self, page: Page) -> Iterator[tuple[str, bool, bool]]:
        """Addresses of pages unlike any seen before, for the person signed in there.

        With each, whether it is the first of its kind, and whether it holds a part seen nowhere else.
        """
        waiting, counted, met = ["/"], {}, {"/"}
        while waiting:
            path = waiting.pop(0)
            kind = _kind(path)
            counted[kind] = counted.get(kind, 0) + 1
            if counted[kind] > OF_A_KIND:
                continue
            response = page.request.get(self.office.url + path)
            seen = _Seen()
            seen.feed(response.text())
            self.statuses[path] = response.status
            fresh = [link for link in seen.links if link not in met and not FILES.search(link)]
            met.update(fresh)
            waiting += dict.fromkeys(fresh)
            first, new = kind not in self.parts, self.has_new(kind, seen.parts)
            if first or new:
                yield path, first, new

    def has_new(self, kind: str, parts: set[str]) -> bool:
        """Whether a page of that kind holds a part not yet seen on any (SURVEY=all: on one of its kind); remembers its parts."""
        known = self.parts.setdefault(kind, set())
        new = parts - (known if ALL else set().union(*self.parts.values()))
        known |= parts
        return bool(new)
