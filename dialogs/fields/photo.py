"""Photos."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dialogs.fields.base import Control, Field, Given, Input, Invalid, Raw, Value, part_of
from dialogs.words import Words, _

_NAME = re.compile(r"[!-~]{1,300}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Photo(Field):
    """A photo, ``{"photo": id}``: the platform's name for it until it has been fetched, then ours."""

    def inputs(self, given: Given) -> tuple[Input, ...]:  # noqa: ARG002 -- a photo is always asked the same
        """Return the camera."""
        return (Input("photo", Control.PHOTO, self.label, required=self.required),)

    def read(self, raw: Raw, given: Given) -> Value:  # noqa: ARG002
        """Return the photo; words are none."""
        photo = "" if isinstance(raw, str) else part_of(raw, "photo")
        if not _NAME.fullmatch(photo):
            raise Invalid(self._how(), "photo")
        return {"photo": photo}

    def raw(self, value: Value) -> Raw:
        """Return the photo by its part."""
        return dict(value)

    def show(self, value: Value, words: Words) -> str:  # noqa: ARG002
        """Return that there is one."""
        return words.text(_("写真あり"))

    def _how(self) -> str:
        if self.required:
            return _("文字ではなく、カメラで撮った写真か、保存してある写真を1枚送ってください。")
        return _("写真を1枚送ってください。写真がないときは「なし」と送ると、次に進めます。")
