"""A chart becomes a file."""

from bot.pictures.chart import Chart, TeamChart
from bot.pictures.days import draw_days
from bot.pictures.team import draw_team


def draw(chart: Chart | TeamChart) -> bytes:
    """Return the picture of a chart as PNG; it takes some hundredths of a second, so it belongs into a thread."""
    return draw_team(chart) if isinstance(chart, TeamChart) else draw_days(chart)
