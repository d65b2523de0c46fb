"""Who may do what, typed by hand from “Who may do what” in docs/rules.md; nothing here is taken from the program."""

from typing import Final

ROLES: Final = ("employee", "lead", "accountant", "admin")

RIGHTS: Final = {
    # right: employee, lead, accountant, administrator
    "see_requests": ("own", "below", "all", "all"),
    "read_reasons": ("own", "below", "own", "all"),
    "decide": ("nobody", "below", "nobody", "all"),
    "see_hours": ("own", "below", "all", "all"),
    "correct_others": ("nobody", "below", "nobody", "all"),
    "ask_for_marks": ("nobody", "below", "nobody", "all"),
    "hear_of_people": ("nobody", "below", "nobody", "all"),
    "confirm_hours": ("own", "own", "own", "own"),
    "vouch_for_days": ("nobody", "nobody", "nobody", "all"),
    "approve_periods": ("nobody", "below", "nobody", "all"),
    "close_periods": ("nobody", "nobody", "all", "all"),
    "make_sheets": ("own", "below", "all", "all"),
    "make_t13": ("own", "below", "all", "all"),
    "see_schedules": ("own", "below", "all", "all"),
    "give_schedules": ("nobody", "below", "nobody", "all"),
    "see_balances": ("own", "below", "all", "all"),
    "keep_personnel": ("nobody", "nobody", "all", "all"),
    "keep_calendar": ("nobody", "nobody", "all", "all"),
    "keep_organisation": ("nobody", "nobody", "all", "all"),
    "keep_options": ("nobody", "nobody", "nobody", "all"),
    "keep_rules": ("nobody", "nobody", "nobody", "all"),
    "integrate": ("nobody", "nobody", "nobody", "all"),
    "give_roles": ("nobody", "nobody", "nobody", "all"),
    "give_access": ("nobody", "nobody", "nobody", "all"),
    "introduce": ("nobody", "nobody", "nobody", "all"),
    "resend": ("nobody", "nobody", "nobody", "all"),
    "see_record": ("nobody", "nobody", "nobody", "all"),
    "erase": ("nobody", "nobody", "nobody", "all"),
    "replace_holder": ("nobody", "nobody", "nobody", "all"),
    "name_substitutes": ("own", "below", "own", "all"),
}

_SEEN: Final = ("own", "own below", "own below other", "own below other")
_ADMINS: Final = ("", "", "", "own below other")
_PAPERS: Final = ("", "", "own below other", "own below other")

COMMANDS: Final = {
    # what is said, and about whom each role may: {name} is in the nominative, {of} in the genitive, {to} in the dative
    "/correct": ("/correct {name} ушёл вчера в 18:00", ("", "own below", "", "own below other")),
    "/close": ("/close 6-12 июля", _PAPERS),
    "/history": ("/history {name}", _SEEN),
    "/week": ("/week часы {of} за июнь", _SEEN),
    "/team": ("/team", ("", "own below other", "own below other", "own below other")),
    "/sheet": ("/sheet {name} июнь", _SEEN),
    "/sheet t-13": ("/sheet {name} июнь т-13", _SEEN),
    "/erase": ("/erase {name}", _ADMINS),
    "/standin": ("/standin", _ADMINS),
    "/calendar country": ("/calendar страна Казахстан", _PAPERS),
    "/schedule": ("/schedule {of}", _SEEN),
    "/setup": ("/setup", _ADMINS),
    "/people": ("/people", _ADMINS),
    "/lead": ("/lead {name}", _ADMINS),
    "/accountant": ("/accountant {name}", _ADMINS),
    "/admin": ("/admin {name}", _ADMINS),
    "/employee": ("/employee {name}", _ADMINS),
    "/disable": ("/disable {name}", _ADMINS),
    "/enable": ("/enable {name}", _ADMINS),
    "/replace": ("/replace 1 {name}, {name}", _ADMINS),
    "/resend": ("/resend", _ADMINS),
    "/errands": ("/errands", _ADMINS),
    "/number": ("/number {name} 0042", _PAPERS),
    "/hired": ("/hired {name} 16.06.2026", _PAPERS),
    "/dismissed": ("/dismissed {name} 10.07.2026", _ADMINS),
    "/options": ("/options", _ADMINS),
    "/org": ("/org ООО Ромашка", _PAPERS),
    "/okpo": ("/okpo 12345674", _PAPERS),
    "/templates": ("/templates", _ADMINS),
    "/templates on": ("/templates включи отпуск", _ADMINS),
    "/rules": ("/rules", _ADMINS),
    "/groups": ("/groups юристы: {name}", _ADMINS),
}

