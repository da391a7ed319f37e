"""``madoguchi new-procedure``: the file that a new service begins with."""

from __future__ import annotations

import keyword
import re
from pathlib import Path

import click

FOLDER = Path(__file__).resolve().parent.parent / "dialogs" / "procedures"

TEMPLATE = '''"""{title}: say here which paper form this is, and which requirements it meets."""

from __future__ import annotations

from dialogs.fields import Choice, Name, Number, Option, Phone
from dialogs.form import Form, Page
from dialogs.procedure import Procedure, Role, Step
from dialogs.words import _

FORM_1 = Form(
    "{key}",
    _("{title}の申請"),
    "1",
    (
        Page(
            "wish",
            _("希望"),
            (
                Choice(
                    "size",
                    _("大きさ"),
                    (Option("small", _("小")), Option("large", _("大"))),
                    question=_("どの大きさを希望しますか。"),
                ),
                Number("count", _("個数"), unit=_("個"), least=1, most=3, example="1"),
            ),
        ),
        Page(
            "applicant",
            _("申請者"),
            (
                Name("name", _("申請者氏名"), personal=True, example=_("見本 太郎")),
                Phone("phone", _("電話"), personal=True, example="011-211-2879"),
            ),
            private=True,
        ),
    ),
)

{constant} = Procedure(
    "{key}",
    _("{title}"),
    _("{title}を申請する"),
    (FORM_1,),
    (
        Step("application", _("申請"), Role.RESIDENT, state=_("受け付けました。担当者が確認します。")),
        Step(
            "correction",
            _("訂正"),
            Role.RESIDENT,
            state=_("訂正を受け付けました。担当者が確認します。"),
            after="application",
            until=("taken_up", "withdrawal"),
            repeats=True,
        ),
        Step(
            "withdrawal",
            _("取り下げ"),
            Role.RESIDENT,
            state=_("取り下げられています。"),
            after="application",
            until=("decision",),
        ),
        Step(
            "taken_up",
            _("確認開始"),
            Role.STAFF,
            state=_("担当者が内容を確認しています。"),
            after="application",
            until=("withdrawal",),
            within=2,
        ),
    ),
    series="loan",
)
'''


def write_skeleton(
    key: str, folder: Path = FOLDER, title: str = "新しい手続き"
) -> str:  # untranslated: a placeholder
    """Write ``<key>.py`` into *folder*; return what is left to be done, in two lines.

    Raises:
        ClickException: *key* is no name for a module, or the file exists.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", key) or keyword.iskeyword(key):
        raise click.ClickException(f"{key} is no key: write small letters, digits and _, such as compost_bin")
    path = folder / f"{key}.py"
    if path.exists() or (folder / key).exists():
        raise click.ClickException(f"{path.name} exists already and is not overwritten")
    path.write_text(TEMPLATE.format(key=key, title=title, constant=key.upper()), encoding="utf-8")
    return "\n".join(
        (
            f"{path} is written.",
            f"Register it in {folder / '__init__.py'}: import {key.upper()} and add it to REGISTER.",
            "Then: madoguchi words, translate the new texts, make test.  docs/add-a-procedure.md goes through it.",
        )
    )
