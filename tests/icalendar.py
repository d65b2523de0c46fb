"""A strict reader of iCalendar text, from RFC 5545: it takes nothing that the format forbids."""

import re

_NAME = re.compile(r"([A-Z-]+)((?:;[A-Z-]+=[^;:]+)*):(.*)", re.DOTALL)
_MUST = {"UID", "DTSTAMP", "DTSTART", "DTEND"}


def lines_of(text: str) -> list[str]:
    """Return the content lines: lines end in CRLF, have 75 octets at most, and go on after a blank (§3.1)."""
    assert text.endswith("\r\n")
    physical = text.removesuffix("\r\n").split("\r\n")
    found: list[str] = []
    for each in physical:
        assert "\n" not in each
        assert "\r" not in each
        assert len(each.encode()) <= 75
        if each.startswith(" "):
            found[-1] += each[1:]
        else:
            found.append(each)
    return found


def events_of(text: str) -> list[dict[str, str]]:
    """Return the entries as their properties with unescaped values."""
    lines = lines_of(text)
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    events: list[dict[str, str]] = []
    inside = False
    for line in lines[1:-1]:
        if line == "BEGIN:VEVENT":
            assert not inside
            inside = True
            events.append({})
        elif line == "END:VEVENT":
            assert events[-1].keys() >= _MUST
            inside = False
        else:
            match = _NAME.fullmatch(line)
            assert match, line
            if inside:
                assert match[1] not in events[-1]
                events[-1][match[1]] = _unescaped(match[3])
    assert not inside
    assert len(events) == len({each["UID"] for each in events})
    return events


def _unescaped(value: str) -> str:
    """Read an escaped text (§3.3.11): only a backslash, a comma, a semicolon and n may follow a backslash."""
    bare = re.sub(r"\\[\\;,nN]", "", value)
    assert not re.search(r"[\\;,]", bare), value
    return re.sub(r"\\([\\;,nN])", lambda found: "\n" if found[1] in "nN" else found[1], value)
