"""What the portal's page shows around the application: its menu, whose page it is, the card that it was opened in."""

import json
from html import escape
from typing import Any
from urllib.parse import urlencode

from bot.sandbox.portal.core import Portal
from bot.sandbox.portal.crm.pipelines import STAGES
from bot.sandbox.world import SandboxPerson

DEFAULT, DEAL, TASK = "DEFAULT", "CRM_DEAL_DETAIL_TAB", "TASK_VIEW_TAB"
_MOST = 3
_WORDS = {
    "ru": {
        "menu": "Меню портала",
        "app": "Смена",
        "chats": "Чаты",
        "deals": "Сделки",
        "tasks": "Задачи",
        "general": "Общие",
        "new": "Новая сделка",
        "told": "Лента",
        "none": "Смена ещё не установлена на этом портале",
        "how": "Его ставит администратор портала, один раз. До этого страницы открываются по ссылке от бота.",
        "as": "Открыть как администратор:",
        "beside": "Открыть без портала",
        "part": "Приложение установлено не до конца. Откройте его от имени администратора портала.",
    },
    "en": {
        "menu": "Menu of the portal",
        "app": "Smena",
        "chats": "Chats",
        "deals": "Deals",
        "tasks": "Tasks",
        "general": "General",
        "new": "New deal",
        "told": "Timeline",
        "none": "Smena is not installed on this portal yet",
        "how": "An administrator of the portal installs it, once. Until then its pages open by a link from the bot.",
        "as": "Open as the administrator:",
        "beside": "Open it without the portal",
        "part": "The application is not fully installed. Open it as an administrator of the portal.",
    },
}


def words_of(language: str) -> dict[str, str]:
    """Return the portal's words in a language."""
    return _WORDS["ru" if language == "ru" else "en"]


def around(
    portal: Portal, person: SandboxPerson, language: str, placement: str, options: dict[str, Any]
) -> dict[str, str]:
    """Return what stands in the page's places."""
    words = words_of(language)
    items = [_item(person, language, words["app"], DEFAULT, {}, is_here=placement not in (DEAL, TASK))]
    site = portal.authority.application.site if portal.authority is not None else ""
    if site:
        items.append(f'<a href="{escape(site)}/sandbox#{escape(person.key)}">{words["chats"]}</a>')
    head = ""
    account = portal.accounts[person.bitrix24_user_id]
    deals = [(each.id, str(each.fields.get("title") or each.id)) for each in portal.crm.of("deal")]
    tasks = [(each.id, each.title) for each in portal.tasks.all() if portal.tasks.sees(account, each)]
    for name, kind, key, found in (("deals", DEAL, "ID", deals), ("tasks", TASK, "taskId", tasks)):
        if not found:
            continue
        items.append(f"<p>{words[name]}</p>")
        for number, title in found[-_MOST:]:
            is_here = placement == kind and str(options.get(key)) == str(number)
            items.append(_item(person, language, title, kind, {key: number}, is_here=is_here))
            if is_here:
                own = _deal(portal, person, number, words) if kind == DEAL else ""
                tabs = f'<li>{words["general"]}</li><li aria-current="page">{words["app"]}</li>'
                head = f'<div class="about"><h1>{escape(title)}</h1>{own}<ul>{tabs}</ul></div>'
    items.append(
        f'<form method="post" action="/frame/{escape(person.key)}/deals"><input name="title" maxlength="200" required '
        f'aria-label="{words["new"]}" placeholder="{words["new"]}"><button>+</button></form>'
    )
    return {
        "LANG": "ru" if language == "ru" else "en",
        "NAME": escape(portal.company.name),
        "WHO": escape(person.name),
        "FACE": escape(person.first_name[:1]),
        "MENU": words["menu"],
        "ITEMS": "".join(items),
        "HEAD": head,
    }


def deal_address(person: SandboxPerson, number: int) -> str:
    """Return where the page of a deal is, with the application in its tab."""
    query = urlencode({"placement": DEAL, "options": json.dumps({"ID": number})})
    return f"/frame/{person.key}?{query}"


def _deal(portal: Portal, person: SandboxPerson, number: int, words: dict[str, str]) -> str:
    """Return what the portal itself shows of a deal: the stages, to move it, and the newest lines of its timeline."""
    deal = portal.crm.get("deal", number)
    if deal is None:
        return ""
    here = str(deal.fields.get("stageId", ""))
    stages = "".join(
        f'<button name="stage" value="{escape(each.id)}"{" aria-current=step" if each.id == here else ""}>'
        f"{escape(each.name)}</button>"
        for each in STAGES
        if (each.kind, each.category) == ("deal", deal.fields["categoryId"])
    )
    told = "".join(f"<p>{escape(each.text)}</p>" for each in portal.crm.comments_of(deal)[-_MOST:])
    lines = f'<div class="told"><b>{words["told"]}</b>{told}</div>' if told else ""
    return (
        f'<form class="stages" method="post" action="/frame/{escape(person.key)}/deals/{number}">{stages}</form>{lines}'
    )


def _item(
    person: SandboxPerson, language: str, title: str, placement: str, options: dict[str, Any], *, is_here: bool
) -> str:
    query = {"placement": placement, "options": json.dumps(options)} if options else {}
    if language != person.locale:
        query["lang"] = language
    address = f"/frame/{person.key}{'?' if query else ''}{urlencode(query)}"
    return f'<a href="{escape(address)}"{" aria-current=page" if is_here else ""}>{escape(title)}</a>'


def not_installed(portal: Portal, person: SandboxPerson, language: str, *, is_begun: bool) -> str:
    """Return what is shown where the application is not there, or not whole: who installs it, and a way beside it."""
    words = words_of(language)
    title, told = (words["app"], words["part"]) if is_begun else (words["none"], words["how"])
    links = ""
    owner = portal.world.by_bitrix24(portal.owner.id, portal.key)
    if owner is not None and owner.key != person.key:
        label = f"{words['as']} {owner.name}"
        links += f'<a class="action" href="/frame/{escape(owner.key)}">{escape(label)}</a> '
    if portal.authority is not None and portal.authority.application.site:
        site = escape(portal.authority.application.site)
        links += f'<a class="action quiet" href="{site}/sandbox/open/{escape(person.key)}">{words["beside"]}</a>'
    return f'<div class="empty"><h1>{title}</h1><p>{told}</p><p>{links}</p></div>'
