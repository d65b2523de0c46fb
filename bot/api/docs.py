"""Pages for people who write programs, made of the document alone: operations with examples, and what codes mean."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from html import escape
from typing import Any

from bot.api.openapi import refusals_of
from bot.api.operation import Operation
from bot.api.problems import BASE, OWN
from bot.domain.people.api_key import KEY_HEADER
from bot.i18n import Translator
from bot.services.statuses import ALL as STATUSES
from bot.text import Phrase, t

_STYLE = """
:root{color-scheme:light dark;--ink:#1d2330;--ground:#f4f6f9;--card:#fff;--line:#dfe3ea;--blue:#0b5fd0;--soft:#5b6472}
@media(prefers-color-scheme:dark){:root{--ink:#e7eaf0;--ground:#14171d;--card:#1d222b;--line:#343b47;--blue:#7db4ff;--soft:#a3acba}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:960px;margin:0 auto;padding:16px}
h1{font-size:28px}h2{margin:32px 0 8px;font-size:20px}h3{margin:0;font-size:16px;overflow-wrap:anywhere}
section,article{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:14px 16px;margin:12px 0}
nav a{display:inline-block;padding:8px 10px}
a{color:var(--blue)}
code,pre{font:14px/1.45 ui-monospace,monospace}
pre{overflow-x:auto;background:var(--ground);border-radius:8px;padding:10px 12px}
table{border-collapse:collapse;width:100%}
td,th{text-align:left;vertical-align:top;padding:4px 10px 4px 0;overflow-wrap:anywhere}
.soft{color:var(--soft)}.verb{color:var(--blue);font-weight:700}
"""


ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0b5fd0"/>'
    '<path d="M10 11 5 16l5 5m12-10 5 5-5 5m-4-13-4 16" fill="none" stroke="#fff" stroke-width="2.5"/></svg>'
)
"""What stands before the title in a tab of the browser."""


@cache
def stylesheet() -> str:
    """Return how the pages look."""
    return _STYLE.strip() + "\n"


def _say(locale: str, words: Phrase) -> str:
    return escape(Translator(locale, "UTC", datetime.now(UTC)).plain(words))


def _page(locale: str, title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="{locale}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
        f'<title>{title}</title><link rel="icon" href="{BASE}/docs.svg">'
        f'<link rel="stylesheet" href="{BASE}/docs.css"></head>'
        f"<body><main>{body}</main></body></html>"
    )


def docs_page(document: dict[str, Any], locale: str) -> str:
    """Return the page of the whole API."""
    title = _say(locale, t("The API of Smena"))
    parts = [f"<h1>{title}</h1>", *_introduction(locale)]
    tags = [each["name"] for each in document["tags"]]
    parts.append("<nav>" + " ".join(f'<a href="#{each}">{each}</a>' for each in tags) + "</nav>")
    for tag in tags:
        parts.append(f'<h2 id="{tag}">{tag}</h2>')
        for path, verbs in document["paths"].items():
            parts += [
                _operation(path, verb, told, document, locale) for verb, told in verbs.items() if tag in told["tags"]
            ]
    return _page(locale, title, "".join(parts))


def _introduction(locale: str) -> Iterator[str]:
    sentences = (
        t("A program shows its key with each call: “{header}”. Keys are made on your own page.", header=KEY_HEADER),
        t("Lists go on at “next”, sent as “after”. What changes has an ETag; who changes it sends it as If-Match."),
        t("A POST with an Idempotency-Key is done once, however often it is sent within a day."),
        t("A refusal has a “code” for programs, and a “title” for people in the language of Accept-Language."),
    )
    yield "<section>" + "".join(f"<p>{_say(locale, each)}</p>" for each in sentences)
    yield f'<p><a href="{BASE}/openapi.json">openapi.json</a></p></section>'


def _operation(path: str, verb: str, told: dict[str, Any], document: dict[str, Any], locale: str) -> str:
    rows = [
        f"<tr><td><code>{escape(each['name'])}</code></td><td>{escape(each['in'])}</td>"
        f"<td>{escape(each.get('description', ''))}</td></tr>"
        for each in told["parameters"]
    ]
    schema = told.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    rows += [
        f"<tr><td><code>{escape(name)}</code></td><td>body</td><td>{escape(words)}</td></tr>"
        for name, words in fields_of(schema, document)
    ]
    answers = "".join(
        f"<tr><td><code>{status}</code></td><td>{_codes(each['description'])}</td></tr>"
        for status, each in told["responses"].items()
    )
    scope = f' <span class="soft">{escape(told["x-scope"])}</span>' if "x-scope" in told else ""
    return (
        f'<article id="{told["operationId"]}"><h3><span class="verb">{verb.upper()}</span> '
        f"<code>{escape(BASE + path)}</code>{scope}</h3><p>{escape(told['summary'])}</p>"
        + (f"<table>{''.join(rows)}</table>" if rows else "")
        + f"<pre>{escape(curl(path, verb, told, document))}</pre>"
        + f"<pre>{escape(python(path, verb, told, document))}</pre>"
        + f"<details><summary>{_say(locale, t('Answers'))}</summary><table>{answers}</table></details></article>"
    )


def _codes(words: str) -> str:
    """Return what an answer means, with links to the pages of its codes."""
    found = []
    for each in words.split("; "):
        if each.startswith("`"):
            code = each[1:].partition("`")[0]
            rest = escape(each[1:].partition("`")[2])
            found.append(f'<a href="{BASE}/problems/{code}"><code>{code}</code></a>{rest}')
        else:
            found.append(escape(each))
    return "<br>".join(found)


def fields_of(schema: dict[str, Any] | None, document: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the fields of a body, and what is said of each."""
    if schema is None:
        return []
    known = document["components"]["schemas"]
    form = known[schema["$ref"].rsplit("/", 1)[-1]] if "$ref" in schema else schema
    return [(name, each.get("description", "")) for name, each in form.get("properties", {}).items()]


def example_of(schema: dict[str, Any] | None, document: dict[str, Any]) -> str:
    """Return a body as it may be sent: with what must be there."""
    if schema is None:
        return ""
    known = document["components"]["schemas"]
    form = known[schema["$ref"].rsplit("/", 1)[-1]] if "$ref" in schema else schema
    if form.get("examples"):
        return json.dumps(form["examples"][0], ensure_ascii=False)
    wanted = form.get("required") or list(form.get("properties", {}))[:1]
    pairs = [f'"{name}": {_value(form["properties"][name], known)}' for name in wanted]
    return "{" + ", ".join(pairs) + "}"


def _value(schema: dict[str, Any], known: dict[str, Any]) -> str:
    if "$ref" in schema:
        return _value(known[schema["$ref"].rsplit("/", 1)[-1]], known)
    if schema.get("examples"):
        return json.dumps(schema["examples"][0], ensure_ascii=False)
    if "anyOf" in schema:
        return _value(schema["anyOf"][0], known)
    if "enum" in schema:
        return f'"{schema["enum"][0]}"'
    if "const" in schema:
        return f'"{schema["const"]}"'
    examples = {"date": '"2026-12-01"', "date-time": '"2026-12-01T09:00:00Z"'}
    kinds = {"integer": "1", "number": "1", "boolean": "true", "array": "[]", "object": "{}"}
    return examples.get(schema.get("format", "")) or kinds.get(schema.get("type", ""), '"…"')


def curl(path: str, verb: str, told: dict[str, Any], document: dict[str, Any]) -> str:
    """Return the line by which a shell makes the call."""
    lines = [f"curl -X {verb.upper()} https://smena.example.com{BASE}{path}{_asked(told)}"]
    if told.get("security") != []:
        lines.append('-H "Authorization: Bearer $SMENA_KEY"')
    if any(each["name"] == "If-Match" and each["required"] for each in told["parameters"]):
        lines.append("-H 'If-Match: \"7\"'")
    schema = told.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    if schema is not None:
        lines += ["-H 'Content-Type: application/json'", f"-d '{example_of(schema, document)}'"]
    if _takes_file(told):
        lines.append("-F 'file=@paper.pdf'")
    return " \\\n  ".join(lines)


def python(path: str, verb: str, told: dict[str, Any], document: dict[str, Any]) -> str:
    """Return the line by which Python makes the call."""
    schema = told.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    body = "" if schema is None else f", json={_pythonic(example_of(schema, document))}"
    if _takes_file(told):
        body = ", files={'file': open('paper.pdf', 'rb')}"
    wants = any(each["name"] == "If-Match" and each["required"] for each in told["parameters"])
    match = ", headers={'If-Match': etag}" if wants else ""
    return f'smena.request("{verb.upper()}", "{BASE}{path}{_asked(told)}"{body}{match})'


def _takes_file(told: dict[str, Any]) -> bool:
    return "multipart/form-data" in told.get("requestBody", {}).get("content", {})


def _pythonic(text: str) -> str:
    return text.replace("true", "True").replace("null", "None")


def _asked(told: dict[str, Any]) -> str:
    wanted = [each for each in told["parameters"] if each["in"] == "query" and each["required"]]
    values = {"first": "2026-12-01", "last": "2026-12-31"}
    pairs = [f"{each['name']}={values.get(each['name'], '…')}" for each in wanted]
    return "?" + "&".join(pairs) if pairs else ""


def problem_page(code: str, operations: Sequence[Operation], locale: str) -> str | None:
    """Return the page of a code; None where there is no such code."""
    if code in OWN:
        statuses, words = OWN[code]
        said = _say(locale, words)
    elif code in STATUSES:
        statuses, said = (STATUSES[code],), ""
    else:
        return None
    where = [each for each in operations if any(code in codes for codes in refusals_of(each).values())]
    heading = _say(locale, t("Where it may be answered"))
    places = "".join(f"<li><code>{each.verb} {escape(BASE + each.path)}</code></li>" for each in where)
    status = ", ".join(str(each) for each in statuses)
    body = (
        f"<h1><code>{escape(code)}</code></h1><section><p>{said}</p><p class='soft'>HTTP {status}</p></section>"
        f"<h2>{heading}</h2><section><ul>{places}</ul><p><a href='{BASE}/docs'>API</a></p></section>"
    )
    return _page(locale, escape(code), body)
