"""Approvals: what waits, what one asked for, what a team asks for; and several decided at once, each as it was seen."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from bot.domain.approvals.built_in import built_in
from bot.domain.approvals.listed import Wanted, Whose
from bot.domain.approvals.request import AlreadyDecided, ApprovalRequest
from bot.domain.approvals.rule import Verdict
from bot.domain.approvals.told import titled
from bot.domain.automation.portal_object import ObjectRef
from bot.domain.errors import BadForm, Refusal
from bot.domain.people.employee import Employee
from bot.domain.rights import Reach, Right, reach
from bot.services.approvals.courses import Done, Standing
from bot.services.approvals.possible import possible
from bot.services.approvals.request_rows import PAGE, RequestRow, RequestRows
from bot.services.approvals.requests import Requests
from bot.services.leave.around import Arounds
from bot.services.people.people import People
from bot.text import Phrase, t, tn
from bot.web.forms import Form
from bot.web.views.asking import WEB
from bot.web.visit import Go, Page, Visit, number_in
from bot.words.errands import object_called
from bot.words.leave import around_lines
from bot.words.request_rows import (
    body,
    course_words,
    own_answer,
    row_due,
    row_holders,
    row_lines,
    row_stage,
    row_title,
    state_words,
    title_of,
)
from bot.words.routed_refusals import refused

_TABS = {
    "waiting": (Whose.WAITING_FOR_ME, t("Waits for me")),
    "mine": (Whose.MINE, t("My requests")),
    "team": (Whose.TEAM, t("Team")),
    "all": (Whose.ALL, t("All")),
    "decided": (Whose.DECIDED_BY_ME, t("Decided by me")),
}
_FILTERS = ("state", "kind", "template", "person", "about")
_STATES = ("pending", "rework", "approved", "rejected", "withdrawn", "expired", "failed")
MOST_AT_ONCE = 50


class Batch(Form):
    """Requests that were ticked, each with the version that was seen: `id.version`, joined by commas."""

    items: str = ""
    verdict: str = "approve"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A row as the page shows it."""

    row: RequestRow
    title: Phrase
    lines: list[Phrase]
    stage: Phrase | None
    due: datetime | None
    is_late: bool
    holders: Phrase | None
    state: Phrase
    can_decide: bool
    answer: Phrase | None
    """What the reader answered, where the list is of that."""

    @property
    def key(self) -> str:
        """The request and its version, as a box that is ticked sends them."""
        return f"{self.row.listed.id}.{self.row.listed.version}"


def shown(row: RequestRow, reader: Employee, now: datetime) -> Shown:
    """Return a row for a reader."""
    listed, due = row.listed, row_due(row)
    is_settled = listed.ended_at is not None or listed.state not in {"approved", "rejected"}
    opened = None if listed.running is None else listed.running.stage
    is_waiting = listed.state in {"pending", "rework"} and (opened is None or opened.settles_at is None)
    if listed.running is not None:
        state = course_words(listed.running, row.template)
    else:
        state = state_words(listed.state, is_settled=is_settled)
    return Shown(
        row,
        row_title(row, reader.locale),
        row_lines(row, reader.locale),
        row_stage(row, reader.locale),
        due,
        due is not None and due <= now,
        row_holders(row) if is_waiting else None,
        state,
        reader.id in listed.holders and reader.id != listed.requester_id and listed.state == "pending",
        own_answer(listed.answer),
    )


def _tabs(reader: Employee) -> list[str]:
    return [each for each in _TABS if each != "team" or reach(reader, Right.SEE_REQUESTS) >= Reach.BELOW]


def _wanted(visit: Visit) -> tuple[str, Wanted]:
    """Return which tab is meant, and which requests: filters stand in the address, and what is none is passed over."""
    about = ObjectRef.parse(visit.query.get("about", ""))
    tab = visit.query.get("tab", "waiting" if about is None else "all")
    tab = tab if tab in _tabs(visit.reader) else "waiting"
    kinds = {each.route.key.removeprefix("built_in_") for each in built_in().values()}
    return tab, Wanted(
        _TABS[tab][0],
        state=visit.query.get("state", "") if visit.query.get("state") in _STATES else "",
        kind=visit.query.get("kind", "") if visit.query.get("kind") in kinds else "",
        template=visit.query.get("template", "")[:64],
        person_id=number_in(visit.query.get("person", "")) or 0,
        about="" if about is None else str(about),
    )


async def approvals(visit: Visit, rows: RequestRows, people: People, requests: Requests) -> Page | Go:
    """List requests: what waits for the reader first; a number that is looked for leads to its request."""
    reader, unfound = visit.reader, None
    if said := visit.query.get("q", "").strip()[:100]:
        try:
            meant = await requests.meant(reader, said, visit.now)
        except Refusal as refusal:
            unfound = refusal.phrase
        else:
            if not isinstance(meant, Employee):
                return Go(f"/approvals/{meant.request.id if isinstance(meant, Standing) else meant.id}")
            kept_for = {name: visit.query[name] for name in ("tab", *_FILTERS) if visit.query.get(name)}
            return Go(f"/approvals?{urlencode({'tab': 'all', **kept_for, 'person': str(meant.id)})}")
    sees, tabs = reach(reader, Right.SEE_REQUESTS), _tabs(reader)
    about = ObjectRef.parse(visit.query.get("about", ""))
    kinds = {each.route.key.removeprefix("built_in_"): each for each in built_in().values()}
    tab, wanted = _wanted(visit)
    found = await rows.page(visit.portal, reader, wanted, number_in(visit.query.get("after", "")))
    listed = [shown(each, reader, visit.now) for each in found.rows]
    if tab == "waiting":
        listed.sort(key=lambda each: (each.due is None, each.due or visit.now))
    kept = {name: value for name in _FILTERS if (value := visit.query.get(name))}
    folk = await people.within(reader, Right.SEE_REQUESTS) if sees >= Reach.BELOW else []
    values = {
        "tabs": [(each, _TABS[each][1]) for each in tabs],
        "tab": tab,
        "rows": listed,
        "may_batch": tab == "waiting" and sum(each.can_decide for each in listed) > 1,
        "more": _address(tab, {**kept, "after": str(found.after)}) if found.after else "",
        "first": _address(tab, kept),
        "news": _news_address(tab, kept, listed),
        "is_first": "after" not in visit.query,
        "kinds": [(key, titled(each.route.title, key, reader.locale)) for key, each in kinds.items()],
        "states": [(each, state_words(each)) for each in _STATES],
        "people": [(str(each.id), each.name) for each in folk if each.id != reader.id],
        "templates": await rows.templates(visit.portal, reader),
        "kept": kept,
        "looked_for": said,
        "unfound": unfound,
        "unfiltered": _address(tab, {}),
        "about": None if about is None else object_called(about),
        "new": "/approvals/new" if about is None else f"/approvals/new?{urlencode({'about': str(about)})}",
    }
    return Page("approvals.html", t("Approvals"), values, "approvals")


