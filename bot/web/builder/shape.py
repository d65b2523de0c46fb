"""The controls of a template: a node for each field of its model, in the order in which the page shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.domain.approvals.policy import Delegation, Effect, Policy, Rework
from bot.domain.approvals.route import ApprovalRoute, ApprovalTemplate, FormField, Start
from bot.domain.approvals.stage import Deadline, Escalation, Stage, Track
from bot.text import Phrase, t
from bot.web.builder.fields import (
    Args,
    Choice,
    Control,
    Known,
    Length,
    Lines,
    Many,
    Node,
    Number,
    Option,
    Tick,
    Ticks,
    Titles,
    Whole,
    Words,
)
from bot.web.builder.nodes import ByRule, OnlyIf, Vetoes, Whom, whoever

_SUBJECTS: Sequence[Option] = (
    ("deal", t("deal")), ("lead", t("sales lead")), ("task", t("task")), ("document", t("document")),
    ("leave", t("leave")), ("time_correction", t("correction of hours")), ("overtime", t("overtime")),
    ("reopening", t("reopening of closed days")), ("expense", t("expense")),
    ("smart_process", t("smart process")), ("custom", t("anything else")),
)  # fmt: skip
_KINDS: Sequence[Option] = (
    ("text", t("text")), ("number", t("number")), ("money", t("money")), ("date", t("date")), ("person", t("person")),
    ("choice", t("choice")), ("file", t("file")), ("deal", t("deal")), ("task", t("task")),
)  # fmt: skip
_DEEDS: Sequence[Option] = (
    ("approve", t("approve")), ("reject", t("reject")), ("return", t("send back")), ("delegate", t("hand over")),
    ("ask", t("ask")), ("comment", t("leave a comment")),
)  # fmt: skip
_EFFECTS: Sequence[Option] = (
    ("notify", t("notify somebody")), ("bizproc_event", t("resume the business process")),
    ("crm_update", t("change the deal or lead")), ("crm_add", t("add to the CRM")),
    ("timeline_comment", t("tell it in the timeline")), ("task_add", t("make a task")),
    ("task_complete", t("complete the task")), ("task_comment", t("comment on the task")),
    ("start_workflow", t("start a business process")), ("webhook", t("call a webhook")),
)  # fmt: skip
ENDINGS: Mapping[str, Any] = {
    "approved": t("When it is approved"), "rejected": t("When it is rejected"),
    "withdrawn": t("When it is withdrawn"), "expired": t("When time is up"), "failed": t("When it fails"),
}  # fmt: skip


def _fields(known: Known) -> Sequence[Option]:
    return list(known.fields.items())


def _stages(known: Known) -> Sequence[Option]:
    return list(known.stages.items())


class _Outcomes(Node):
    """What is done at each ending: a list an ending, none where there is none."""

    each = Many(None, Whole(Effect, {"do": Choice(t("do"), _EFFECTS), "args": Args(t("with"))}), t("action"))

    def encode(self, value: Any, name: str, known: Known) -> dict[str, str]:
        """Return the fields of all."""
        found: dict[str, str] = {}
        for ending, effects in (value or {}).items():
            found |= self.each.encode(effects, f"{name}.{ending}", known)
        return found

    def read(self, fields: Any, name: str, before: Any, known: Known) -> Any:
        """Return what came back of each."""
        return {
            ending: self.each.decode(fields, f"{name}.{ending}", effects, known)
            for ending, effects in (before or {}).items()
        }

    def control(self, value: Any, name: str, shown: Any, known: Known) -> Any:
        """Return a list an ending, empty ones as well."""
        parts = [
            replace(self.each.control((value or {}).get(ending, []), f"{name}.{ending}", shown, known), label=label)
            for ending, label in ENDINGS.items()
        ]
        return Control("whole", name, self.label, parts=parts)


_WHOM = Whom()
FORM_FIELD = Whole(
    FormField,
    {
        "title": Titles(t("Field")),
        "type": Choice(t("holds"), _KINDS),
        "required": Tick(t("must be filled in")),
        "choices": Lines(t("to choose from, one a line")),
        "key": Words(t("its name in conditions and files"), more=True),
    },
)
START = Whole(
    Start,
    {
        "by_hand": Tick(t("people start it, in chat and on pages")),
        "api": Tick(t("programs start it")),
        "who": Many(t("Only these may start it; everybody where nobody is named"), _WHOM, t("person or group")),
    },
    t("Who starts it"),
)


def _track_called(number: int, title: str) -> Phrase:
    return t("Track {number}: {title}", number=number, title=title) if title else t("Track {number}", number=number)


TRACK = Whole(
    Track,
    {
        "approvers": Many(t("Ask"), _WHOM, t("person or group"), can_move=True),
        "rule": ByRule(t("Decides")),
        "comment_required": Choice(
            t("A reason is asked for"),
            (
                ("reject", t("a rejection")),
                ("approve", t("an approval")),
                ("always", t("every answer")),
                ("never", t("no answer")),
            ),
        ),
        "actions": Ticks(t("They may"), _DEEDS),
        "title": Titles(t("Title of the track"), more=True),
        "order": Choice(
            t("They are asked"), (("parallel", t("all at once")), ("sequential", t("one after the other"))), more=True
        ),
        "veto": Vetoes(t("A rejection is final if it is"), more=True),
        "id": Words(t("its name in files"), more=True),
    },
)
STAGE = Whole(
    Stage,
    {
        "title": Titles(t("Title")),
        "when": OnlyIf(t("Only if")),
        "tracks": Many(None, TRACK, t("track beside it"), can_move=True, called=_track_called),
        "deadline": Whole(
            Deadline,
            {
                "after": Length(t("Time to answer")),
                "remind_before": Many(t("Remind before the end"), Length(), t("reminder")),
                "escalate": Many(
                    t("If nobody answers in time"),
                    Whole(
                        Escalation,
                        {
                            "mode": Choice(t("ask"), (("add", t("these as well")), ("replace", t("these instead")))),
                            "to": Many(None, _WHOM, t("person or group")),
                            "extend": Length(t("and give more time")),
                        },
                    ),
                    t("next step"),
                ),
                "on_expire": Choice(
                    t("When all time is up"),
                    (
                        ("expire", t("it ends as expired")),
                        ("reject", t("it is rejected")),
                        ("skip", t("the stage is passed over")),
                        ("approve", t("the stage is approved")),
                    ),
                ),
            },
        ),
        "on_empty": Choice(
            t("If nobody can be asked"),
            (("fail", t("the request fails, and says why")), ("fallback", t("ask these instead"))),
        ),
        "fallback": Many(None, _WHOM, t("somebody instead")),
        "on_reject": Choice(
            t("A rejection"), (("stop", t("ends the request")), ("rework", t("sends it back for rework"))), more=True
        ),
        "join": Choice(
            t("Of several tracks"),
            (("all", t("all must agree")), ("any", t("it is enough that one agrees"))),
            more=True,
        ),
        "fail_fast": Tick(t("what is decided by one track ends the others"), more=True),
        "id": Words(t("its name in files"), more=True),
    },
)
BEGINNING: Mapping[str, Node] = {
    "route.title": Titles(t("Title")),
    "route.subjects": Ticks(t("It is about"), _SUBJECTS),
    "start": START,
    "form": Many(t("What is filled in"), FORM_FIELD, t("field"), can_move=True),
    "route.timezone": Words(t("Its clock: time zone"), more=True),
    "route.calendar": Words(t("Its calendar"), more=True),
}
END: Mapping[str, Node] = {
    "route.outcomes": _Outcomes(),
    "route.rework": Whole(
        Rework,
        {
            "max_rounds": Number(t("It can be reworked so many times")),
            "deadline": Length(t("with so much time each")),
            "resume": Choice(
                t("Then it goes on"), (("start", t("from the beginning")), ("same_stage", t("where it was sent back")))
            ),
            "keep": Choice(
                t("Approvals given before"),
                (("none", t("are asked for anew")), ("same_revision", t("are kept where nothing watched changed"))),
                more=True,
            ),
        },
        t("Rework"),
    ),
    "route.policy": Whole(
        Policy,
        {
            "self_approval": Choice(
                t("One's own requests"), (("forbid", t("nobody decides")), ("allow", t("may be decided by oneself")))
            ),
            "undo_seconds": Number(t("An answer can be taken back for so many seconds")),
            "withdraw": Choice(
                t("Whoever asked can withdraw it"),
                (
                    ("until_final", t("until it is decided")),
                    ("until_first_decision", t("until the first answer")),
                    ("never", t("never")),
                ),
            ),
            "delegation": Whole(
                Delegation,
                {
                    "scope": Choice(
                        t("Whoever is asked can hand over"),
                        (
                            ("none", t("to nobody")),
                            ("subordinates", t("to their own people")),
                            ("department", t("within the department")),
                            ("any", t("to anybody")),
                        ),
                    ),
                    "max_depth": Number(t("and it can be handed on so often"), more=True),
                },
            ),
            "watch": Ticks(t("When one of these changes"), _fields),
            "on_change": Choice(
                t("then"),
                (
                    ("notify", t("those who decide are told")),
                    ("rework", t("it is reworked")),
                    ("ignore", t("nothing happens")),
                ),
            ),
            "repeat_person": Choice(
                t("Somebody who approved in the stage before"),
                (("ask", t("is asked again")), ("consecutive", t("has approved the next as well"))),
                more=True,
            ),
            "four_eyes": Many(
                t("Different people decide in these stages"), Ticks(None, _stages), t("such a rule"), more=True
            ),
            "substitution": Tick(t("substitutes stand in for whoever is away"), more=True),
            "auto_approve_on_expiry": Tick(
                t("silence may approve: a stage can be approved when time is up"), more=True
            ),
        },
        t("Rules"),
    ),
    "route.hard_limit": Length(t("All of it ends after"), more=True),
}
FIXED: Mapping[type, frozenset[str]] = {
    ApprovalRoute: frozenset({"schema_", "key", "version", "stages", "outcomes"}),
    ApprovalTemplate: frozenset({"schema_", "route"}),
    Delegation: frozenset({"to_initiator"}),
}
"""What no control sets: names of the whole, its number, what other controls hold, and what can be one thing alone."""
NEW: Mapping[str, Any] = {
    "approvers": whoever, "fallback": lambda: {"by": "group", "name": ""}, "to": whoever,
    "who": lambda: {"by": "user", "id": 0}, "veto": whoever, "remind_before": lambda: "4wh",
    "escalate": lambda: {"to": [{"by": "head_of", "of": "initiator", "level": 2}], "mode": "add", "extend": "1wd"},
    "four_eyes": list, "choices": lambda: "",
    **dict.fromkeys(ENDINGS, lambda: {"do": "notify", "args": {"to": "initiator"}}),
}  # fmt: skip
"""What a button adds, by the list that it is added to; stages, tracks and fields are named first."""


def new_track(key: str) -> dict[str, Any]:
    """Return a track in which the initiator's head is asked."""
    return {
        "id": key, "title": {}, "approvers": [whoever()], "rule": {"type": "any"}, "order": "parallel", "veto": "none",
        "actions": ["approve", "comment", "reject"], "comment_required": "reject",
    }  # fmt: skip


def new_stage(key: str) -> dict[str, Any]:
    """Return a stage of one such track."""
    return {
        "id": key, "title": {}, "when": None, "tracks": [new_track(key)], "join": "all", "fail_fast": True,
        "on_reject": "stop", "on_empty": "fail", "fallback": [],
        "deadline": {"after": "1wd", "remind_before": [], "escalate": [], "on_expire": "expire"},
    }  # fmt: skip


def new_field(key: str) -> dict[str, Any]:
    """Return a field of text."""
    return {"key": key, "title": {}, "type": "text", "required": False, "choices": []}
