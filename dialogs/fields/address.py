"""Addresses in Japan, told from their postal code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dialogs.events import Parts
from dialogs.fields.base import (
    Cell,
    Column,
    Control,
    Field,
    Given,
    Input,
    Invalid,
    Raw,
    Value,
    only,
    part_of,
    sealed,
)
from dialogs.fields.towns import Spot, by_code, joined, settled, spot
from dialogs.fields.typed import fitting, one_line, ticked, without_my_number
from dialogs.reading.address import Town, read_postcode, show_postcode, split_postcode
from dialogs.reading.answers import read_yes_no
from dialogs.reading.shortcuts import says_same
from dialogs.words import Words, _, say

_LONGEST = 100
_LONGEST_AREA = 200
_LONGEST_CODE = 30  # 郵便番号：〒061-2285です, with room for spaces
_KEPT = ("postcode", "prefecture", "city", "ward", "town")
_WHOLE = _("札幌市南区藤野五条3丁目1-2")
_LOT = _("3丁目1-2")


@dataclass(frozen=True, kw_only=True)
class PostalAddress(Field):
    """An address: ``{"postcode", "prefecture", "city", "ward", "town", "rest", "in_city"}``.

    "rest" is missing while only the town is known; "in_city" says whether it lies in the office's city.
    With *in_city* it must.  *same_as* is the question whose address one tick takes over (then "same": True).
    """

    example: str = _WHOLE
    in_city: bool = False
    same_as: str = ""
    same_label: str = _("先に入力した住所と同じ")

    def inputs(self, given: Given) -> tuple[Input, ...]:  # noqa: ARG002 -- a page always shows all of it
        """Return the lines of a page.  What browsers fill in is the applicant's own address only."""
        own = not self.same_as
        needed = self.required and own  # a tick may stand for all of them
        postcode = Input(
            "postcode",
            Control.LINE,
            _("郵便番号"),
            example="061-2285",
            longest=10,
            autocomplete="postal-code" if own else "",
            inputmode="numeric",
            required=needed,
        )
        area = Input(
            "area",
            Control.LINE,
            _("都道府県・市区町村・町名"),
            hint=_("郵便番号だけで町名がわかるときは、空らんで構いません。"),
            example=_("北海道札幌市南区藤野五条"),
            longest=_LONGEST_AREA,
            autocomplete="address-level2" if own else "",
            required=False,
        )
        same = Input("same", Control.TICK, self.same_label, required=False)
        return (*(() if own else (same,)), postcode, area, self._rest_input(needed=needed))

    def pending(self, given: Given) -> Input:
        """Return what a talk asks: the lot once the town is known, otherwise the address in one line."""
        if _begun(given.before):
            return self._rest_input(needed=self.required)
        return Input(
            "",
            Control.LINE,
            self.label,
            hint=self._same_hint(given),
            example=self.example,
            longest=_LONGEST_AREA,
            required=self.required,
        )

    def read(self, raw: Raw, given: Given) -> Value:
        """Return the address of a page's parts or of typed words."""
        if isinstance(raw, str) or only(raw):
            return self._typed(fitting(one_line(only(raw)), _LONGEST_AREA), given)
        if self.same_as and ticked(part_of(raw, "same")):
            return self._same(given)
        return self._parts(raw, given)

    def raw(self, value: Value) -> Raw:
        """Return the parts of a page; without the lot, the line that was typed."""
        town = _address(value)
        if "rest" not in value:
            return {"": f"{show_postcode(value['postcode'])} {town}"}
        same = {"same": "yes"} if value.get("same") else {}
        return {**same, "postcode": show_postcode(value["postcode"]), "area": town, "rest": value["rest"]}

    def is_complete(self, value: Value) -> bool:
        """Return whether the lot is there."""
        return "rest" in value

    def show(self, value: Value, words: Words) -> str:  # noqa: ARG002 -- an address has one language
        """Return 〒061-2285 北海道札幌市南区藤野五条3丁目1-2."""
        return f"〒{show_postcode(value['postcode'])} {_address(value)}{value.get('rest', '')}"

    def outline(self, value: Value) -> Mapping[str, Value]:
        """Return the ward, and whether the address lies in the office's city."""
        return {"ward": value["ward"], "in_city": value["in_city"]}

    def columns(self) -> Sequence[Column]:
        """Return the columns of the code, the address and the ward."""
        return (
            Column("postcode", _("郵便番号")),
            Column("address", _("住所")),
            Column("ward", _("区")),
        )

    def cells(self, value: Value, words: Words) -> Sequence[Cell]:  # noqa: ARG002
        """Return the code as it is printed, the address in one line, the ward."""
        if value is None:
            return (None, None, None)
        return (show_postcode(value["postcode"]), f"{_address(value)}{value.get('rest', '')}", value["ward"])

    def _rest_input(self, *, needed: bool) -> Input:
        return Input(
            "rest",
            Control.LINE,
            _("番地・建物名"),
            example=_LOT,
            longest=_LONGEST,
            autocomplete="" if self.same_as else "address-line1",
            required=needed,
        )

    def _same_hint(self, given: Given) -> str:
        if not self.same_as or not given.answers.get(self.same_as):
            return ""
        return _("先に答えた住所と同じときは「同じ」と送ってください。")

    def _parts(self, parts: Parts, given: Given) -> Value:
        """Return the address of a page."""
        area = fitting(one_line(part_of(parts, "area")), _LONGEST_AREA, "area")
        rest = fitting(one_line(part_of(parts, "rest")), _LONGEST, "rest")
        written = one_line(part_of(parts, "postcode"))
        if not written and area:
            return self._uncoded(area, rest, given)
        code = read_postcode(written) if len(written) <= _LONGEST_CODE else None
        if code is None:
            raise _no_code()
        found = by_code(code, area, given.world.postal)
        return self._value(spot(found.town, joined(found.lot, rest)), given, "postcode")

    def _uncoded(self, area: str, rest: str, given: Given) -> Value:
        """Return the address of a page without its code, which many do not know for a garden."""
        match = given.world.postal.match(joined(area, rest))
        if match is None:
            raise _no_code()
        return self._value(spot(match.town, match.rest), given, "area")

    def _typed(self, text: str, given: Given) -> Value:
        """Return the address of typed words, without its lot where they end before it."""
        if self.same_as and (says_same(text) or read_yes_no(text)):
            return self._same(given)
        code, address = (read_postcode(text), "") if read_postcode(text) else split_postcode(text)
        if code is None:
            return self._uncoded_words(text, given)
        found = by_code(code, settled(address), given.world.postal)
        return self._value(found, given) if found.lot else self._town(found.town, given)

    def _uncoded_words(self, text: str, given: Given) -> Value:
        match, town = given.world.postal.match(text), _begun(given.before)
        if match and match.rest:
            return self._value(spot(match.town, match.rest), given)
        if town:
            return self._value(spot(town, text), given)
        if match:
            return self._town(match.town, given)
        text = _("住所を読み取れませんでした。郵便番号から「〒061-2285 {example}」のように入力してください。")
        raise Invalid(text, example=say(self.example))

    def _town(self, town: Town, given: Given, part: str = "") -> Value:
        """Return the value of *town*, to be continued by its lot."""
        lies_within = given.world.office.in_city(town)
        if self.in_city and not lies_within:
            text = _("{label}は、{city}の中の住所を入力してください。ほかの市町村の住所では申請できません。")
            raise Invalid(text, part, label=say(self.label), city=say(given.world.office.city))
        return {**{name: getattr(town, name) for name in _KEPT}, "in_city": lies_within}

    def _value(self, found: Spot, given: Given, part: str = "") -> Value:
        """Return the value of *found*; *part* is the part of a page to blame, "" for typed words."""
        value, where = self._town(found.town, given, part), part and "rest"
        lot = fitting(found.lot, _LONGEST, where)
        if not found.has_number:
            text = _(
                "番地を「{example}」のように入力してください。番地がないときは「番地なし」と書いてください。"
            )
            raise Invalid(text, where, example=say(_LOT))
        return {**value, "rest": without_my_number(lot, where)}

    def _same(self, given: Given) -> Value:
        """Return the address of the question *same_as*."""
        other = given.answers.get(self.same_as)
        if not isinstance(other, dict) or sealed(other) or "rest" not in other:
            raise Invalid(_("同じにする住所がまだありません。先にその住所を入力してください。"), "same")
        town = self._town(_town_of(other), given, "same")
        return {**town, "rest": other["rest"], "same": True}


def _address(value: Value) -> str:
    return f"{value['prefecture']}{value['city']}{value['ward']}{value['town']}"


def _begun(value: Value) -> Town | None:
    """Return the town of an address whose lot is still missing."""
    if not value or "rest" in value:
        return None
    return _town_of(value)


def _town_of(value: Value) -> Town:
    return Town(**{name: value[name] for name in _KEPT}, kana="", note="")


def _no_code() -> Invalid:
    return Invalid(
        _("郵便番号を「{example}」のように7けたの数字で入力してください。"), "postcode", example="061-2285"
    )
