"""What the documents of processes are, and whom properties of people name."""

from typing import Any

import pytest

from bot.domain.automation.process import accounts_in, document_ref


@pytest.mark.parametrize(
    ("document", "ref"),
    [
        (("crm", "CCrmDocumentDeal", "DEAL_4711"), "deal:4711"),
        (("crm", "CCrmDocumentLead", "LEAD_5"), "lead:5"),
        (("crm", "Bitrix\\Crm\\Integration\\BizProc\\Document\\Dynamic", "DYNAMIC_171_6"), "smart_process:171:6"),
        (("crm", "Bitrix\\Crm\\Integration\\BizProc\\Document\\SmartInvoice", "SMART_INVOICE_9"), "smart_process:31:9"),
        (("crm", "CCrmDocumentContact", "CONTACT_3"), "None"),
        (("lists", "BizprocDocument", "12"), "None"),
        (("crm", "CCrmDocumentDeal", "DEAL_"), "None"),
        (("crm", "CCrmDocumentDeal", "DEAL_4711; DROP"), "None"),
        (("crm", "CCrmDocumentDeal"), "None"),
    ],
)
def test_documents(document: tuple[str, ...], ref: str) -> None:
    """Deals, leads and elements of smart processes are objects that we know; all else is none of them."""
    assert ref == str(document_ref(document))


@pytest.mark.parametrize(
    ("value", "accounts"),
    [
        ("user_17", ["17"]),
        ("17", ["17"]),
        ("Анна Ким [17]", ["17"]),
        (["user_17", "user_3", "user_17"], ["17", "3"]),
        ("user_17, user_3; Liam [5]", ["17", "3", "5"]),
        ({"0": "user_17"}, ["17"]),
        ("group_g4", ["group_g4"]),
        ("", []),
        (None, []),
        ([], []),
    ],
    ids=str,
)
def test_people_of_a_property(value: Any, accounts: list[str]) -> None:
    """In each form in which a portal writes people; what names nobody stays as it was written."""
    assert accounts == accounts_in(value)
