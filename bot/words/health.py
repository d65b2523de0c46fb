"""How the service does, in words: what `/ready` tells to programs."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from bot.text import Duration, Phrase, t, tn

Told = tuple[bool, Phrase]
_LONG = 60


def messenger_words(messenger: Phrase, why: str | None) -> Phrase:
    """Say what is wrong with a messenger, by the one word that its channel has for it, and what helps."""
    match why:
        case "starting":
            return t("{messenger} is being connected", messenger=messenger)
        case "network":
            return t("{messenger} does not answer. Messages wait, and arrive once it does.", messenger=messenger)
        case "credentials":
            return t(
                "{messenger} does not let the bot in: its token or its rights have to be renewed.", messenger=messenger
            )
        case "busy":
            return t("{messenger} asks to be asked less. That passes by itself.", messenger=messenger)
        case "deliveries":
            return t("What people write in {messenger} does not come through to this service.", messenger=messenger)
        case "conflict":
            return t(
                "{messenger}: another program receives what people write to this bot. End it, or give the bot a new "
                "token.",
                messenger=messenger,
            )
        case "ours":
            return t("{messenger}: this service is at fault. Please tell whoever runs it.", messenger=messenger)
    return t("{messenger} answers with errors of its own. That usually passes.", messenger=messenger)


def health_lines(facts: Mapping[str, Any], titles: Mapping[str, Phrase]) -> Iterator[Told]:
    """Say of each part whether it is well; what is not known is not told."""
    database = facts["database"]["ok"]
    yield database, t("The database answers") if database else t("The database does not answer")
    if "writes" in facts:
        yield (
            facts["writes"]["ok"],
            t("What is said is stored") if facts["writes"]["ok"] else t("Nothing can be stored"),
        )
    if "disk" in facts:
        yield facts["disk"]["ok"], t("{count} MB are free on the disk", count=round(facts["disk"]["free_mb"]))
    if "tasks" in facts:
        lost = [name for name, each in facts["tasks"].items() if not each["ok"]]
        told = t("Parts that were begun anew: {names}", names=", ".join(lost))
        yield not lost, told if lost else t("All parts of the service run")
    for name, each in facts["channels"].items():
        title = titles.get(name, t("{name}", name=name))
        is_well = bool(each.get("ok"))
        yield is_well, t("{messenger} answers", messenger=title) if is_well else messenger_words(title, each.get("why"))
    if "inbox" in facts:
        yield (
            facts["inbox"]["ok"],
            _waiting(
                tn(
                    "{count} message waits for an answer",
                    "{count} messages wait for an answer",
                    facts["inbox"]["waiting"],
                ),
                facts["inbox"],
            ),
        )
        yield (
            True,
            _waiting(
                tn("{count} message is on its way", "{count} messages are on their way", facts["outbox"]["waiting"]),
                facts["outbox"],
            ),
        )


def _waiting(many: Phrase, queue: Mapping[str, Any]) -> Phrase:
    age = queue["oldest_seconds"]
    if not queue["waiting"] or age < _LONG:
        return many
    return t("{many}, the oldest for {length}", many=many, length=Duration(timedelta(seconds=int(age))))
