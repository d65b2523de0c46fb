"""Words that ask for nothing: thanks, a thumb. With no question open they want no answer but a nod."""

import re
from typing import Final

_THANKS: Final = re.compile(
    r"(большое\s+)?(спасиб(о|ки)|благодарю|понял[аи]?|понятно|ясно|thanks|thank\s+you|thx|got\s+it|[👍🙏👌❤️]+)"
    r"(\s+(большое|вам|тебе|very\s+much|a\s+lot))*[\s!.)👍🙏👌❤️]*",
    re.IGNORECASE,
)
_NOD: Final = re.compile(
    r"(ок|окей|оке|ok|okay|k|хорошо|ладно|договорились|угу|ага|fine|good|great|✅)[\s!.)👍👌🙏]*", re.IGNORECASE
)


def is_thanks(text: str) -> bool:
    """Whether a text only thanks, or shows a thumb."""
    return _THANKS.fullmatch(text.strip()) is not None


def is_nod(text: str) -> bool:
    """Whether a text only agrees, without saying to what: «ок», not «да»."""
    return _NOD.fullmatch(text.strip()) is not None or is_thanks(text)
