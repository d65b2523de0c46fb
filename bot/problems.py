"""A refusal over HTTP as a document for machines and people (RFC 9457), in the one form that all answers have."""

import json

from aiohttp import web

SERVER = "smena"
"""All that strangers are told of who answers: no names of libraries, no versions."""
PROBLEM = "application/problem+json"
_UNREAD = frozenset({408, 413, 415})
"""Refusals of a body that nobody is going to read: the connection ends with them."""


def problem(status: int, code: str, title: str) -> web.Response:
    """Return a problem document: a code that programs can match, and a sentence for people."""
    body = {"status": status, "code": code, "title": title}
    answer = web.json_response(body, status=status, content_type=PROBLEM, headers={"Server": SERVER})
    if status in _UNREAD:
        answer.force_close()
    return answer


def code_of(response: web.StreamResponse) -> str | None:
    """Return the code of a problem document; None where the answer is something else."""
    if response.content_type != PROBLEM or not isinstance(response, web.Response):
        return None
    return str(json.loads(response.body)["code"]) if isinstance(response.body, bytes) else None
