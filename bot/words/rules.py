"""How rules read: each with its state, one of them in sentences, what stood in its way, and what it would do."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.approvals.reading import Fault
from bot.domain.approvals.sentences import listed
from bot.domain.automation.placeholders import filled, shown
from bot.domain.automation.portal_object import ObjectRef
from bot.domain.automation.rule import AutomationRule, Firing
from bot.domain.automation.rule_reading import rule_warnings
from bot.domain.automation.rule_sentences import RuleNames, deed_words, rule_sentences
from bot.domain.automation.task_status import TASK_STATUSES, status_name
from bot.domain.events import ObjectTold
from bot.services.automation.kept_rules import KeptRule, WouldDo, rule_title
from bot.text import DayTime, Lines, Phrase, lines, t, tn, verbatim

_MOST_SHOWN = 30


def rules_lines(kept: Sequence[KeptRule], locale: str) -> Lines:
    """List every rule with its state, and how one is made."""
    if not kept:
        return lines(t("⚙️ *Rules of the portal*"), t("There are none yet."), *_how())
    rows = [_row(each, locale) for each in kept[:_MOST_SHOWN]]
    rest = len(kept) - _MOST_SHOWN
    more = tn("… and {count} more", "… and {count} more", rest) if rest > 0 else None
    return lines(t("⚙️ *Rules of the portal*"), *rows, more, *_how())


def _how() -> tuple[Phrase, ...]:
    return (
        t("Write a new one as a sentence: “when a deal moves to Negotiation, ask for approval by Contract”."),
        t("Or choose a ready-made one below; a JSON file does as well."),
    )


def _row(kept: KeptRule, locale: str) -> Phrase:
    title = rule_title(kept.rule, locale)
    if kept.version.trouble:
        return t("{mark} {title}: {trouble}", mark="❗️", title=title, trouble=rule_trouble(kept.version.trouble))
    return t("🟢 {title}: on", title=title) if kept.version.is_on else t("⚪️ {title}: off", title=title)


def rule_lines(kept: KeptRule, names: RuleNames, held: Sequence[Firing], locale: str) -> Lines:
    """Show a rule in sentences, with what stands in its way and when it held last."""
    state = t("🟢 On, version {version}", version=kept.version.version)
    if not kept.version.is_on:
        state = t("⚪️ Off, version {version}", version=kept.version.version)
    trouble = kept.version.trouble
    told = [
        t("Held last: {time}, {object}", time=DayTime(each.at), object=object_words(each.object)) for each in held[:1]
    ]
    return lines(
        t("⚙️ *{title}*", title=rule_title(kept.rule, locale)),
        state,
        *said_lines(kept.rule, names),
        t("❗️ {trouble}", trouble=rule_trouble(trouble)) if trouble else None,
        *told,
    )


def said_lines(rule: AutomationRule, names: RuleNames) -> tuple[Phrase, ...]:
    """Return when a rule holds, and below it what is done."""
    trigger, *deeds = rule_sentences(rule, names)
    return (trigger, *(_point(each) for each in deeds))


def _point(what: Phrase) -> Phrase:
    return Phrase("– {what}", {"what": what})


def draft_lines(
    rule: AutomationRule, names: RuleNames, unfilled: Sequence[str], gone: Sequence[str], *, is_known: bool
) -> Lines:
    """Read a rule back, with what is likely a mistake in it."""
    cautions = [each.sentence for each in rule_warnings(rule)]
    if unfilled:
        fields = ", ".join(unfilled)
        cautions.append(t("The form asks for more than the object has; these stay empty: {fields}.", fields=fields))
    if gone:
        cautions.append(t("The portal has no such fields: {fields}.", fields=", ".join(gone)))
    question = t("It begins to work once you confirm. Is that right?")
    if is_known:
        question = t("It takes the place of the rule with this key once you confirm. Is that right?")
    return lines(*said_lines(rule, names), *(t("⚠️ {caution}", caution=each) for each in cautions), question)


def object_words(stored: str) -> Phrase:
    """Return what people call an object of the portal, by its stored name."""
    ref = ObjectRef.parse(stored)
    match None if ref is None else ref.kind:
        case "deal":
            return t("deal {number}", number=str(ref.number) if ref else "")
        case "lead":
            return t("lead {number}", number=str(ref.number) if ref else "")
        case "task":
            return t("task {number}", number=str(ref.number) if ref else "")
        case _:
            return t("element {number}", number=str(ref.number) if ref else stored)


def unseen_words(stored: str) -> Phrase:
    """Return what cannot be read: one object, or all of a kind."""
    if ObjectRef.parse(stored) is not None:
        return object_words(stored)
    match stored.partition(":")[0]:
        case "deal":
            return t("deals")
        case "lead":
            return t("leads")
        case "task":
            return t("tasks")
        case _:
            return t("elements of that smart process")


def rule_trouble(trouble: str) -> Phrase:
    """Return what stood in a rule's way."""
    code, _, about = trouble.partition(":")
    match code:
        case "nobody":
            return t("neither who did it nor who is responsible is known here, so nobody could be asked")
        case "no_template":
            return t("the template “{name}” is off or deleted", name=about)
        case "template_off":
            return t("the template “{name}” was just changed", name=about)
        case "nobody_on_route":
            return t("the template “{name}” finds nobody to ask", name=about)
        case "no_field":
            return t("the portal has no field “{name}” any more", name=about)
        case "unseen":
            return t("the portal does not let me read {object}", object=unseen_words(about))
        case "loop":
            return t("something moves {object} back each time, so it went in a circle", object=object_words(about))
        case _:
            return t("it could not do all that it does ({code})", code=code)


