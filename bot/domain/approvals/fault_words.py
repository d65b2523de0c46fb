"""What is wrong with a route, in one sentence each that says what to write instead."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.text import Phrase, t


def sentence_of(code: str, path: str, stage: str, values: Mapping[str, Any]) -> Phrase:
    """Return the sentence about a fault; one in a stage begins with its name."""
    words = _WORDS.get(code)
    name = path.rpartition(".")[2] or path or "…"
    told = {key: _value(value) for key, value in values.items()}
    what = t("“{name}” cannot be like this: look up what may stand here.", name=name) if words is None else words(
        name, told
    )  # fmt: skip
    return t("Stage “{stage}”: {what}", stage=stage, what=what) if stage else what


def _value(value: Any) -> str:
    return str(value).replace("'", "")


def _bad_text(name: str, values: Mapping[str, str]) -> Phrase:
    pattern = values.get("pattern", "")
    if "wd" in pattern:
        return t("write “{name}” as a length of time: 30m, 4h, 8wh, 2d or 1wd.", name=name)
    if "a-z]" in pattern and "A-Z" not in pattern:
        return t(
            "write “{name}” in small Latin letters, digits and underscores, a letter first, 32 at most.", name=name
        )
    if pattern.startswith("^[0-9]"):
        return t("write “{name}” as a number in quotes.", name=name)
    return t(
        "write “{name}” as the name of a field: Latin letters, digits, dots and underscores, a letter first.", name=name
    )


def _too_small(name: str, values: Mapping[str, str]) -> Phrase:
    least = values.get("ge") or str(int(values.get("gt", "0")) + 1)
    return t("“{name}” must be {least} or more.", name=name, least=least)


_WORDS: dict[str, Callable[[str, Mapping[str, str]], Phrase]] = {
    # What a part is
    "not_json": lambda _, __: t("This is not JSON: check its brackets, commas and quotes."),
    "not_an_object": lambda name, _: t("“{name}” must be an object in braces.", name=name),
    "not_a_list": lambda name, _: t("“{name}” must be a list in square brackets.", name=name),
    "not_a_number": lambda name, _: t("“{name}” must be a whole number.", name=name),
    "not_a_text": lambda name, _: t("“{name}” must be a text in quotes.", name=name),
    "not_a_truth": lambda name, _: t("“{name}” must be true or false.", name=name),
    "unknown_schema": lambda _, __: t("“schema” must be “approval.route/1” or “approval.template/1”."),
    "too_deep": lambda _, __: t("conditions are nested too deeply: four levels at most."),
    "missing": lambda name, _: t("“{name}” is missing: write it.", name=name),
    "unknown_key": lambda name, _: t("“{name}” is not known here: take it out or check its spelling.", name=name),
    "unknown_kind": lambda name, v: t(
        "“{name}” is of an unknown kind: write one of {expected}.", name=name, expected=v.get("expected_tags", "")
    ),
    "kind_missing": lambda name, v: t(
        "“{name}” does not say of which kind it is: write “{key}”.", name=name, key=v.get("discriminator", "")
    ),
    "unknown_value": lambda name, v: t(
        "“{name}” must be one of these: {expected}.", name=name, expected=v.get("expected", "")
    ),
    "bad_text": _bad_text,
    "too_small": _too_small,
    "too_large": lambda name, v: t("“{name}” must be {most} or less.", name=name, most=v.get("le", "")),
    "too_few": lambda name, v: t(
        "“{name}” has too few entries: write {least}.", name=name, least=v.get("min_length", "")
    ),
    "too_many": lambda name, v: t(
        "“{name}” has too many entries: {most} at most.", name=name, most=v.get("max_length", "")
    ),
    # What contradicts something else
    "no_approve_or_reject": lambda _, v: t("track “{track}” must offer approve and reject: add both.", **v),
    "quorum_too_large": lambda _, v: t(
        "{n} approvals are asked for in track “{track}”, but of the people named there are {people}: "
        "write {people} or less, or name more.",
        **v,
    ),
    "reminder_after_deadline": lambda _, v: t(
        "the reminder {reminder} would not come before the deadline {after}: write a shorter one.", **v
    ),
    "track_twice": lambda _, v: t("track “{track}” is there twice: give each an id of its own.", **v),
    "stage_twice": lambda _, v: t("there are two stages with this id: give each its own.", **v),
    "field_twice": lambda _, v: t("Field “{field}” is there twice: give each a key of its own.", **v),
    "fallback_missing": lambda _, __: t("“on_empty” is “fallback”: name somebody in “fallback”."),
    "fallback_unused": lambda _, __: t(
        "people are named in “fallback”: write “on_empty”: “fallback”, or leave them out."
    ),
    "unknown_zone": lambda _, v: t("There is no time zone “{zone}”: write one such as Europe/Moscow.", **v),
    "bad_hard_limit": lambda _, v: t(
        "“hard_limit” is {limit}: write calendar time from 1 hour to 366 days, such as 30d.", **v
    ),
    "four_eyes_unknown": lambda _, v: t(
        "“four_eyes” names “{stage}”, and there is no such stage: write the id of one.", **v
    ),
    "change_without_watch": lambda _, __: t("“on_change” is “rework”: name the fields to watch in “watch”."),
    "change_without_rounds": lambda _, __: t("“on_change” is “rework”: write “max_rounds” of 1 or more."),
    "rework_without_rounds": lambda _, __: t(
        "a rejection sends it back for rework: write “max_rounds” of 1 or more in “rework”, or “on_reject”: “stop”."
    ),
    "return_without_rounds": lambda _, __: t(
        "it can be returned for rework: write “max_rounds” of 1 or more in “rework”, or take “return” out."
    ),
    "silence_approves": lambda _, __: t(
        "silence would approve it: write “auto_approve_on_expiry”: true in “policy” as well, or another “on_expire”."
    ),
    "deadline_beyond_limit": lambda _, v: t(
        "the deadline {after} is longer than “hard_limit” {limit}: shorten it or raise the limit.", **v
    ),
    "condition_too_deep": lambda _, __: t("the condition has more than four levels: write it flatter."),
    "nobody_must_answer": lambda _, __: t(
        "It could be approved by silence: let one stage have no “when”, and “reject” or “expire” in “on_expire”."
    ),
    # What contradicts itself in a rule
    "not_a_rule": lambda _, __: t("“schema” must be “automation.rule/1”."),
    "type_of_smart_process": lambda _, __: t(
        "a smart process needs its type in “type_id”, a number of 31 or more; deals, leads and tasks have none."
    ),
    "object_is_gone": lambda _, __: t(
        "what was deleted cannot be changed or commented: notify somebody, make a task or ask for approval instead."
    ),
    "not_for_tasks": lambda _, __: t(
        "tasks have neither stages nor processes here: write “update”, “comment” or “notify”."
    ),
    "choices_missing": lambda _, v: t("Field “{field}” is a choice: write what to choose from in “choices”.", **v),
}
