"""Whether words name people: pronouns, kin, roles at work, common first names. A guard, not a directory."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from bot.understanding.calendar_words import listed
from bot.understanding.names import nominatives
from bot.understanding.people import STRANGERS
from bot.understanding.romanised import ENGLISH_NAMES, sound

if TYPE_CHECKING:
    from bot.understanding.hearing import Heard

_ROLES: Final = frozenset(
    listed(
        "шеф босс начальник начальница директор руководитель руководительница менеджер бухгалтер бухгалтерша клиент "
        "клиентка заказчик заказчица курьер водитель охранник секретарь коллега коллеги стажер новенький новенькая "
        "напарник напарница сменщик сменщица бригадир мастер электрик сантехник врач доктор гость гости посетитель "
        "жена муж сын дочь дочка дочка ребенок дети малой малая мама мать папа отец брат сестра бабушка дедушка "
        "теща свекровь подруга друг парень девушка сосед соседка кот кошка собака пес народ ребята девочки девчонки "
        "мальчики парни люди человек чел кто-то кто-нибудь никто все всех остальные отдел команда смена "
        "boss chief manager director client customer courier driver guard secretary colleague coworker teammate intern "
        "partner accountant electrician plumber doctor guest visitor wife husband son daughter kid kids child baby mom "
        "mum mother dad father brother sister grandma grandpa friend boyfriend girlfriend neighbour neighbor cat dog "
        "guy guys girls people person somebody someone anybody everybody everyone nobody others team department "
        "he she they him her them his their hers theirs it who"
    )
)
_SHORT_NAMES: Final = frozenset(
    listed("bob bill dan don ed greg jen liz max meg pam pat ray rob ron ted tim zach andy alex jess nate gabe sue")
)
_RUSSIAN_NAMES: Final = frozenset(
    listed(
        "александр александра алексей алена алина алиса алла альбина анастасия анатолий андрей анна антон антонина "
        "арсений артем артур богдан борис вадим валентин валентина валерий валерия варвара василий вера вероника "
        "виктор виктория виталий владимир владислав вячеслав галина геннадий георгий герман глеб григорий данил "
        "данила даниил дарья денис джеймс диана дмитрий ева евгений евгения егор екатерина елена елизавета жанна "
        "захар зинаида зоя иван игорь илья инна ирина кирилл кира клавдия константин кристина ксения лариса лев "
        "леонид лидия лилия людмила любовь маргарита марина мария марк матвей михаил надежда наталья наталия "
        "никита николай нина оксана олег олеся ольга павел полина петр раиса регина роман руслан светлана семен "
        "сергей снежана софия софья станислав степан таисия тамара татьяна тимофей тимур ульяна федор филипп "
        "арина ариша варя вадик вадя валера валя ван ванек вася вован виталик витек владик генка диана димон димка "
        "жека женька игорек илюха ирка катюха катюша катька колян костик кирюха ксюха ленка лера леха лиля лерка "
        "люся максимка маринка мила милана наташка настюха олька пашка полинка ринат ришат ромка саня санек саныч "
        "светка серый славик стасик танька танюха толик тоха федька юлька юлечка юрик анька андрюха андрюша антоха "
        "аленка артемка марьяна мишаня михалыч палыч петрович иваныч николаич василич алексеич сергеич азат айдар "
        "айгуль альберт амир ангелина арман арсен ася гузель гульнара давид дамир дина зарина ильдар инга каролина "
        "карина камила лейла луиза мадина мурат наиля ренат рустам салават самвел тигран фарид эльдар эмма "
        "эдуард эльвира эмиль юлия юрий яна ярослав аня анюта ася боря ваня вася витя вика вова володя гена гоша "
        "гриша дания даня даша дима женя жора зина ира катя коля костя ксюша лена леша лиза лида люба люда макс "
        "максим маша миша надя настя наташа нюра оля паша петя поля рита рома саша сашка света сева серега сережа "
        "слава соня стас степа таня тема тоня толя федя шура эдик юля юра яша"
    )
)

_PREPOSITIONS: Final = frozenset(listed("к ко у с со от для на в о про за to for with at from by about of"))
_THINGS: Final = frozenset(listed("это it this that как что what how want wants which чего кого"))
_PATRONYMIC: Final = re.compile(r"[а-я]{2}(?:ович|евич|овн|евн|иничн)(?:а|у|ем|ом|е|ы|ой)?$")
_NO_NAMES: Final = frozenset({"jury"})
"""What sounds like a name and is none."""
_SOUNDS: Final = frozenset(sound(name) for name in _RUSSIAN_NAMES)


def is_somebody(heard: Heard, *, before: int | None = None) -> bool:
    """Whether somebody is named who may have done what is told; with `before`, ahead of that place."""
    places = range(len(heard.tokens) if before is None else before)
    return any(heard.tokens[place].kind == "word" and _names_one(heard, place) for place in places)


def _names_one(heard: Heard, place: int) -> bool:
    """Whether the word at this place names somebody: by a list, or by a capital in the middle of the text."""
    word = heard.row[place]
    if place and heard.row[place - 1] in _PREPOSITIONS:
        return False  # «к врачу», «у нотариуса» is where somebody goes
    if word in STRANGERS - _THINGS or is_person_word(word):
        return True
    return place > 0 and place in heard.unknown and heard.raw(place, place)[0].isupper() and not _is_dressed(heard.text)


@lru_cache(maxsize=4096)
def is_first_name(word: str) -> bool:
    """Whether a word in small letters is a common first name, in whatever case."""
    if word in ENGLISH_NAMES or word in _SHORT_NAMES or word in _RUSSIAN_NAMES:
        return True
    if not word.isascii() and _PATRONYMIC.search(word):
        return True
    if word.isascii():
        return sound(word) in _SOUNDS and word not in _NO_NAMES
    return any(each in _RUSSIAN_NAMES for each in nominatives(word))


def _is_dressed(text: str) -> bool:
    """Whether all its words are written large, so that none of them shows a name."""
    return text.isupper() or text == text.title()


@lru_cache(maxsize=4096)
def is_person_word(word: str) -> bool:
    """Whether a word in small letters is a common first name, kin or a role, in whatever case."""
    if word in _ROLES or is_first_name(word):
        return True
    return not word.isascii() and any(each in _ROLES for each in nominatives(word))
