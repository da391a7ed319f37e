"""Times of day as people type them."""

from datetime import time

import pytest

from dialogs.reading.clock import read_time

READ = {
    "10時": time(10),
    "１０時": time(10),
    "十時": time(10),
    "十一時半": time(11, 30),
    "10:30": time(10, 30),
    "１０：３０": time(10, 30),
    "9:00": time(9),
    "09:00": time(9),
    "10時30分": time(10, 30),
    "10時三十分": time(10, 30),
    "10時5分": time(10, 5),
    "午後2時": time(14),
    "午前9時半": time(9, 30),
    "午前12時": time(0),
    "午後12時": time(12),
    "夕方4時": time(16),
    "朝の9時": time(9),
    "13時": time(13),
    "2:30pm": time(14, 30),
    "9:30 AM": time(9, 30),
    "10じ": time(10),
    "10時でお願いします": time(10),
    "来週の月曜 10時": time(10),
    "6月15日 10:30": time(10, 30),
    "6/15の午後1時": time(13),
    "10時、10:00": time(10),
    "2027-06-07 14:00": time(14),
    "6/15　１４:００": time(14),
    "6/15 午後 2 時 30 分": time(14, 30),
}
UNREAD = [
    "",
    "10",
    "6月15日",
    "10時か11時",
    "25時",
    "10:75",
    "10時間",
    "10:00:30",
    "110:00",
    "10 30",
    "朝",
    "10時" * 50,
]


@pytest.mark.parametrize(("text", "named"), READ.items())
def test_a_time_is_read_as_people_write_it(text: str, named: time) -> None:
    assert read_time(text) == named


@pytest.mark.parametrize("text", UNREAD)
def test_what_names_no_time_or_several_is_no_time(text: str) -> None:
    assert read_time(text) is None
