"""Names across alphabets: «Джеймс» is James, "Anna Kim" is Анна Ким, Sergei is Sergey. By sound, never by likeness."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from bot.understanding.calendar_words import listed
from bot.understanding.names import nominatives


def _table(lines: str) -> dict[str, list[str]]:
    """Return name → spellings from lines of `name spelling,spelling`."""
    rows = (line.split() for line in lines.strip().splitlines())
    return {english: russian.split(",") for english, russian in rows}


_LETTERS: Final = str.maketrans(
    {
        pair[0]: pair[1:]
        for pair in listed(
            "аa бb вv гg дd еe ёe жzh зz иi йi кk лl мm нn оo пp рr сs тt уu фf хh цts чch шsh щsh ъ ыi ь эe юiu яia"
        )
    }
)
_SPELLINGS: Final = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("shch|sch", "sh"),
        ("kh", "h"),
        ("ph", "f"),
        ("th", "t"),
        ("ck", "k"),
        ("x", "ks"),
        ("tz|cz", "ts"),
        ("w", "v"),
        ("^chr", "kr"),
        ("^ie|(?:y|j)e", "e"),
        ("(?:y|j)o", "e"),
        ("(?:y|j|i)u|^ju", "iu"),
        ("(?:y|j)a", "ia"),
        ("c(?!h)", "k"),
        ("[yj]", "i"),
        ("oo", "u"),
        (r"(.)\1+", r"\1"),
    )
)
"""What is written in different ways and sounds alike, in the order in which it is put right."""
ENGLISH_NAMES: Final = _table("""
alice элис,алиса
alan алан
aleksander александр
alexander александр
andrew эндрю
anthony энтони
arthur артур
ben бен
brian брайан
brown браун
bruce брюс
carol кэрол
catherine кэтрин,катрин
charles чарльз,чарлз
charlie чарли
chris крис
christopher кристофер
claire клэр
daniel дэниел,даниэль,даниель
dave дейв
david дэвид,давид
diana диана
edward эдвард
elizabeth элизабет
emily эмили
emma эмма
eric эрик
frank фрэнк
fred фред
gary гэри
george джордж
grace грейс
harry гарри
helen хелен,елен
henry генри
jack джек
jackson джексон
jacob джейкоб
jake джейк
james джеймс
jane джейн
jason джейсон
jeff джефф
jennifer дженнифер
jenny дженни
jeremy джереми
jerry джерри
jessica джессика
jim джим
joan джоан
joe джо
john джон
johnson джонсон
jones джонс
jonathan джонатан
joseph джозеф
joshua джошуа
joyce джойс
julia джулия,юлия
juliet джульетта
karen карен
kate кейт
kevin кевин
kyle кайл
laura лора,лаура
louise луиза
lucy люси
luke люк
mary мэри
matthew мэтью
michael майкл
mike майк
miller миллер
nancy нэнси
nathan натан
nick ник
olivia оливия
oliver оливер
patrick патрик
paul пол
peter питер,петер
philip филип,филипп
rachel рэйчел,рейчел
richard ричард
robert роберт
roger роджер
rose роуз
ruth рут
ryan райан
sam сэм
samuel сэмюэл,самуэль
sarah сара
scott скотт
sean шон
smith смит
sophie софи
stephen стивен
steve стив
steven стивен
susan сьюзан,сьюзен
taylor тейлор
thomas томас
timothy тимоти
tom том
tony тони
victoria виктория
walter уолтер
white уайт
william уильям,вильям
williams уильямс
wilson уилсон
wright райт
zoe зои
""")
"""English names that Russian writes by their sound, not by their letters."""


def sounds_like(said: str, word: str) -> bool:
    """Whether two words of names are one name, in whatever alphabet, spelling and case of Russian."""
    return bool(_sounds(said) & _sounds(word, is_inflected=False)) or bool(
        _sounds(said, is_inflected=False) & _sounds(word)
    )


@lru_cache(maxsize=16384)
def _sounds(word: str, *, is_inflected: bool = True) -> frozenset[str]:
    """Return how a word can sound; a Russian one also in the cases of which it may be a form."""
    forms = [word, *ENGLISH_NAMES.get(word, ())]
    if is_inflected and not word.isascii():
        forms += nominatives(word)
    return frozenset(sound(form) for form in forms)


def sound(word: str) -> str:
    """Return how a word of either alphabet sounds, in letters that both can be compared by."""
    sound = word.translate(_LETTERS)
    for pattern, replacement in _SPELLINGS:
        sound = pattern.sub(replacement, sound)
    return sound