def trouble_told(title: str, trouble: str, *, is_off: bool) -> Lines:
    """Tell administrators what stood in a rule's way."""
    if is_off:
        return lines(
            t("⛔️ *The rule “{title}” was switched off by itself*", title=title),
            t("Why: {trouble}.", trouble=rule_trouble(trouble)),
            t("Look at the robots of that stage, then switch it on again: /rules"),
        )
    return lines(
        t("❗️ *The rule “{title}” could not do everything*", title=title),
        t("Why: {trouble}.", trouble=rule_trouble(trouble)),
        t("All else went on. I tell this once, until it is well again: /rules"),
    )


def would_lines(
    told: Sequence[WouldDo], names: Mapping[str, RuleNames], values: Mapping[str, Any], locale: str
) -> Lines:
    """Say what each rule would do with an object as it is now, and for whom."""
    heading = t(
        "🔎 *{title}*: what rules would do with it as it is now. Nothing is done.",
        title=shown(values.get("title")) or "…",
    )
    if not told:
        return lines(heading, t("No rule that is on looks at such objects."))
    rows: list[Phrase] = []
    for each in told:
        title = rule_title(each.kept.rule, locale)
        if each.match is None:
            rows.append(t("⚪️ {title}: nothing, it does not hold", title=title))
            continue
        rows.append(t("🟢 {title}:", title=title))
        own = names[each.kept.key]
        rows.extend(_point(_would(each, number, own)) for number in range(len(each.kept.rule.do)))
    return lines(heading, *rows)


def _would(told: WouldDo, number: int, names: RuleNames) -> Phrase:
    rule = _filled_rule(told)
    deed = rule.do[number]
    whole = deed_words(rule, deed, names)
    if people := told.people.get(number, ()):
        return t("{deed} → {people}", deed=whole, people=", ".join(people))
    if deed.do == "approve" and told.fields:
        fields = [verbatim(f"{name}: {shown(value)}") for name, value in told.fields.items() if ":" not in name]
        return t("{deed} → {people}", deed=whole, people=listed(fields))
    return whole


def _filled_rule(told: WouldDo) -> AutomationRule:
    """Return the rule with the object's values in its texts, to be read and never to be kept."""
    values = {} if told.match is None else told.match.values
    deeds = []
    for deed in told.kept.rule.do:
        changed = {
            name: filled(getattr(deed, name), values)[:250] or "…"
            for name in ("title", "text")
            if isinstance(getattr(deed, name, None), str)
        }
        deeds.append(deed.model_copy(update=changed))
    return told.kept.rule.model_copy(update={"do": deeds})


def object_told(event: ObjectTold, stages: Mapping[str, str], locale: str) -> Phrase:
    """Say what became of the object that a request belongs to."""
    change = event.change
    title = shown(change.after.get("title") or change.before.get("title")) or str(change.ref.number)
    number = event.request.number
    if change.what == "deleted":
        return t("📌 Request {number}: “{title}” was deleted on the portal.", number=number, title=title)
    stage = status_name(event.stage, locale) if change.ref.kind == "task" else stages.get(event.stage, event.stage)
    was = str(change.before.get("status", ""))
    if change.ref.kind == "task" and was in {"4", "5"} and event.stage in {"2", "3"}:
        return t("📌 Request {number}: the task “{title}” was returned to work.", number=number, title=title)
    if change.ref.kind == "task" and event.stage in TASK_STATUSES:
        return t("📌 Request {number}: the task “{title}” is now: {stage}.", number=number, title=title, stage=stage)
    return t("📌 Request {number}: “{title}” is now: {stage}.", number=number, title=title, stage=stage)


def object_unseen(number: int, ref: ObjectRef) -> Phrase:
    """Say that nobody of ours may look at what a request is about, and what that means."""
    return t(
        "📌 Request {number}: the portal does not let me read {object}, so I do not follow what becomes of it. "
        "The request goes on as it is; an administrator can give the application the right to read it.",
        number=number,
        object=object_words(str(ref)),
    )


def fault_lines(faults: Sequence[Fault], most: int) -> Lines:
    """Say what is wrong with a file, fault by fault."""
    rest = len(faults) - most
    rows = [
        t("• {path}: {sentence}", path=each.path, sentence=each.sentence)
        if each.path
        else t("• {sentence}", sentence=each.sentence)
        for each in faults[:most]
    ]
    return lines(*rows, tn("… and {count} more", "… and {count} more", rest) if rest > 0 else None)
