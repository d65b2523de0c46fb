"""The parts of a template that are open one at a time, and the buttons that add, move, copy and take out."""

import copy
import json
from collections.abc import Callable, Mapping
from typing import Any

from bot.domain.errors import BadForm
from bot.text import t
from bot.web.builder.fields import Control, Fields, Known, Node
from bot.web.builder.nodes import entries, joined
from bot.web.builder.shape import BEGINNING, END, NEW, STAGE, new_field, new_stage, new_track
from bot.web.visit import NotFound

_MOST = {
    "stages": 12, "tracks": 8, "approvers": 20, "fallback": 5, "to": 5, "who": 20, "veto": 20, "remind_before": 5,
    "escalate": 3, "four_eyes": 20, "form": 100, "approved": 10, "rejected": 10, "withdrawn": 10, "expired": 10,
    "failed": 10, "when": 8,
}  # fmt: skip

Form = dict[str, Any]


def nodes_of(section: str, form: Mapping[str, Any]) -> Mapping[str, Node]:
    """Return the nodes of a section by their places in the document."""
    if section == "start":
        return BEGINNING
    if section == "end":
        return END
    number = stage_number(section, form)
    return {} if number is None else {f"route.stages.{number}": STAGE}


def stage_number(section: str, form: Mapping[str, Any]) -> int | None:
    """Return which stage a section is; None for one that is none."""
    kind, _, number = section.partition(".")
    if kind != "stage" or not (number.isascii() and number.isdecimal()):
        return None
    return int(number) if int(number) < len(form["route"]["stages"]) else None


def encoded(section: str, form: Mapping[str, Any], known: Known) -> dict[str, str]:
    """Return the fields of a section as a browser sends them."""
    found: dict[str, str] = {}
    for place, node in nodes_of(section, form).items():
        found |= node.encode(at(form, place), place, known)
    return found


def controls(section: str, form: Mapping[str, Any], shown: Fields, known: Known) -> list[Control]:
    """Return what stands on the page for a section, with the values in `shown`."""
    return [node.control(at(form, place), place, shown, known) for place, node in nodes_of(section, form).items()]


def decoded(section: str, form: Mapping[str, Any], fields: Fields, known: Known) -> Form:
    """Return a template with what was sent of a section; all else stays as it was."""
    after: Form = copy.deepcopy(dict(form))
    for place, node in nodes_of(section, form).items():
        before = at(form, place)
        value = node.decode(fields, place, before, known)
        if value != before or json.dumps(value) != json.dumps(before):
            _put(after, place, value)
    number = stage_number(section, form)
    if number is not None:
        _follow(form["route"]["stages"][number], after["route"]["stages"][number], after)
    return after


def _follow(before: Mapping[str, Any], stage: Form, form: Form) -> None:
    """Keep together what belongs together: whom to ask instead, and the names of stages elsewhere."""
    if stage["on_empty"] != before["on_empty"]:
        if stage["on_empty"] == "fallback" and not stage["fallback"]:
            stage["fallback"] = [NEW["fallback"]()]
        elif stage["on_empty"] == "fail":
            stage["fallback"] = []
    if stage["id"] != before["id"]:
        policy = form["route"]["policy"]
        policy["four_eyes"] = [
            [stage["id"] if each == before["id"] else each for each in names] for names in policy["four_eyes"]
        ]


_DIGITS = 6
"""A place in a list has fewer."""


def at(form: Any, place: str) -> Any:
    """Return what stands at a place of a document; nothing where there is none."""
    for step in place.split("."):
        if isinstance(form, list):
            if not (step.isascii() and step.isdecimal() and len(step) < _DIGITS and int(step) < len(form)):
                raise NotFound
            form = form[int(step)]
        elif isinstance(form, Mapping):
            form = form.get(step)
        else:
            raise NotFound
    return form


def _put(form: Any, place: str, value: Any) -> None:
    head, _, last = place.rpartition(".")
    inside = at(form, head) if head else form
    if isinstance(inside, list):
        inside[_index(last, inside)] = value
    elif isinstance(inside, dict):
        inside[last] = value
    else:
        raise NotFound


def done(form: Form, button: str) -> Form:
    """Return a template after a button was pressed: `add:place`, `remove:place`, `up:`, `down:` or `copy:`."""
    deed, _, place = button.partition(":")
    after: Form = copy.deepcopy(form)
    deeds: Mapping[str, Callable[[Form, str], None]] = {
        "add": _add, "group": _group, "remove": _remove, "up": _up, "down": _down, "copy": _copy,
    }  # fmt: skip
    if deed not in deeds or not place:
        raise NotFound
    deeds[deed](after, place)
    return after


def _list_at(form: Form, place: str) -> list[Any]:
    found = at(form, place)
    if not isinstance(found, list):
        raise NotFound
    return found


