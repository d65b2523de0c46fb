"""Pictures: what a chart says of its bars, and that every chart can be drawn; how they look is looked at."""

from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from bot.pictures.chart import BADGES, Bar, Chart, Ink, Row, TeamChart
from bot.pictures.palette import COLOURS
from bot.pictures.png import draw

HOUR = timedelta(hours=1)
LONG = "Константин Константинопольский-Преображенский-Задунайский младший"
LEGEND = tuple((ink, f"слово для {ink.value}") for ink in Ink)


def bar(
    worked: float = 0, *, plan: float = 8, absence: str = "", inks: frozenset[Ink] = frozenset(), **more: bool
) -> Bar:
    """Return a bar of so many hours."""
    return Bar(
        "пн",
        "13",
        HOUR * worked,
        HOUR * max(worked - plan, 0),
        timedelta(),
        HOUR * plan,
        f"{worked}:00",
        absence,
        inks,
        **more,
    )


def chart(*bars: Bar, **more: object) -> Chart:
    """Return a chart of these bars."""
    return Chart("13 – 19 июля", LONG, "38 ч 20 мин", "из 40 ч", bars, legend=LEGEND, hour="ч", **more)  # type: ignore[arg-type]


def opened(png: bytes) -> Image.Image:
    """Return the picture as a messenger shows it."""
    return Image.open(BytesIO(png)).convert("RGB")


def colours(png: bytes) -> set[object]:
    """Return every colour of a picture."""
    return {colour for _, colour in opened(png).getcolors(1000) or ()}


def test_highest_is_the_plan_or_the_work_with_its_breaks() -> None:
    """The axis reaches whatever stands highest."""
    assert 9 * HOUR == chart(Bar("", worked=8 * HOUR, on_break=HOUR, plan=8 * HOUR), bar(3)).highest
    assert 12 * HOUR == chart(bar(3, plan=12)).highest
    assert timedelta() == chart().highest


def test_weeks_begin_where_a_bar_says_so() -> None:
    """A month that begins on a Wednesday has a short first week."""
    bars = [bar(begins=place in (5, 12)) for place in range(15)]
    assert [(0, 4), (5, 11), (12, 14)] == chart(*bars).weeks


def test_days_of_one_absence_are_one_field() -> None:
    """Neighbouring days of one kind are drawn together; another kind begins another."""
    bars = [bar(), bar(absence="Отпуск"), bar(absence="Отпуск"), bar(absence="Отгул"), bar(), bar(absence="Отпуск")]
    assert [("Отпуск", 1, 2), ("Отгул", 3, 3), ("Отпуск", 5, 5)] == chart(*bars).absences


@pytest.mark.parametrize("count", [0, 1, 7, 12, 28, 31, 62, 366])
def test_any_number_of_days_can_be_drawn(count: int) -> None:
    """From nothing to a leap year, each bar with everything that can occur."""
    inks = list(Ink)
    bars = [
        bar(
            place % 14,
            absence=("", "", "Отпуск", "Командировка")[place % 4],
            inks=frozenset({inks[place % len(inks)]}),
            begins=place % 7 == 0,
        )
        for place in range(count)
    ]
    picture = opened(draw(chart(*bars, sums=["39:10"] * 60, empty="" if count else "Нет отметок")))
    assert 1080 == picture.width
    assert picture.height < 1400


@pytest.mark.parametrize("count", [0, 1, 20])
def test_any_team_can_be_drawn(count: int) -> None:
    """Long names, no norm, every badge; Telegram takes no picture more than twenty times as high as wide."""
    rows = [
        Row(LONG, HOUR * place, HOUR * (place % 3) * 80, "175 ч 30 мин", LONG, frozenset(BADGES))
        for place in range(count)
    ]
    picture = opened(draw(TeamChart("Июнь", LONG, "702 ч", "", rows, "… и ещё 3", LEGEND, "" if count else "Никого")))
    assert picture.height < 20 * picture.width
    assert picture.width + picture.height < 10_000


@pytest.mark.parametrize("badge", BADGES)
def test_a_badge_is_to_be_seen(badge: Ink) -> None:
    """Each mark has its own colour on the paper, and a bar without it has not."""
    shown = colours(draw(Chart("", "", "", "", [bar(4, inks=frozenset({badge}))])))
    other = colours(draw(Chart("", "", "", "", [bar(4)])))
    colour = tuple(bytes.fromhex(COLOURS[badge][1:]))
    assert colour in shown
    assert colour not in other


def test_the_sheet_is_white() -> None:
    """A colour of an edge does not stain the ground, and the file is small."""
    png = draw(chart(*(bar(8) for _ in range(7))))
    assert (255, 255, 255) == opened(png).getpixel((2, 2))
    assert len(png) < 60_000