WORDS: Final = {
    "today of somebody": ("{name} вчера был?", _SEEN),
    "presence": ("кто не подтвердил", ("", "own below other", "own below other", "own below other")),
    "report": ("часы {of} за июнь", _SEEN),
    "report of all": ("табель всех за июнь т-13", ("", "own below other", "own below other", "own below other")),
    "close_period": ("закрыть июнь", _PAPERS),
    "dismissed": ("{name} уволен 10 июля", _ADMINS),
    "erase_person": ("удалить данные {name}", _ADMINS),
    "correct": ("исправь {to} вчера уход на 19:00", ("own", "own below", "own", "own below other")),
    "leave": ("поставь {to} отпуск с 20 по 24 июля", ("own", "own below", "own", "own below other")),
    "nudge": ("напомни {to} отметиться", ("", "own below", "", "own below other")),
    "calendar_day": ("сделай 30 апреля рабочим", _PAPERS),
    "calendar_move": ("перенос 2 мая на 4 мая", _PAPERS),
    "set_schedule": ("график {name} 9-18", ("", "below", "", "own below other")),
    "set_schedule for all": ("график всем 9-18", _ADMINS),
    "plan_shift": ("смена {name} 5 августа 20-8", ("", "below", "", "own below other")),
    "leave_balance of somebody": ("сколько отпуска у {of}", _SEEN),
    "set_entitlement": ("отпуск: 28 дней в год", _PAPERS),
    "set_balance": ("у {of} остаток 12 дней на 1 января", _PAPERS),
    "digest_at": ("сводка в 9:30", _ADMINS),
    "retention": ("хранить данные 72 месяца", _ADMINS),
    "options": ("настройки портала", _ADMINS),
    "approval_statistics": ("статистика согласований", ("", "own below other", "own below other", "own below other")),
    "templates": ("шаблон отпуск", _ADMINS),
    "rules": ("когда появился лид, поставить задачу ответственному «Позвонить»", _ADMINS),
    "groups": ("добавь {name} в группу юристы", _ADMINS),
}

_ABOUT_ONESELF: Final = """
/request /requests withdraw ask_again approval_sheet request_history
/preview /checkin /break /back /checkout /confirm /reopen /overtime /leave /approvals /status /today /month /gaps /undo
/link /unlink /web /company /tasks /language /zone /settings /mydata /calendar /remind /feed /who /start /help /cancel
late worked remove wish_correct confirm decline leave_early my_leave my_requests cancel_leave move_leave leave_balance
substitute substitutes no_substitute delegate away decide remaining norm settings subscribe write_to is_workday cancel
"""
FOR_EVERYBODY: Final = frozenset(_ABOUT_ONESELF.split())
"""About oneself, or about what everybody may know."""

PRESSES: Final = {
    # buttons that may stand in a chat whose owner has another role by now, and forged ones
    "close a period": _PAPERS,
    "remind somebody before closing": ("own", "own", "own below other", "own below other"),
    "say for somebody that a day ended": _ADMINS,
    "settings of the portal": _ADMINS,
    "letters of form T-13": _ADMINS,
    "ask for the organisation": _PAPERS,
    "set the organisation": _PAPERS,
    "ask for the hour of the digest": _ADMINS,
    "set the hour of the digest": _ADMINS,
    "country of the calendar": _ADMINS,
    "vouch for a year of the calendar": _PAPERS,
    "a role as it was": _ADMINS,
    "access as it was": _ADMINS,
    "tell everybody": _ADMINS,
    "the usual schedule for everybody": _ADMINS,
    "show somebody's hours": _SEEN,
    "somebody's sheet": _SEEN,
    "somebody's form T-13": _SEEN,
}