def _room(place: str, many: int) -> None:
    name = place.rpartition(".")[2]
    most = _MOST.get(name, 20)
    if many >= most:
        raise BadForm(t("There are {most} already, and there cannot be more here.", most=most))


def _split_condition(place: str) -> tuple[str, str] | None:
    """Return the place of a condition and what is meant inside it; None elsewhere."""
    head, sign, inner = place.partition(".when")
    return (f"{head}.when", inner.lstrip(".")) if sign else None


def _add(form: Form, place: str) -> None:
    condition = _split_condition(place)
    if condition is not None:
        _condition_added(form, *condition, {"op": "cmp", "field": _first_field(form), "test": "ge", "value": None})
        return
    name = place.rpartition(".")[2]
    holder = place.rpartition(".")[0]
    if holder == "route.outcomes" and name in NEW:
        form["route"]["outcomes"].setdefault(name, [])
    found = _list_at(form, place)
    _room(place, len(found))
    if name in {"stages", "tracks"}:
        taken = {each["id"] for each in found}
        made = new_stage if name == "stages" else new_track
        found.append(made(_free("stage" if name == "stages" else "track", taken)))
    elif name == "form":
        found.append(new_field(_free("field", {each["key"] for each in found})))
    elif name in NEW:
        found.append(NEW[name]())
        if name == "fallback":
            at(form, holder)["on_empty"] = "fallback"
    else:
        raise NotFound


def _group(form: Form, place: str) -> None:
    condition = _split_condition(place)
    if condition is None:
        raise NotFound
    one = {"op": "cmp", "field": _first_field(form), "test": "ge", "value": None}
    present = at(form, condition[0])
    op = "or" if present is None or present["op"] != "or" else "and"
    _condition_added(form, condition[0], "", {"op": op, "args": [one, dict(one)]})


def _condition_added(form: Form, place: str, inner: str, item: Form) -> None:
    present = at(form, place)
    if present is None and inner:
        raise NotFound
    if present is None:
        _put(form, place, item)
        return
    listed = entries(present)
    if listed is None:
        raise NotFound
    op, items = listed
    target = _list_at({"x": items[_index(inner, items)]["args"]}, "x") if inner else items
    _room("when", len(target))
    target.append(item)
    _put(form, place, joined(op, items))


def _index(text: str, found: list[Any]) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < _DIGITS and int(text) < len(found)):
        raise NotFound
    return int(text)


def _remove(form: Form, place: str) -> None:
    condition = _split_condition(place)
    if condition is not None and not condition[1]:
        _put(form, condition[0], None)
        return
    if condition is not None:
        listed = entries(at(form, condition[0]) or {"op": "not"})
        if listed is None:
            raise NotFound
        op, items = listed
        first, _, second = condition[1].partition(".")
        if second:
            inner = items[_index(first, items)]["args"]
            del inner[_index(second, inner)]
        else:
            del items[_index(first, items)]
        _put(form, condition[0], joined(op, items))
        return
    holder, _, last = place.rpartition(".")
    found = _list_at(form, holder)
    number = _index(last, found)
    name = holder.rpartition(".")[2]
    if name in {"stages", "tracks"} and len(found) == 1:
        raise BadForm(t("One is needed at least: change it, or add another one first."))
    gone = found.pop(number)
    if name == "stages":
        policy = form["route"]["policy"]
        groups = ([each for each in names if each != gone["id"]] for names in policy["four_eyes"])
        policy["four_eyes"] = [names for names in groups if len(names) > 1]
    if name == "fallback" and not found:
        at(form, holder.rpartition(".")[0])["on_empty"] = "fail"
    if holder.rpartition(".")[0] == "route.outcomes" and not found:
        del form["route"]["outcomes"][name]


def _up(form: Form, place: str) -> None:
    _swap(form, place, -1)


def _down(form: Form, place: str) -> None:
    _swap(form, place, 1)


def _swap(form: Form, place: str, by: int) -> None:
    holder, _, last = place.rpartition(".")
    found = _list_at(form, holder)
    number = _index(last, found)
    other = number + by
    if 0 <= other < len(found):
        found[number], found[other] = found[other], found[number]


def _copy(form: Form, place: str) -> None:
    holder, _, last = place.rpartition(".")
    found = _list_at(form, holder)
    _room(holder, len(found))
    number = _index(last, found)
    made = copy.deepcopy(found[number])
    key = "id" if isinstance(made, dict) and "id" in made else "key"
    if not isinstance(made, dict) or key not in made:
        raise NotFound
    made[key] = _free(str(made[key]), {each[key] for each in found})
    found.insert(number + 1, made)


def _free(name: str, taken: set[str]) -> str:
    base = name[:28]
    return next(each for each in (base, *(f"{base}_{n}" for n in range(2, len(taken) + 3))) if each not in taken)


def _first_field(form: Form) -> str:
    return next((each["key"] for each in form["form"] if each["type"] in {"money", "number"}), "amount")
