"""What is wrong with a template, in the words of the builder: whoever never saw the file is told what to press."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bot.domain.approvals.reading import Fault
from bot.domain.approvals.sentences import length
from bot.domain.approvals.told import titled
from bot.text import Phrase, Value, t
from bot.web.builder.fields import Many, Node, Whole
from bot.web.builder.shape import BEGINNING, END, STAGE

_Values = Mapping[str, Value]
_STAGE = re.compile(r"stages\[(\d+)\]\.?(?:tracks\[(\d+)\])?")
_WHOM = re.compile(r"(approvers|fallback|to|who|veto)(\[\d+\])?\.(id|name|user|group|field|department)$")
_GENERIC = frozenset({"bad_text", "missing", "not_a_number", "not_a_text", "unknown_value"})


def on_page(fault: Fault, form: Mapping[str, Any], locale: str) -> Phrase:
    """Say a fault where it stands on the page: its stage is known there, and tracks have titles or numbers."""
    inner = fault.sentence.values.get("what")
    said = inner if isinstance(inner, Phrase) and "stage" in fault.sentence.values else fault.sentence
    values = {**said.values, **_track(fault.path, form, locale), **_field(said.values, form, locale)}
    if (words := _WORDS.get(fault.code)) is not None:
        return words(values, fault.path)
    if _WHOM.search(fault.path):
        return t("It is not said yet who is meant: choose somebody, or take the line out.")
    label = _LABELS.get(fault.path.rpartition(".")[2])
    if label is not None and fault.code in _GENERIC:
        return t("“{name}” cannot be read: look at it, please.", name=label)
    return Phrase(said.message, {**values, **({"name": label} if label else {})}, said.plural, said.count, said.context)


def _track(path: str, form: Mapping[str, Any], locale: str) -> dict[str, Value]:
    """Return what a track is called on the page; a lone one without a title is its stage."""
    found = _STAGE.search(path)
    if found is None or found[2] is None:
        return {}
    stage = form["route"]["stages"][int(found[1])]
    tracks, number = stage["tracks"], int(found[2])
    title = titled(tracks[number].get("title") or {}, "", locale) if number < len(tracks) else ""
    if not title and len(tracks) == 1:
        title = titled(stage.get("title") or {}, "", locale)
    return {"track": title or str(number + 1)}


def _field(values: _Values, form: Mapping[str, Any], locale: str) -> dict[str, Value]:
    """Return what a field that a finding names is called on the page."""
    key = values.get("field")
    named = next((each for each in form["form"] if each["key"] == key), None)
    return {} if named is None else {"field": titled(named["title"], named["key"], locale)}


def _labels(nodes: Mapping[str, Node]) -> Iterator[tuple[str, Phrase]]:
    for key, node in nodes.items():
        if node.label is not None:
            yield key.rpartition(".")[2], node.label
        inner = node.each if isinstance(node, Many) else node
        if isinstance(inner, Whole):
            yield from _labels(inner.nodes)


_LABELS = {**dict(_labels(END)), **dict(_labels(BEGINNING)), **dict(_labels(STAGE.nodes))}
"""What the page says before a control, by its name in the file."""


def _long(values: _Values) -> dict[str, Value]:
    """Say lengths of time in words."""
    return {key: length(str(each)) if key in {"after", "reminder", "limit"} else each for key, each in values.items()}


def _same_people(values: _Values, path: str) -> Phrase:
    if path.endswith("fallback"):
        return t(
            "Everybody who is asked instead decides in an earlier stage, and others must decide here: name others."
        )
    return t(
        "Everybody in track “{track}” decides in an earlier stage, and others must decide here: name others.", **values
    )


_WORDS: Mapping[str, Callable[[_Values, str], Phrase]] = {
    "no_approve_or_reject": lambda v, _: t(
        "In track “{track}” people must be able to approve and to reject: tick both.", **v
    ),
    "reminder_after_deadline": lambda v, _: t(
        "The reminder would come before the request does: {reminder} is not less than {after}.", **_long(v)
    ),
    "track_twice": lambda _, __: t("Two tracks have the same name in files: give each its own, under “More”."),
    "stage_twice": lambda _, __: t("Two stages have the same name in files: give each its own, under “More”."),
    "field_twice": lambda _, __: t("Two fields have the same name in files: give each its own, under “More”."),
    "fallback_missing": lambda _, __: t(
        "Others are to be asked if nobody can be, and nobody is named: add somebody instead."
    ),
    "fallback_unused": lambda _, __: t(
        "People are named who are never asked: choose “ask these instead”, or take them out."
    ),
    "fallback_to_the_same": lambda _, __: t(
        "Those who are asked instead are the very ones who could not be: name others."
    ),
    "bad_hard_limit": lambda _, __: t("“All of it ends after” takes from 1 hour to 366 days, not working time."),
    "limit_may_cut": lambda _, __: t(
        "This stage may last longer than all of it may: give all of it more time, at the end of the page under “More”."
    ),
    "deadline_beyond_limit": lambda v, _: t(
        "This stage has {after} to answer, and all of it {limit}: shorten the one or raise the other.", **_long(v)
    ),
    "four_eyes_unknown": lambda _, __: t(
        "“Different people decide” names a stage that is not there any more: choose again."
    ),
    "four_eyes_same_people": _same_people,
    "change_without_watch": lambda _, __: t(
        "A change sends it back for rework, and it is not said which: tick fields to watch."
    ),
    "change_without_rounds": lambda _, __: t(
        "A change sends it back for rework: say how many times it can be reworked."
    ),
    "rework_without_rounds": lambda _, __: t(
        "A rejection sends it back for rework: say below, under “Rework”, how many times it can be."
    ),
    "return_without_rounds": lambda _, __: t(
        "It can be sent back for rework: say below, under “Rework”, how many times it can be."
    ),
    "rework_unused": lambda _, __: t(
        "Rework is allowed, but nothing leads to it: tick “send back” in a track, or let a rejection do it."
    ),
    "keep_without_watch": lambda _, __: t(
        "Approvals are kept while nothing watched changes, and nothing is watched: tick fields to watch."
    ),
    "silence_approves": lambda _, __: t(
        "Silence would approve it: allow that in the rules, under “More”, or choose what else happens when time is up."
    ),
    "nobody_must_answer": lambda _, __: t(
        "It could be approved by silence: let one stage always be asked, and not be passed over when its time is up."
    ),
    "choices_missing": lambda v, _: t("There is nothing to choose from in field “{field}”: write it, one a line.", **v),
    "delegate_without_scope": lambda v, _: t(
        "In track “{track}” people can hand over, but the rules let nobody: say below to whom.", **v
    ),
    "scope_without_delegate": lambda _, __: t(
        "Handing over is allowed, but no track offers it: tick “hand over” in one."
    ),
    "condition_never_holds": lambda v, _: t(
        "The condition on “{field}” can never hold: look at what it is compared with.", **v
    ),
    "nobody_else": lambda v, _: t(
        "If the one person in track “{track}” asks for this, or leaves, the request fails: name somebody instead.", **v
    ),
}
"""By the code of a fault, where its own sentence speaks of what stands in a file."""
