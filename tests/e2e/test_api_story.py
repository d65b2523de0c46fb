"""A program on the running service: it reads and records the same hours as chat, and its key is in no log."""

import json
import urllib.error
import urllib.request
from typing import Any

from tests.e2e.driven import Sandbox


def _call(sandbox: Sandbox, key: str, verb: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
    sent = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{sandbox.base}/api/v1{path}", data=data, method=verb, headers=sent)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            content = answer.read()
            return answer.status, (json.loads(content) if content else None)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def test_a_program_and_chat_tell_the_same_hours(sandbox: Sandbox) -> None:
    """A key from the sandbox, a day by the API, the sum in chat, in the control call and in the account."""
    key = sandbox.call("GET", "anna/web?key=1")["key"]
    day = sandbox.now().date().isoformat()
    status, me = _call(sandbox, key, "GET", "/me")
    assert (200, "employee") == (status, me["role"])
    status, today = _call(sandbox, key, "POST", "/punches", {"kind": "in"}, Idempotency_Key="one")
    assert (201, "work") == (status, today["state"])
    assert today == _call(sandbox, key, "POST", "/punches", {"kind": "in"}, Idempotency_Key="one")[1]
    sandbox.move("17:00")
    status, today = _call(sandbox, key, "POST", "/punches", {"kind": "out"})
    assert (201, "off") == (status, today["state"])
    worked = today["worked_seconds"]
    assert worked == sum(each["worked_seconds"] for each in sandbox.hours("anna", day))
    account = _call(sandbox, key, "GET", f"/people/{me['person']['id']}/account?first={day}&last={day}")[1]
    assert worked == account["worked_seconds"] > 0
    assert 401 == _call(sandbox, key[:-1] + ("a" if key[-1] != "a" else "b"), "GET", "/me")[0]
    assert 200 == _call(sandbox, key, "GET", "/openapi.json")[0]
    assert key not in sandbox.log
    assert key[:8] in sandbox.log
