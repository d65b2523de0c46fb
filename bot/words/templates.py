"""How templates read: each with its state, one of them in sentences, what is missing, and who would be asked."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.domain.approvals.built_in import ADMINISTRATORS
from bot.domain.approvals.lacking import Lack, LackKind
from bot.domain.approvals.people import PersonId
from bot.domain.approvals.ready import GROUPS, QUESTIONS
from bot.domain.approvals.route import ApprovalTemplate
from bot.domain.approvals.sentences import length, listed, people, said, sentences
from bot.domain.approvals.template import TemplateState
from bot.domain.approvals.told import Names, Telling, titled
from bot.domain.people.employee import Employee
from bot.services.approvals.structure import PortalStructure
from bot.services.approvals.templates import KeptTemplate, Tried
from bot.text import DayTime, Lines, Phrase, lines, t, tn, verbatim

_MOST_FAULTS = 8
_MOST_CHANGES = 14


def names_of(structure: PortalStructure) -> Names:
    """Return what a portal calls its people, departments and groups."""
    folk: Mapping[PersonId, str] = {person: each.name for person, each in structure.employees.items()}
    groups = {name: t("the group “{name}”", name=title) for name, title in GROUPS.items()}
    groups[ADMINISTRATORS] = t("the administrators")
    for name, group in structure.groups.items():
        title = GROUPS.get(name) or verbatim(group.title)
        members = ", ".join(folk[each] for each in structure.company.group(name) if each in folk)
        groups[name] = (
            t("the group “{name}” ({people})", name=title, people=members)
            if members
            else t("the group “{name}”", name=title)
        )
    return Names(folk, {number: each.name for number, each in structure.departments.items()}, groups)


def telling(template: ApprovalTemplate, structure: PortalStructure, locale: str) -> Telling:
    """Return the one that says a template to a reader."""
    return Telling(template, names_of(structure), locale)


def templates_lines(kept: Sequence[KeptTemplate], locale: str) -> Lines:
    """List every template with its state."""
    rows = [_row(each, locale) for each in kept]
    hint = t("Send me a JSON file to bring another one, or a new version. Groups of people: /groups")
    return lines(t("📄 *Templates of requests*"), *rows, hint)


def built_in_lines(kept: Sequence[KeptTemplate], locale: str) -> Lines:
    """List the routes that are built in."""
    return lines(t("🔒 *Built-in routes*"), *(_row(each, locale) for each in kept))


def _row(kept: KeptTemplate, locale: str) -> Phrase:
    title = title_of(kept, locale)
    if kept.is_built_in:
        return t("🔒 {title}: always on", title=title)
    if kept.on is not None and kept.newest.version > kept.on.version:
        return t(
            "{mark} {title}: version {version} is on, version {newer} is a draft",
            mark=_MARKS[kept.state], title=title, version=kept.on.version, newer=kept.newest.version,
        )  # fmt: skip
    return t(
        "{mark} {title}: {state}, version {version}",
        mark=_MARKS[kept.state], title=title, state=state_words(kept.state), version=kept.newest.version,
    )  # fmt: skip


_MARKS = {TemplateState.ON: "🟢", TemplateState.OFF: "⚪️", TemplateState.DRAFT: "📝"}


def state_words(state: TemplateState) -> Phrase:
    """Return the name of a state."""
    match state:
        case TemplateState.ON:
            return t("on")
        case TemplateState.OFF:
            return t("off")
        case TemplateState.DRAFT:
            return t("draft")


def title_of(kept: KeptTemplate, locale: str) -> str:
    """Return what a template is called."""
    return Telling(kept.template, Names(), locale).title


def template_lines(
    kept: KeptTemplate, structure: PortalStructure, missing: Sequence[Lack], mistakes: Sequence[Phrase], locale: str
) -> Lines:
    """Show a template in sentences, with what is likely a mistake and what is missing."""
    told = telling(kept.template, structure, locale)
    return lines(
        t("📄 *{title}*", title=told.title),
        _row(kept, locale),
        *sentences(told.route()),
        t("A lead who cannot answer is passed over: the next lead up is asked.") if _climbs(kept) else None,
        _form(told),
        *(t("⚠️ {warning}", warning=retitled(each, told)) for each in mistakes[:_MOST_FAULTS]),
        *(t("❗️ {lack}", lack=lack_words(each, locale)) for each in missing),
    )


def _climbs(kept: KeptTemplate) -> bool:
    """Whether leads are asked by a built-in route, which passes over those who cannot answer."""
    return kept.is_built_in and bool(kept.template.route.stages[0].fallback)


def retitled(phrase: Phrase, told: Telling) -> Phrase:
    """Say a warning with titles for the ids of a stage and its track."""
    stage = next((each for each in told.template.route.stages if each.id == phrase.values.get("stage")), None)
    if stage is None:
        return phrase
    inner = phrase.values.get("what")
    if isinstance(inner, Phrase) and inner.values.get("track") in {each.id for each in stage.tracks}:
        inner = replace(inner, values={**inner.values, "track": told.track(stage, str(inner.values["track"]))})
    what = {} if inner is None else {"what": inner}
    return replace(phrase, values={**phrase.values, "stage": told.stage(stage), **what})


def _form(told: Telling) -> Phrase | None:
    fields = [verbatim(told.field(each.key)) for each in told.template.form]
    return t("Asked at the start: {fields}.", fields=listed(fields)) if fields else None


def start_words(told: Telling) -> Phrase:
    """Say how a request of a template begins, and who may begin one."""
    start = told.template.start
    if not start.by_hand:
        return t("programs start it") if start.api else t("rules and processes alone start it")
    who = people(told.called(start.who)) if start.who else t("everybody")
    return t("started by: {people}, and programs", people=who) if start.api else t("started by: {people}", people=who)


def lack_words(lack: Lack, locale: str) -> Phrase:
    """Say what is missing."""
    match lack.kind:
        case LackKind.BLANK if lack.needed > 1:
            return tn(
                "Not filled in yet: {group}, {count} person at least.",
                "Not filled in yet: {group}, {count} people at least.",
                lack.needed, group=GROUPS.get(lack.name) or verbatim(lack.name),
            )  # fmt: skip
        case LackKind.BLANK:
            return t("Not filled in yet: {group}.", group=GROUPS.get(lack.name) or verbatim(lack.name))
        case LackKind.PERSON:
            return t("Nobody with number {id} works here: name somebody else in the file.", id=lack.name)
        case LackKind.DEPARTMENT:
            return t("In department {id} there is nobody to ask: name another one in the file.", id=lack.name)
        case LackKind.TOO_FEW:
            return t(
                "“{track}” needs {needed} approvals, and there are only {there} people: name more.",
                track=titled(lack.titles, "", locale) or t("stage {number}", number=lack.stage),
                needed=lack.needed, there=lack.there,
            )  # fmt: skip


def blank_question(lack: Lack) -> Phrase:
    """Ask who is in a group."""
    return QUESTIONS.get(lack.name) or t("Who is in the group “{group}”?", group=lack.name)


def changes_words(before: Telling, after: Telling) -> list[Phrase]:
    """Say what a new version says otherwise: what goes and what comes, sentence by sentence."""
    old, new = (lines_of(each) for each in (before, after))
    gone = [t("➖ {sentence}", sentence=each) for each in old if each not in new]
    come = [t("➕ {sentence}", sentence=each) for each in new if each not in old]
    return cut([*gone, *come])


def lines_of(told: Telling) -> list[Phrase]:
    """Return a template as sentences, its form among them."""
    form = _form(told)
    return [*sentences(told.route()), *((form,) if form is not None else ())]


def cut(phrases: list[Phrase]) -> list[Phrase]:
    """Return as many as a phone shows, and how many more there are."""
    rest = len(phrases) - _MOST_CHANGES
    return phrases if rest <= 0 else [*phrases[:_MOST_CHANGES], tn("… and {count} more", "… and {count} more", rest)]


def tried_lines(kept: KeptTemplate, tried: Tried, person: Employee, fields: Mapping[str, Any], locale: str) -> Lines:
    """Say who would be asked, why, and until when."""
    told = telling(kept.template, tried.structure, locale)
    rows: list[Phrase | Lines] = []
    for number, seen in enumerate(tried.preview.stages, 1):
        stage = told.stage(seen.stage)
        until = (
            t("until {time}", time=DayTime(seen.due_at))
            if number == 1
            else t("{length} from then on", length=length(seen.stage.deadline.after))
        )
        if seen.stage.when is None:
            rows.append(t("{number}. *{stage}*, {until}", number=number, stage=stage, until=until))
        else:
            because = said(told.condition(seen.stage.when))
            rows.append(
                t("{number}. *{stage}*, because {condition}, {until}",
                  number=number, stage=stage, condition=because, until=until)
            )  # fmt: skip
        for track in seen.tracks:
            asked = listed([_seat(seat.principal, seat.holders, told.names) for seat in track.seats])
            if len(seen.tracks) == 1:
                rows.append(t("– {people}", people=asked))
            else:
                rows.append(t("– {track}: {people}", track=told.track(seen.stage, track.id), people=asked))
    failed = tried.preview.failed
    passed = [told.stage(each) for each in tried.preview.passed]
    return lines(
        t("🔎 *{title}*: who would get it", title=told.title),
        t("From: {person}{fields}", person=person.name, fields=_fields(told, fields)),
        *rows,
        t("⚠️ {stage}: there is nobody to ask, the request would fail.", stage=told.stage(failed)) if failed else None,
        t("Not needed: {stages}.", stages=listed(passed)) if passed else None,
        t("Nobody was asked: this is a trial."),
    )


def _seat(principal: PersonId, holders: Sequence[PersonId], names: Names) -> Phrase:
    name = names.person(principal)
    if principal in holders or not holders:
        return name
    return t("{deputy} for {person}", deputy=names.person(holders[0]), person=name)


def _fields(told: Telling, fields: Mapping[str, Any]) -> Phrase:
    parts = [t("{field}: {value}", field=told.field(key), value=value_words(value)) for key, value in fields.items()]
    return t(" · {fields}", fields=listed(parts)) if parts else verbatim("")


def value_words(value: Any) -> Phrase:
    """Return a value of a field as people read it."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return verbatim(f"{value:,}".replace(",", "\N{NO-BREAK SPACE}"))
    return verbatim(str(value))
