"""The application comes to a second company, serves it over a restart, and goes; the first company notices nothing."""

from tests.e2e.driven import Sandbox, until


def test_a_second_company(mortal: Sandbox) -> None:
    """An administrator installs it, a colleague checks in, goes on after a kill, until it is removed.

    Who is away by the portal's calendar is known once people are.
    """
    mortal.call("POST", "portals/beta/absences", **{"person": "sofia", "from": "2026-07-13", "to": "2026-07-15"})
    shown = mortal.call("POST", "portals/beta/install", by="emma")
    assert shown["installed"]
    assert mortal.chat("bitrix24", "liam").says("I am at work").startswith("🟢 At work since ")
    until(lambda: "away until Wed 15 July" in mortal.chat("bitrix24", "liam").says("who is at work?"))
    mortal.restart()
    until(lambda: mortal.chat("bitrix24", "liam").says("lunch").startswith("☕ On a break since "))
    assert mortal.chat("bitrix24", "anna").says("пришла").startswith("🟢 На работе с ")
    mortal.call("POST", "portals/beta/uninstall", clean=False)
    assert [False, False] == [each["installed"] for each in mortal.call("GET", "portals")]
    assert mortal.chat("bitrix24", "anna").says("обед").startswith("☕ Перерыв с ")
