"""A picture as a file of a message."""

from bot.messages import Attachment
from bot.pictures.chart import Chart, TeamChart


def attachment(png: bytes, chart: Chart | TeamChart) -> Attachment:
    """Return the picture as a file of a message."""
    name = f"{chart.title}.png".replace("/", "-")
    return Attachment(name, png, "photo")
