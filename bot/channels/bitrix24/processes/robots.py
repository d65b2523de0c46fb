"""How our robot and activity are described to a portal: names, properties and results in each language of ours."""

from collections.abc import Mapping
from typing import Any

from bot.words.processes import PROPERTIES, RESULTS, ROBOT_ABOUT, ROBOT_NAME, in_each_language


def described(handler: str, templates: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields of `bizproc.robot.add`; `templates` are the titles that can be chosen, by their keys.

    Nobody's token is asked for (`AUTH_USER_ID`): a call is proven by the application's, and answered by our own.
    """
    properties = {
        name: {
            "Name": in_each_language(title),
            "Description": in_each_language(about),
            "Type": kind,
            "Required": "N",
            "Multiple": "Y" if name == "approvers" else "N",
            **({"Options": dict(templates)} if kind == "select" else {}),
        }
        for name, kind, title, about in PROPERTIES
    }
    results = {name: {"Name": in_each_language(title), "Type": kind} for name, kind, title in RESULTS}
    return {
        "HANDLER": handler,
        "USE_SUBSCRIPTION": "Y",
        "NAME": in_each_language(ROBOT_NAME),
        "DESCRIPTION": in_each_language(ROBOT_ABOUT),
        "PROPERTIES": properties,
        "RETURN_PROPERTIES": results,
    }
