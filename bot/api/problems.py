"""Refusals of the API as documents (RFC 9457): a code for programs, a sentence for people, and which status goes along.

What the services refuse has its status in `bot.services.statuses`; here is what only HTTP can get wrong.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import web

from bot.domain.people.api_key import KEY_HEADER
from bot.problems import PROBLEM
from bot.text import Phrase, t

BASE = "/api/v1"

UNAUTHORIZED: Final = "unauthorized"
SCOPE_MISSING: Final = "scope_missing"
NOT_FOUND: Final = "not_found"
METHOD_NOT_ALLOWED: Final = "method_not_allowed"
CHANGED_MEANWHILE: Final = "changed_meanwhile"
TOO_LARGE: Final = "too_large"
NOT_JSON: Final = "not_json"
NOT_FORM: Final = "not_form"
BAD_QUERY: Final = "bad_query"
BAD_HEADER: Final = "bad_header"
BAD_BODY: Final = "bad_body"
KEY_REUSED: Final = "key_reused"
PRECONDITION_REQUIRED: Final = "precondition_required"
TOO_MANY: Final = "too_many"
TOO_SLOW: Final = "too_slow"
OWN_UPLOADS: Final = "own_uploads"
MANY_UPLOADS: Final = "many_uploads"
INTERNAL: Final = "internal"
NOT_READY: Final = "not_ready"
PERSON_WANTED: Final = "person_wanted"
KEYS_ONLY: Final = "keys_only"
NOTHING_TO_RETRY: Final = "nothing_to_retry"

OWN: Final[Mapping[str, tuple[Sequence[int], Phrase]]] = {
    UNAUTHORIZED: ((401,), t("Show a key that works: “{header}”. Keys are made on your own page.", header=KEY_HEADER)),
    SCOPE_MISSING: ((403,), t("This key may not be used for that: it lacks the scope “{scope}”.")),
    NOT_FOUND: ((404,), t("There is nothing here, or nothing that you may see.")),
    METHOD_NOT_ALLOWED: ((405,), t("This cannot be done here. The header Allow tells what can.")),
    CHANGED_MEANWHILE: (
        (412,),
        t("It changed meanwhile, so nothing was done. Look at it as it is now."),
    ),
    TOO_LARGE: ((413,), t("The body is too large: 256 KiB are taken, of a file 20 MB.")),
    NOT_JSON: ((415,), t("Send the body as it is, uncompressed, with “Content-Type: application/json”.")),
    NOT_FORM: ((415,), t("Send the file as “multipart/form-data”, uncompressed, in its field “file”.")),
    BAD_QUERY: ((400,), t("The address has a parameter that is not understood here.")),
    BAD_HEADER: ((400,), t("A header is not understood here.")),
    BAD_BODY: ((400, 422), t("The body is not what is wanted here.")),
    KEY_REUSED: ((422,), t("This Idempotency-Key stood for another call already. Take a new one.")),
    PRECONDITION_REQUIRED: (
        (428,),
        t("Say by the header If-Match which version you saw: it is the ETag that came with it."),
    ),
    TOO_MANY: ((429,), t("That was too much at once. The header Retry-After tells when to go on.")),
    TOO_SLOW: ((408,), t("The body did not come in time.")),
    OWN_UPLOADS: (
        (429,),
        t("You are sending as many files as one may at a time. Send this one when another has arrived."),
    ),
    MANY_UPLOADS: (
        (503,),
        t("Many files are being sent just now. The header Retry-After tells when to send this one again."),
    ),
    INTERNAL: ((500,), t("The service failed to answer this. Nothing was changed; its log says why.")),
    NOT_READY: ((503,), t("The service is not ready for this now. Please try again in a moment.")),
    PERSON_WANTED: ((403,), t("A key that acts for the portal cannot do this: it is a person's matter.")),
    NOTHING_TO_RETRY: ((409,), t("This did not fail and waits for nobody's word, so there is nothing to try again.")),
    KEYS_ONLY: ((403,), t("Only a key that acts for the portal may record somebody else's marks.")),
}
"""What the API refuses by itself: its statuses, and what is said."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A refusal that is answered; what was noted before it is kept where it is returned, dropped where it is raised."""

    status: int
    code: str
    title: Phrase
    errors: Sequence[tuple[str, Phrase]] = ()
    """Where in the body or the address something is wrong, and what."""
    present: Any = None
    """The thing as it is now."""
    headers: Mapping[str, str] = field(default_factory=dict)


class Refused(Exception):
    """Carries a problem up to whoever answers."""

    def __init__(self, problem: Problem) -> None:
        """Carry it."""
        super().__init__(problem.code)
        self.problem = problem


def own(
    code: str,
    *,
    status: int | None = None,
    errors: Sequence[tuple[str, Phrase]] = (),
    headers: Mapping[str, str] | None = None,
    present: Any = None,
    **values: Any,
) -> Refused:
    """Return a refusal of the API's own."""
    statuses, title = OWN[code]
    said = t(title.message, **values) if values else title
    return Refused(Problem(status or statuses[0], code, said, errors, present, headers or {}))


def form_of(problem: Problem, say: Any, turn: str) -> dict[str, Any]:
    """Return the document of a problem, in the words of `say`."""
    body: dict[str, Any] = {
        "type": f"{BASE}/problems/{problem.code}",
        "status": problem.status,
        "code": problem.code,
        "title": say(problem.title),
        "errors": [{"at": at, "message": say(words)} for at, words in problem.errors],
        "turn": turn,
    }
    if problem.present is not None:
        body["present"] = problem.present.model_dump(mode="json")
    return body


def document(problem: Problem, say: Any, turn: str) -> web.Response:
    """Return a problem as it is answered."""
    body = form_of(problem, say, turn)
    text = json.dumps(body, ensure_ascii=False)
    return web.Response(text=text, status=problem.status, content_type=PROBLEM, headers=dict(problem.headers))
