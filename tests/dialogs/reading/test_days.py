"""Days and ranges of days, seen from Monday 2027-06-07."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.reading.days import read_day, read_days
from dialogs.reading.wareki import wareki
from tests.nasty import NASTY

TODAY = date(2027, 6, 7)

READABLE = """
2027-06-15 = 2027-06-15
2027-6-15 = 2027-06-15
2027/6/15 = 2027-06-15
2027/06/15 = 2027-06-15
2027.6.15 = 2027-06-15
２０２７／６／１５ = 2027-06-15
20270615 = 2027-06-15
2027年6月15日 = 2027-06-15
2027 年 6 月 15 日 = 2027-06-15
西暦2027年6月15日 = 2027-06-15
二〇二七年六月十五日 = 2027-06-15
R9.6.15 = 2027-06-15
r9/6/15 = 2027-06-15
R9-6-15 = 2027-06-15
Ｒ９．６．１５ = 2027-06-15
令9.6.15 = 2027-06-15
令和9年6月15日 = 2027-06-15
令和九年六月十五日 = 2027-06-15
㋿9年6月15日 = 2027-06-15
令和元年5月1日 = 2019-05-01
平成31年5月1日 = 2019-05-01
昭和64年1月7日 = 1989-01-07
S64.1.7 = 1989-01-07
6月15日 = 2027-06-15
６月１５日 = 2027-06-15
六月十五日 = 2027-06-15
6がつ15にち = 2027-06-15
6月の15日 = 2027-06-15
6月15 = 2027-06-15
6/15 = 2027-06-15
６／１５ = 2027-06-15
6.15 = 2027-06-15
6-15 = 2027-06-15
6ー15 = 2027-06-15
6月一五日 = 2027-06-15
6月二〇日 = 2027-06-20
1/10 = 2028-01-10
2月29日 = 2028-02-29
6月7日 = 2027-06-07
15日 = 2027-06-15
7日 = 2027-06-07
3日 = 2027-07-03
今日 = 2027-06-07
きょう = 2027-06-07
本日 = 2027-06-07
明日 = 2027-06-08
あした = 2027-06-08
あす = 2027-06-08
明後日 = 2027-06-09
あさって = 2027-06-09
しあさって = 2027-06-10
明々後日 = 2027-06-10
明明後日 = 2027-06-10
昨日 = 2027-06-06
おととい = 2027-06-05
一昨日 = 2027-06-05
月曜 = 2027-06-14
土曜日 = 2027-06-12
どようび = 2027-06-12
今度の土曜 = 2027-06-12
こんどの土曜 = 2027-06-12
次の火曜日 = 2027-06-08
今週の月曜 = 2027-06-07
今週の金曜 = 2027-06-11
来週の月曜日 = 2027-06-14
来週月曜 = 2027-06-14
らいしゅうのげつようび = 2027-06-14
来週の日曜 = 2027-06-20
再来週の金曜 = 2027-06-25
さらいしゅうのきんよう = 2027-06-25
先週の金曜 = 2027-06-04
3日後 = 2027-06-10
三日後 = 2027-06-10
3にちご = 2027-06-10
十日後 = 2027-06-17
2週間後 = 2027-06-21
二週間後 = 2027-06-21
1週後 = 2027-06-14
一か月後 = 2027-07-07
1ヶ月後 = 2027-07-07
1カ月後 = 2027-07-07
1箇月後 = 2027-07-07
1年後 = 2028-06-07
3日前 = 2027-06-04
月末 = 2027-06-30
末日 = 2027-06-30
今月末 = 2027-06-30
来月末 = 2027-07-31
来月の月末 = 2027-07-31
7月末 = 2027-07-31
6月末日 = 2027-06-30
来月3日 = 2027-07-03
来月の3日 = 2027-07-03
再来月1日 = 2027-08-01
今月1日 = 2027-06-01
来年の6月15日 = 2028-06-15
今年6/15 = 2027-06-15
去年の6月15日 = 2026-06-15
6月15日(火) = 2027-06-15
6月15日（火） = 2027-06-15
6/15(火) = 2027-06-15
6/15㈫ = 2027-06-15
6月15日火曜日 = 2027-06-15
6月15日の火曜日 = 2027-06-15
6月15日、火曜 = 2027-06-15
令和9年6月15日(火曜日) = 2027-06-15
7/19(月・祝) = 2027-07-19
15日(火) = 2027-06-15
明日(火) = 2027-06-08
6月15日です = 2027-06-15
6月15日がいいです = 2027-06-15
6月15日でお願いします。 = 2027-06-15
6月15日にします = 2027-06-15
6月15日を希望します = 2027-06-15
6月15日から = 2027-06-15
6月15日からでお願いします = 2027-06-15
6月15日まで = 2027-06-15
「6月15日」 = 2027-06-15
えっと、6月15日です = 2027-06-15
6/15 9:00 = 2027-06-15
6/15 09:00:00 = 2027-06-15
6月15日9時 = 2027-06-15
6月15日 午前9時30分から = 2027-06-15
6月15日9時から16時 = 2027-06-15
6/15 9:00〜16:00 = 2027-06-15
6月15日に9時から = 2027-06-15
2027-06-15T09:00 = 2027-06-15
明日の午後 = 2027-06-08
明日の朝9時 = 2027-06-08
6月15日(火) 10時 = 2027-06-15
June 15 = 2027-06-15
june 15th = 2027-06-15
on June the 15th = 2027-06-15
15 June 2027 = 2027-06-15
15th of June = 2027-06-15
Jun 15, 2027 = 2027-06-15
Jun. 15 2027 = 2027-06-15
Sept 1 = 2027-09-01
Tuesday, June 15 = 2027-06-15
June 15 (Tue) = 2027-06-15
June 15 at 9:00 am = 2027-06-15
June 15 9am to 4pm = 2027-06-15
June 15 please = 2027-06-15
today = 2027-06-07
Tomorrow = 2027-06-08
the day after tomorrow = 2027-06-09
yesterday = 2027-06-06
Monday = 2027-06-14
on Friday = 2027-06-11
this Friday = 2027-06-11
next Monday = 2027-06-14
in 3 days = 2027-06-10
in a week = 2027-06-14
in two months = 2027-08-07
in 1 year = 2028-06-07
3 days from now = 2027-06-10
two weeks later = 2027-06-21
"""

REFUSED = """
13/1
5/40
2/30
0/5
2027-02-29
2027-13-01
2027/6-15
0006-06-03
2999-01-01
99999999
202706
10
6
615
15
27/6/15
9.6.15
6/15/2027
9年6月15日
2027年6月
6月
来週
来月
今年
夏
いつでも
いつか
31日
32日
0日
二三日後
二、三日後
2〜3日後
1 5日
20 27年6月15日
6/1
5月1日
6月15日(水)
6月15日の月曜日
明日(水)
来月31日の次
6月31日
今月31日
来月32日
今週
今週の月
令和0年1月1日
令和元元年1月1日
平成33年1月1日
昭和100年1月1日
慶応3年1月1日
6月15日ごろ
6月15日頃
6月中旬
6月上旬
6月15日以降
6月15日か16日
6月15日と16日
6月15日ですか
6月15日から8月31日まで
2027-06-14T15:00:00Z
2027-06-15T09:00+09:00
6/159:00
6月②日
６月²日
٣/٤
6月Ⅲ日
9:00
午後
15:00 16:00
next Friday
this
June
June 31
June 15 (Wed)
Wednesday, June 15
in days
soon
tomorrow or today
999年後
-6/15
6--15
6/15/
"""

RANGES = """
6月15日 = 2027-06-15
6月15日から = 2027-06-15
2027-06-15 = 2027-06-15
6/15 9:00〜16:00 = 2027-06-15
6月15日から8月31日まで = 2027-06-15 2027-08-31
6月15日から8月31日までです = 2027-06-15 2027-08-31
6月15日より8月31日まで = 2027-06-15 2027-08-31
6月15日(火)から8月31日(火)まで = 2027-06-15 2027-08-31
６月１５日～８月３１日 = 2027-06-15 2027-08-31
6/15〜8/31 = 2027-06-15 2027-08-31
6/15~8/31 = 2027-06-15 2027-08-31
6/15-8/31 = 2027-06-15 2027-08-31
6/15 - 8/31 = 2027-06-15 2027-08-31
6/15ー8/31 = 2027-06-15 2027-08-31
6/15－8/31 = 2027-06-15 2027-08-31
6-15-8-31 = 2027-06-15 2027-08-31
2027-06-15/2027-08-31 = 2027-06-15 2027-08-31
2027-06-15-2027-08-31 = 2027-06-15 2027-08-31
2027-06-15〜2027-08-31 = 2027-06-15 2027-08-31
20270615-20270831 = 2027-06-15 2027-08-31
R9.6.15-R9.8.31 = 2027-06-15 2027-08-31
令和9年6月15日から令和9年8月31日まで = 2027-06-15 2027-08-31
2027-08-31〜2028-06-15 = 2027-08-31 2028-06-15
8月31日から令和10年6月15日まで = 2027-08-31 2028-06-15
R9.8.31〜R10.6.15 = 2027-08-31 2028-06-15
2027年6月15日から8月31日 = 2027-06-15 2027-08-31
6月15日9時から8月31日16時まで = 2027-06-15 2027-08-31
6月15日から20日まで = 2027-06-15 2027-06-20
6/15〜20日 = 2027-06-15 2027-06-20
6月15日から月末まで = 2027-06-15 2027-06-30
7月1日から来月末まで = 2027-07-01 2027-07-31
7月15日から月末まで = 2027-07-15 2027-07-31
12/15〜1/10 = 2027-12-15 2028-01-10
明日から6月20日 = 2027-06-08 2027-06-20
明日から2週間 = 2027-06-08 2027-06-21
明日から二週間 = 2027-06-08 2027-06-21
明日から14日間 = 2027-06-08 2027-06-21
明日から1日間 = 2027-06-08 2027-06-08
6月15日より3か月 = 2027-06-15 2027-09-14
6月15日から3ヶ月間 = 2027-06-15 2027-09-14
8月31日から6か月 = 2027-08-31 2028-02-29
8月31日から1年間 = 2027-08-31 2028-08-30
2027-01-31から4週間 = 2027-01-31 2027-02-27
明日から来週の金曜まで = 2027-06-08 2027-06-18
来週の月曜から金曜まで = 2027-06-14 2027-06-18
今日から今日まで = 2027-06-07 2027-06-07
from June 15 to August 31 = 2027-06-15 2027-08-31
June 15 - August 31 = 2027-06-15 2027-08-31
June 15 until Aug 31, 2027 = 2027-06-15 2027-08-31
June 15 through August 31 = 2027-06-15 2027-08-31
June 15 for 2 weeks = 2027-06-15 2027-06-28
tomorrow for ten days = 2027-06-08 2027-06-17
June 15 for 3 months = 2027-06-15 2027-09-14
June 15 for one year = 2027-06-15 2028-06-14
from Monday to Friday = 2027-06-14 2027-06-18
"""

NO_RANGES = """
8/31〜6/15
8/31〜6/15/
8月31日から6月15日まで
2027-08-31から2027-06-15
6月15日から20日
6月15日から13月1日
13月1日から6月15日
6/1〜8/31
6月15日から3日後
から8月31日
6月15日からしばらく
6月15日から2週間くらい
明日から0日間
6/15-20
6/15-7/1-8/31
6月15日(水)から8月31日
from June 15 to
from to
いつでも
2週間
6月から8月
"""


def _table(text: str) -> list[tuple[str, list[date]]]:
    rows = [line.split(" = ") for line in text.strip().splitlines()]
    return [(typed, [date.fromisoformat(day) for day in days.split()]) for typed, days in rows]


@pytest.mark.parametrize(("typed", "days"), _table(READABLE))
def test_a_day_is_read_however_it_is_written(typed: str, days: list[date]) -> None:
    assert read_day(typed, TODAY) == days[0]


@pytest.mark.parametrize("typed", [*REFUSED.strip().splitlines(), "", " ", "。"])
def test_what_could_be_two_days_or_none_is_not_read(typed: str) -> None:
    assert read_day(typed, TODAY) is None


@pytest.mark.parametrize(("typed", "days"), _table(RANGES))
def test_a_range_is_read_however_it_is_written(typed: str, days: list[date]) -> None:
    assert read_days(typed, TODAY) == (days[0], days[1] if len(days) > 1 else None)


@pytest.mark.parametrize("typed", NO_RANGES.strip().splitlines())
def test_a_range_that_is_not_plain_is_not_read(typed: str) -> None:
    assert read_days(typed, TODAY) is None


@pytest.mark.parametrize(
    ("typed", "today", "day"),
    [
        ("3日", date(2027, 6, 3), date(2027, 6, 3)),
        ("30日", date(2027, 1, 31), None),
        ("31日", date(2027, 7, 1), date(2027, 7, 31)),
        ("1日", date(2027, 12, 15), date(2028, 1, 1)),
        ("今週の月曜", date(2027, 6, 9), None),
        ("this Monday", date(2027, 6, 9), None),
        ("next Monday", date(2027, 6, 9), date(2027, 6, 14)),
        ("1か月後", date(2027, 1, 31), date(2027, 2, 28)),
        ("来月31日", date(2027, 5, 31), None),
        ("来月末", date(2027, 1, 31), date(2027, 2, 28)),
        ("2月末", date(2027, 6, 7), date(2028, 2, 29)),
        ("5月末", date(2027, 6, 7), None),
        ("2/29", date(2025, 6, 7), None),
        ("2/29", date(2028, 3, 10), None),
        ("4/1", date(2027, 6, 7), date(2028, 4, 1)),
        ("6/1", date(2027, 5, 31), date(2027, 6, 1)),
        ("12/31", date(2028, 1, 1), None),
        ("明日", date(9999, 12, 31), None),
        ("1年後", date(9999, 12, 31), None),
        ("6/15", date(9999, 12, 31), None),
        ("昨日", date(1, 1, 1), None),
    ],
)
def test_a_day_without_its_month_or_year_is_the_next_one_if_there_is_no_doubt(
    typed: str, today: date, day: date | None
) -> None:
    assert read_day(typed, today) == day


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.dates())
def test_a_full_date_is_read_the_same_on_every_day(day: date, today: date) -> None:
    spellings = (
        day.isoformat(),
        wareki(day),
        f"{day:%Y/%m/%d}",
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日",
    )

    assert {read_day(typed, today) for typed in spellings} == {day}


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.integers(0, 2000))
def test_a_full_range_is_read_as_it_is_written(first: date, length: int) -> None:
    last = first + timedelta(days=length)

    assert read_days(f"{first}〜{last}", TODAY) == (first, last)
    assert read_days(f"{wareki(first)}から{wareki(last)}まで", TODAY) == (first, last)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 12), st.integers(1, 31))
def test_a_day_without_its_year_is_never_in_the_past(today: date, month: int, day: int) -> None:
    read = read_day(f"{month}月{day}日", today)

    assert read is None or (read >= today and (read.month, read.day) == (month, day))


@given(st.integers(1, 999))
def test_a_period_counts_its_first_day(days: int) -> None:
    assert read_days(f"明日から{days}日間", TODAY) == (
        TODAY + timedelta(days=1),
        TODAY + timedelta(days=days),
    )


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_no_text_breaks_the_reading_of_days(text: str) -> None:
    read_day(text, TODAY)
    read_days(text, TODAY)


@given(st.text(), st.dates())
def test_no_text_at_all_breaks_the_reading_of_days(text: str, today: date) -> None:
    read_day(text, today)
    read_days(text, today)


WORDS = [
    "6",
    "15",
    "2027",
    "31",
    "0",
    "年",
    "月",
    "日",
    "/",
    "-",
    ".",
    "〜",
    "から",
    "まで",
    "来週",
    "の",
    "火曜",
    "後",
]
WORDS += [
    "週間",
    "か月",
    "令和",
    "R",
    "末",
    " ",
    "June",
    "to",
    "for",
    "next",
    "in",
    "a",
    "weeks",
    "9:00",
    "(火)",
    "三",
]


@given(st.lists(st.sampled_from(WORDS), max_size=7).map("".join), st.dates())
def test_no_likely_text_breaks_the_reading_of_days(text: str, today: date) -> None:
    read = read_days(text, today)

    assert read is None or read[1] is None or read[0] <= read[1]
