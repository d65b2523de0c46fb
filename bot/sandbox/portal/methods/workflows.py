"""Business processes that are begun over the interface: one template of deals, and one of leads."""

import secrets
from typing import Any

from bot.sandbox.portal.core import Portal
from bot.sandbox.portal.errors import RestError, access_denied
from bot.sandbox.portal.listing import page
from bot.sandbox.portal.objects import iso
from bot.sandbox.portal.params import Params, as_integer
from bot.sandbox.portal.registry import Answer, method

TEMPLATES = {21: ("CCrmDocumentDeal", "DEAL", "deal"), 22: ("CCrmDocumentLead", "LEAD", "lead")}


def _administrator(params: Params) -> None:
    if not params.caller.account.is_admin:
        raise access_denied()


def start(portal: Portal, params: Params) -> Answer:
    """Begin a process of a template with a document of its type."""
    _administrator(params)
    template = params.integer("TEMPLATE_ID", 0)
    found = TEMPLATES.get(template)
    if found is None:
        raise RestError("ERROR_WRONG_WORKFLOW_ID", "Empty TEMPLATE_ID")
    entity, short, kind = found
    document = params.values.get("DOCUMENT_ID")
    parts = [str(each) for each in document] if isinstance(document, list) else []
    number = as_integer(parts[2].removeprefix(f"{short}_")) if len(parts) == 3 else None
    is_there = parts[:2] == ["crm", entity] and portal.crm.get(kind, number or 0) is not None  # type: ignore[arg-type]
    if not is_there:
        raise RestError("", "Wrong DOCUMENT_ID!")
    workflow = f"{secrets.token_hex(7)}.{secrets.randbelow(10**8):08}"
    body: dict[str, Any] = {
        "ID": workflow,
        "TEMPLATE_ID": template,
        "MODULE_ID": "crm",
        "ENTITY": entity,
        "DOCUMENT_ID": parts[2],
        "STARTED": iso(portal.world.clock.now()),
        "STARTED_BY": params.caller.account.id,
        "PARAMETERS": params.mapping("PARAMETERS").values,
    }
    portal.rows.put("process", portal.rows.next_id("process"), body)
    portal.world.changed.set()
    return Answer(workflow)


def instances(portal: Portal, params: Params) -> Answer:
    """List the processes that run: those that were begun here, of which none ends by itself, and whose robot waits."""
    _administrator(params)
    begun = [body for _, body in portal.rows.all("process")]
    waiting = [
        {
            "ID": each.workflow,
            "TEMPLATE_ID": 1,
            "MODULE_ID": "crm",
            "ENTITY": each.entity,
            "DOCUMENT_ID": each.document_id,
            "STARTED": iso(portal.world.clock.now()),
            "STARTED_BY": 1,
        }
        for each in portal.processes.waiting()
    ]
    return page([*begun, *waiting], params, "STARTED")


METHODS = (
    method("bizproc.workflow.start", start, "TEMPLATE_ID DOCUMENT_ID PARAMETERS", writes=True, is_classic=True),
    method("bizproc.workflow.instances", instances, "select order filter start", is_classic=True),
)
