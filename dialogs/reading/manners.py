"""The polite words people put around an answer."""

import re

_LEADING = re.compile(r"^(?:えっと|ええと|じゃあ|では|それでは)[、,\s]*")

_ENDING = re.compile(
    r"""
    (?:(?<!ま)で|[にがをはと]|から|より)?
    (?: (?:いい|良い|よい)(?:です|と思います)?
      | です | でした | になります
      | (?:お願い|おねがい)(?:(?:いた)?します|致します|したいです|できれば)?
      | (?:選び|えらび|し|始め|はじめ|使い|借り)(?:ます|たいです|たい)
      | 希望(?:です|します|いたします|しています)?
      | して(?:ください|下さい) | ください | 下さい
    )
    [よね]*[。.!\s]*$
    """,
    re.VERBOSE,
)


def bare(text: str) -> str:
    """Return *text* without its polite opening and endings: 「えっと、3番でお願いします」 is 「3番」.

    A question (…ですか) keeps its ending, so that it is not taken for an answer.
    """
    before, text = "", _LEADING.sub("", text).strip()
    while text != before:
        before, text = text, _ENDING.sub("", text).strip()
    return text
