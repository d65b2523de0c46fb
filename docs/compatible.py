"""Whether programs that were written for one document of the API work with another: what would break, one line each."""

from collections.abc import Iterator, Mapping
from typing import Any

_Doc = Mapping[str, Any]
_DEEPEST = 12


def breaking(before: _Doc, after: _Doc) -> list[str]:
    """Return what programs rely on in one document and does not hold in the other."""
    found: list[str] = []
    for path, verbs in before["paths"].items():
        for verb, was in verbs.items():
            now = after["paths"].get(path, {}).get(verb)
            name = f"{verb.upper()} {path}"
            found += (
                [f"{name} is gone"]
                if now is None
                else [f"{name}: {each}" for each in _changed(was, now, before, after)]
            )
    return found


def _changed(was: _Doc, now: _Doc, before: _Doc, after: _Doc) -> Iterator[str]:
    yield from _parameters(was, now)
    old, new = _body(was), _body(now)
    if new is not None and old is None:
        yield "wants a body"
    elif old is not None and new is not None:
        yield from _narrowed(old, new, before, after, "body", _DEEPEST)
    for status in (each for each in was["responses"] if each.startswith("2")):
        if status not in now["responses"]:
            yield f"answers {status} no more"
            continue
        old, new = _content(was["responses"][status]), _content(now["responses"][status])
        if old is not None and new is None:
            yield "answers nothing any more"
        elif old is not None and new is not None:
            yield from _lost(old, new, before, after, "answer", _DEEPEST)


def _parameters(was: _Doc, now: _Doc) -> Iterator[str]:
    old = {(each["in"], each["name"]): each for each in was["parameters"]}
    new = {(each["in"], each["name"]): each for each in now["parameters"]}
    for key, each in new.items():
        if each["required"] and not (key in old and old[key]["required"]):
            yield f"wants {key[1]}"
    for key, each in old.items():
        if key not in new:
            yield f"knows no {key[1]}"
        elif (lost := _values(each["schema"]) - _values(new[key]["schema"])) and _values(new[key]["schema"]):
            yield f"{key[1]} takes no {', '.join(sorted(lost))}"


def _body(operation: _Doc) -> _Doc | None:
    return _content(operation.get("requestBody", {}))


def _content(holder: _Doc) -> _Doc | None:
    kinds = holder.get("content", {})
    return next((each["schema"] for each in kinds.values()), None)


def _whole(schema: _Doc, document: _Doc) -> _Doc:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    return schema


def _options(schema: _Doc, document: _Doc) -> dict[str, _Doc]:
    """Return the forms that a value may have, by type."""
    schema = _whole(schema, document)
    several = [_whole(each, document) for each in schema.get("anyOf", [schema])]
    return {str(each.get("type", "string" if "enum" in each or "const" in each else "any")): each for each in several}


def _narrowed(was: _Doc, now: _Doc, before: _Doc, after: _Doc, at: str, deep: int) -> Iterator[str]:
    """Tell what may be sent no more, or must be sent besides."""
    old, new = _options(was, before), _options(now, after)
    for kind, each in old.items():
        if kind not in new and "any" not in new:
            yield f"{at} may be no {kind} any more"
            continue
        other = new.get(kind, new.get("any", {}))
        if lost := _values(each) - _values(other) if _values(other) else set():
            yield f"{at} may be no {', '.join(sorted(lost))} any more"
        if added := set(other.get("required", ())) - set(each.get("required", ())):
            yield f"{at} wants {', '.join(sorted(added))}"
        for name, inner in each.get("properties", {}).items() if deep else ():
            if name in other.get("properties", {}):
                yield from _narrowed(inner, other["properties"][name], before, after, f"{at}.{name}", deep - 1)
            elif other.get("additionalProperties") is False:
                yield f"{at} knows no {name}"
        if deep and "items" in each and "items" in other:
            yield from _narrowed(each["items"], other["items"], before, after, f"{at}[]", deep - 1)


def _lost(was: _Doc, now: _Doc, before: _Doc, after: _Doc, at: str, deep: int) -> Iterator[str]:
    """Tell what is answered no more, or in a form that nobody was told of."""
    old, new = _options(was, before), _options(now, after)
    for kind, other in new.items():
        if kind not in old and "any" not in old:
            yield f"{at} may be {kind}"
            continue
        each = old.get(kind, old.get("any", {}))
        if gone := set(each.get("required", ())) - set(other.get("required", ())):
            yield f"{at} may be without {', '.join(sorted(gone))}"
        for name, inner in each.get("properties", {}).items() if deep else ():
            if name in other.get("properties", {}):
                yield from _lost(inner, other["properties"][name], before, after, f"{at}.{name}", deep - 1)
            elif name not in each.get("required", ()):
                yield f"{at} has no {name}"
        if deep and "items" in each and "items" in other:
            yield from _lost(each["items"], other["items"], before, after, f"{at}[]", deep - 1)


def _values(schema: _Doc) -> set[str]:
    found = schema.get("enum", [schema["const"]] if "const" in schema else [])
    return {str(each) for each in found}
