"""What makes two ways of writing the number of a grant, or an address, the same (003-04, 003-21)."""

from __future__ import annotations

import re
import unicodedata

from dialogs.reading.address_fold import HYPHENS, folded

LONGEST_NUMBER = 40

_SAME_HYPHEN = str.maketrans(dict.fromkeys(HYPHENS, "-"))
_AROUND = re.compile(r"\s|第|号|番(?=$)|[（）()「」]")  # untranslated: what people write around a number
_LEADING_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")
_ERA = re.compile(r"令和(?=[0-9])")  # untranslated: what a number may begin with
_DROPPED = re.compile(r"[-~番地号丁目の・.,]")  # untranslated: what people write between the numbers of a lot


def grant_number(text: str) -> str:
    """Return the number of a grant in one spelling, "" where *text* has no digit or is far too long.

    Width, spaces, 第 and 号, the kind of hyphen and leading zeros make no difference: R9-0012 and Ｒ９－１２号 are
    one number.
    """
    plain = unicodedata.normalize("NFKC", text[: LONGEST_NUMBER + 1]).strip().casefold()
    if len(plain) > LONGEST_NUMBER or not any(each.isdecimal() for each in plain):
        return ""
    plain = _ERA.sub("r", _AROUND.sub("", plain.translate(_SAME_HYPHEN)))
    return _LEADING_ZEROS.sub("", plain)


def household(address: str) -> str:
    """Return an address in one spelling: whoever lives there is of one household.

    *address* is whole, from the prefecture on; how the lot is written (3丁目1番2号, 3-1-2) makes no difference.
    """
    return _DROPPED.sub("", folded(address))
