"""Conversations: a folder for each theme, a module for each conversation, and every word the bot says."""

from bot.dispatch.router import Router
from handlers import ambiguity, notifications, read_back, refusals, undelivered
from handlers.approvals import approvals, corrections, deciding, nudging, overtime, pending, templates
from handlers.approvals import news as request_news
from handlers.leave import away, balance, changing, early, leave, my_leaves
from handlers.people import (
    admin,
    feed,
    groups,
    linking,
    options,
    personal_data,
    personnel,
    preferences,
    presence,
    settings,
    setup,
    start,
)
from handlers.periods import closing, confirming
from handlers.periods import news as period_news
from handlers.planning import calendar, calendar_changes, schedule_view, schedules, shifts, workdays
from handlers.planning import news as schedule_news
from handlers.reminding import answers, digests, forgotten, quiet, reminders
from handlers.reports import gaps, norms, sheets, timesheet
from handlers.workday import (
    breaks,
    check_in,
    check_out,
    history,
    late,
    long_ago,
    remaining,
    status,
    undo,
    wish_correct,
    work_on_leave,
)

router = Router("smena")
router.include(
    check_in.router,
    breaks.router,
    check_out.router,
    late.router,
    corrections.router,
    wish_correct.router,
    confirming.router,
    closing.router,
    period_news.router,
    overtime.router,
    reminders.router,
    forgotten.router,
    answers.router,
    work_on_leave.router,
    leave.router,
    early.router,
    my_leaves.router,
    balance.router,
    away.router,
    approvals.router,
    deciding.router,
    pending.router,
    nudging.router,
    request_news.router,
    changing.router,
    history.router,
    long_ago.router,
    status.router,
    remaining.router,
    timesheet.router,
    sheets.router,
    gaps.router,
    norms.router,
    digests.router,
    undo.router,
    linking.router,
    preferences.router,
    settings.router,
    personal_data.router,
    calendar.router,
    calendar_changes.router,
    workdays.router,
    quiet.router,
    schedule_view.router,
    schedules.router,
    shifts.router,
    feed.router,
    presence.router,
    setup.router,
    admin.router,
    personnel.router,
    options.router,
    templates.router,
    groups.router,
    read_back.router,
    ambiguity.router,
    notifications.router,
    schedule_news.router,
    undelivered.router,
    refusals.router,
    start.router,
)