async def news(visit: Visit, rows: RequestRows) -> Page:
    """Say what of a list is another by now: how many are new, which of those that are shown have changed or gone."""
    seen: dict[int, str] = {}
    for each in visit.query.get("seen", "").split(",")[:PAGE]:
        request_id, _, version = each.partition(".")
        if (number := number_in(request_id)) is not None:
            seen[number] = version
    tab, wanted = _wanted(visit)
    found = [each.listed for each in (await rows.page(visit.portal, visit.reader, wanted)).rows]
    newest = max(seen, default=0)
    count = sum(each.id not in seen and each.id > newest for each in found)
    present = {each.id: str(each.version) for each in found}
    last = min(present, default=0) if len(found) == PAGE else 0
    changed = [each for each, version in seen.items() if each >= last and present.get(each) != version]
    kept = {name: value for name in _FILTERS if (value := visit.query.get(name))}
    values = {"count": count, "changed": changed, "first": _address(tab, kept)}
    return Page("approvals_news.html", t("Approvals"), values, "approvals")


async def look(visit: Visit, form: Batch, requests: Requests, people: People, arounds: Arounds) -> Page:
    """Show exactly what would be decided at once, before it is; beside a leave what its card shows."""
    chosen, keys, leaves = [], [], {}
    for request_id, version in _items(form):
        one = await requests.shown_to(visit.reader, request_id, visit.now)
        present = one.request if isinstance(one, Standing) else one
        about = one.request.initiator_id if isinstance(one, Standing) else one.subject_id
        keys.append(f"{request_id}.{version}")
        if isinstance(one, ApprovalRequest) and "approve" in possible(one, visit.reader, visit.now).deeds:
            leaves[request_id] = one
        chosen.append(
            {
                "id": request_id,
                "title": title_of(one, visit.reader.locale),
                "lines": body(one, visit.reader),
                "person": await people.get(about, visit.portal.id),
                "is_same": present.version == version,
            }
        )
    beside = dict(zip(leaves, await arounds.of_each([*leaves.values()]), strict=True))
    values = {
        "chosen": chosen,
        "beside": {request_id: around_lines(each) for request_id, each in beside.items()},
        "verdict": form.verdict,
        "items": ",".join(keys),
    }
    return Page("batch.html", t("Decide at once"), values, "approvals")


async def decide_batch(visit: Visit, form: Batch, requests: Requests) -> Page:
    """Decide each as it was seen: what changed meanwhile is left, and says why."""
    verdict = Verdict.APPROVED if form.verdict == "approve" else Verdict.REJECTED
    done: list[tuple[int, Phrase, Phrase | None]] = []
    left: list[tuple[int, Phrase, Phrase | None]] = []
    for request_id, version in _items(form):
        found = await requests.shown_to(visit.reader, request_id, visit.now)
        name = title_of(found, visit.reader.locale)
        try:
            came = await requests.decide(visit.reader, request_id, verdict, form.reason, visit.now, version, WEB)
            why = refusal_of(came, visit)
        except AlreadyDecided:
            why = t("it is decided already")
        except Refusal as refusal:
            why = refusal.phrase
        (left if why is not None else done).append((request_id, name, why))
    title = tn("{count} decided", "{count} decided", len(done))
    values = {"done": done, "left": left}
    return Page("batch_done.html", title, values, "approvals")


def refusal_of(came: object, visit: Visit) -> Phrase | None:
    """Return why a route did not take something; None where it did."""
    if isinstance(came, Done) and came.refusal:
        if came.refusal == "changed_meanwhile":
            return t("It was changed meanwhile: this is how it stands now.")
        return refused(came.standing, came.refusal, visit.reader, visit.now)
    return None


def _items(form: Batch) -> list[tuple[int, int]]:
    found = []
    for each in form.items.split(",")[:MOST_AT_ONCE]:
        request_id, _, version = each.partition(".")
        numbers = number_in(request_id), number_in(version)
        if numbers[0] is None or numbers[1] is None:
            raise BadForm(t("Tick at least one request first."), "items")
        found.append((numbers[0], numbers[1]))
    return found


def _news_address(tab: str, kept: dict[str, str], listed: list[Shown]) -> str:
    seen = ",".join(each.key for each in listed)
    return f"/approvals/news?{urlencode({'tab': tab, **kept, 'seen': seen})}"


def _address(tab: str, kept: dict[str, str]) -> str:
    return f"/approvals?{urlencode({'tab': tab, **kept})}"
