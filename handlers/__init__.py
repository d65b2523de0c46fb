"""Conversations: one module each, and every word the bot says. The first match wins, in this order."""

from bot.dispatch.router import Router
from handlers import (
    admin,
    ambiguity,
    approvals,
    breaks,
    check_in,
    check_out,
    corrections,
    history,
    leave,
    linking,
    notifications,
    pending,
    preferences,
    refusals,
    request_news,
    start,
    status,
    timesheet,
    undelivered,
    undo,
)

router = Router("smena")
router.include(
    check_in.router,
    breaks.router,
    check_out.router,
    corrections.router,
    leave.router,
    approvals.router,
    pending.router,
    request_news.router,
    history.router,
    status.router,
    timesheet.router,
    undo.router,
    linking.router,
    preferences.router,
    admin.router,
    ambiguity.router,
    notifications.router,
    undelivered.router,
    refusals.router,
    start.router,
)
