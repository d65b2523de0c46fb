"""Which page of ours opens where somebody stands on the portal: what the form says about that anybody can write."""

import re
from collections.abc import Mapping

from bot.domain.automation.portal_object import ObjectRef
from bot.web.addresses import own_page

_KINDS = {"CRM_DEAL_DETAIL_TAB": "deal", "CRM_LEAD_DETAIL_TAB": "lead"}
_SMART = re.compile(r"CRM_DYNAMIC_(\d{1,9})_DETAIL_TAB", re.ASCII)


def ref_of(placement: str, options: Mapping[str, str]) -> ObjectRef | None:
    """Return the object whose card the page was opened in; None where it was no card."""
    smart = _SMART.fullmatch(placement)
    if placement in _KINDS:
        named = f"{_KINDS[placement]}:{options.get('ID', '')}"
    elif smart is not None:
        named = f"smart_process:{smart.group(1)}:{options.get('ID', '')}"
    elif placement.startswith("TASK_VIEW_"):
        named = f"task:{options.get('taskId', '')}"
    elif placement == "TASK_LIST_CONTEXT_MENU":
        named = f"task:{options.get('ID', '')}"
    else:
        return None
    return ObjectRef.parse(named)


def next_of(options: Mapping[str, str], about: ObjectRef | None) -> str:
    """Return the page to open: an object's requests, the one that a link names, or the first one."""
    if about is not None:
        return f"/approvals?about={about}"
    return own_page(options.get("page", "")) or "/"
