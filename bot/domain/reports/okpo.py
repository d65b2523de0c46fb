"""The code of an organisation in Russian statistics (ОКПО), which stands at the head of form T-13."""

_SIZES = (8, 10)
"""Organisations have eight digits, sole proprietors ten."""


def is_okpo(code: str) -> bool:
    """Whether the digits are such a code: the last one is the weighted sum of the others modulo 11 (ОК 007-93).

    The weights are 1, 2, 3 …; where the remainder is 10 they are 3, 4, 5 …, and where it is 10 again the digit is 0.
    """
    if len(code) not in _SIZES or not (code.isascii() and code.isdecimal()):
        return False
    digits = [int(each) for each in code]
    rests = (_remainder(digits[:-1], start) for start in (1, 3))
    return digits[-1] == next((each for each in rests if each < 10), 0)


def _remainder(digits: list[int], start: int) -> int:
    return sum(digit * ((start - 1 + place) % 10 + 1) for place, digit in enumerate(digits)) % 11
