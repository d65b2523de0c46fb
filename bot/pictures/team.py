"""The picture of a team: a line a person, worked against the norm."""

from datetime import timedelta

from bot.pictures.chart import BADGES, Ink, Row, TeamChart
from bot.pictures.frame import HEAD, head, legend, legend_height
from bot.pictures.palette import COLOURS, SHADE, SOFT, TEXT
from bot.pictures.paper import ALL, LEFT, MARGIN, RIGHT, WIDTH, Paper, fitted, measured

LINE = 98
BAR = 26
BADGE = 17


def draw_team(chart: TeamChart) -> bytes:
    """Return the picture as PNG."""
    lines = max(len(chart.rows), 2) * LINE
    more = LINE // 2 if chart.more else 0
    paper = Paper(HEAD + 20 + lines + more + legend_height(chart.legend))
    head(paper, chart.title, chart.team, chart.total, chart.balance)
    longest = max(chart.highest, timedelta(hours=1))
    for place, row in enumerate(chart.rows):
        _line(paper, row, HEAD + 20 + place * LINE, longest)
    if chart.empty:
        paper.text((WIDTH / 2, HEAD + 20 + lines / 2), chart.empty, 36, colour=SOFT, anchor="mm")
    paper.text((MARGIN, HEAD + 20 + lines + 30), chart.more, 33, colour=SOFT)
    legend(paper, chart.legend, HEAD + 20 + lines + more)
    return paper.png()


def _line(paper: Paper, row: Row, top: float, longest: timedelta) -> None:
    """Draw the name, what is to be said of it, the hours, and the bar below."""
    left, right = float(MARGIN), float(WIDTH - MARGIN)
    base = top + 38
    paper.text((right, base), row.caption, 36, anchor="rs", is_bold=True)
    room = right - left - measured(row.caption, 36, is_bold=True) - 32
    badges = [each for each in BADGES if each in row.inks]
    room -= len(badges) * (BADGE * 2 + 8)
    note_room = min(measured(row.note, 31) + 20, room * 0.5) if row.note else 0
    name = fitted(row.name, 36, room - note_room)
    paper.text((left, base), name, 36)
    x = left + measured(name, 36) + 20
    if row.note:
        note = fitted(row.note, 31, note_room - 20)
        paper.text((x, base), note, 31, colour=SOFT)
        x += measured(note, 31) + 20
    for badge in badges:
        paper.badge((x + BADGE, base - 12), badge, BADGE)
        x += BADGE * 2 + 8
    _bar(paper, row, top + 54, longest)


def _bar(paper: Paper, row: Row, top: float, longest: timedelta) -> None:
    left, width = MARGIN, WIDTH - MARGIN * 2

    def x(length: timedelta) -> float:
        return left + width * (length / longest)

    paper.box((left, top, left + width, top + BAR), SHADE, radius=8)
    within = min(row.worked, row.norm) if row.norm else row.worked
    is_over = row.worked > within
    paper.box((left, top, x(within), top + BAR), COLOURS[Ink.WORKED], radius=8, corners=LEFT if is_over else ALL)
    if is_over:
        paper.box((x(within), top, x(row.worked), top + BAR), COLOURS[Ink.OVER], radius=8, corners=RIGHT)
    if row.due:
        paper.line((x(row.due) - 1, top - 9), (x(row.due) - 1, top + BAR // 2), TEXT, 3)
    if row.norm:
        paper.line((x(row.norm) - 2, top - 5), (x(row.norm) - 2, top + BAR + 5), TEXT, 4)
