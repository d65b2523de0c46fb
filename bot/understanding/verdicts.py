"""Words that sound like a decision and are none: «не согласовано», "approved". Nobody decides by a word alone (E14)."""

import re
from typing import Final

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_VERDICTS: Final = re.compile(
    r"соглас(?:ен|на|ны|овано|овал[аи]?|ован[аы]?|овываю|овывать|ую|ие)|(?:утвер(?:ж|д)|одобр|отклон|возраж)\w*|"
    r"отказ(?:ано|ать|ываю|ал[аи]?)?|против|approv\w*|disapprov\w*|reject\w*|declin\w*|den(?:y|ied)|disallow\w*|"
    r"agree[ds]?|disagree[ds]?|object"
)
_BESIDE: Final = re.compile(
    r"не|нет|да|я|мы|это|этого|его|её|ее|надо|нужно|пока|уже|ни|с|тебе|вам|всё|все|пожалуйста|ок|"
    r"not|no|yes|i|we|do|don't|dont|doesn't|it|this|that|is|isn't|am|i'm|it's|please|ok|okay|yet|already|with|the|a"
)
MOST_WORDS: Final = 6


def is_verdict(text: str) -> bool:
    """Whether a text is only a verdict, for or against: it may be meant for what waits, and must not decide it."""
    words = [each.replace("’", "'") for each in _WORD.findall(text.casefold())]
    if not 0 < len(words) <= MOST_WORDS:
        return False
    verdicts = [each for each in words if _VERDICTS.fullmatch(each)]
    return bool(verdicts) and all(each in verdicts or _BESIDE.fullmatch(each) for each in words)
