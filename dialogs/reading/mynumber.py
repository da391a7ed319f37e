"""The individual number (マイナンバー), known only in order to refuse it."""

import re

_WEIGHTS = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def is_my_number(digits: str) -> bool:
    """Return whether *digits* are twelve ASCII digits with a right check digit.

    Source: the ordinance on the notification and individual number cards, 平成26年総務省令第85号 第5条.
    Twelve random digits pass about one time in ten.
    """
    if not re.fullmatch(r"[0-9]{12}", digits, re.ASCII):
        return False
    remainder = sum(int(d) * w for d, w in zip(digits, _WEIGHTS, strict=False)) % 11
    return int(digits[-1]) == (0 if remainder <= 1 else 11 - remainder)
