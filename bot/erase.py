"""``madoguchi erase``: a plan, somebody else's approval, the erasure, and a certificate of it."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, select, text

from bot.clock import Clock, moment
from bot.settings import Settings
from storage import cases, erasures, erasures_file
from storage import engine as database
from storage.alone import alone, looking
from storage.erasures import CASE, PERSON, Holdings, Subject
from storage.erasures_file import Tombstone
from storage.keyring import load_keyring
from storage.tables import cases as cases_table
from storage.tables import metadata
from storage.vault import Vault

_PAPER = Path(__file__).parent / "data" / "erasure.txt"

STAYS: Mapping[str, str] = {
    "cases and submissions": "as numbers without answers: what the desk did can still be counted",
    "fingerprints": "keyed, so that a second loan to the same person is noticed; they say nothing by themselves",
    "access log": "must outlive what it tells about; it holds ids and no answer",
    "ids of events": "an event delivered again must change nothing; an id says nothing about anybody",
    "backups made before": "sealed; a restore erases once more what it brings back",
    "files exported before": "lie outside the program: delete them where they are kept",
}
_STAYS = {  # untranslated: an official paper
    "cases and submissions": "案件と届出：回答を除いた件数として残します（統計のため）",
    "fingerprints": "照合用の値：同じ方への2回目の貸出に気づくため。鍵がなければ元の内容はわかりません",
    "access log": "閲覧記録：回答を含まない管理番号だけを残します（契約の終了後も確認するため）",
    "ids of events": "受信の管理番号：二重の処理を防ぐため。個人に関する内容を含みません",
    "backups made before": "作成済みのバックアップ：封をしたまま残ります。復元のときに再び消去します",
    "files exported before": "出力済みのファイル：プログラムの外にあります。保管場所で消去してください",
}


class EraseRefused(Exception):
    """The plan cannot be made or carried out; the text says why."""


@dataclass(frozen=True)
class Request:
    """What is to be erased: one of a person, named by what staff know, or the reference of one case."""

    person: str = ""
    case: str = ""
    by: str = ""


def plan(settings: Settings, request: Request, clock: Clock) -> Mapping[str, Any]:
    """Return the plan: what would be erased, how much of it, and what stays and why.  Nothing is changed.

    Raises:
        EraseRefused: There is nobody and no case by that name.
    """
    engine = looking(settings.database_url)
    try:
        with database.read(engine) as conn:
            subject = _subject(conn, request)
            there = erasures.survey(conn, subject, _vault(settings))
            if there is None:
                raise EraseRefused("there is nothing to be erased")
            return {
                "id": uuid.uuid4().hex,
                "kind": subject.kind,
                "subject": subject.id,
                "references": _references(conn, there),
                "planned_at": moment(clock.now()).isoformat(timespec="seconds"),
                "planned_by": request.by,
                "counts": there.counts(),
                "digest": there.digest(),
                "stays": STAYS,
            }
    finally:
        engine.dispose()


def _subject(conn: Connection, request: Request) -> Subject:
    if request.case:
        found = cases.by_reference(conn, request.case)
        if found is None:
            raise EraseRefused(f"there is no case {request.case}")
        return Subject(CASE, found.id)
    person = erasures.person_of(conn, request.person)
    if person is None:
        raise EraseRefused(
            f"there is nobody by {request.person}: neither a reference, an id nor a hash of an account"
        )
    return Subject(PERSON, person)


def _references(conn: Connection, there: Holdings) -> list[str]:
    wanted = select(cases_table.c.reference).where(cases_table.c.id.in_(there.cases))
    return sorted(conn.execute(wanted).scalars())


def _vault(settings: Settings) -> Vault:
    return Vault(load_keyring(settings.vault_keys_file))


@dataclass(frozen=True)
class Approval:
    """Who approved a plan, and who looked on while it was carried out."""

    by: str
    witness: str = ""


def read_plan(path: Path) -> tuple[Mapping[str, Any], str]:
    """Return the plan at *path* and its SHA-256.

    Raises:
        EraseRefused: It is no plan.
    """
    content = path.read_bytes()
    try:
        made = json.loads(content)
        Subject(made["kind"], made["subject"])
        if not {"id", "planned_by", "planned_at", "digest", "references"} <= set(made):
            raise KeyError
    except (ValueError, KeyError, TypeError):
        raise EraseRefused(f"{path} is no plan; make one with: madoguchi erase plan") from None
    return made, hashlib.sha256(content).hexdigest()


def run(
    settings: Settings, path: Path, approval: Approval, clock: Clock, *, rewrite: bool
) -> Mapping[str, Any]:
    """Carry the plan at *path* out and return the certificate; one that was carried out is only certified again.

    On SQLite the file is always written anew, so that no byte of what was erased is left in it; on PostgreSQL
    where *rewrite* asks for it.

    Raises:
        EraseRefused: The planner approved it, or there is more or less now than was planned.
        InUse: A desk is running on the SQLite file.
    """
    made, digest = read_plan(path)
    if approval.by.strip() == str(made["planned_by"]).strip():
        raise EraseRefused("whoever planned it cannot approve it: a second person must")
    with alone(settings.database_url) as engine:
        with database.write(engine) as conn:
            stone, line = _erase(conn, settings, made, digest, approval, clock.now())
            counts = erasures.counts(conn, stone.id)
        rewritten = _clean(engine, rewrite=rewrite)
    return {
        "id": stone.id,
        "plan": digest,
        **{
            name: made[name]
            for name in ("kind", "subject", "references", "planned_at", "planned_by", "digest")
        },
        "approved_by": approval.by,
        "witness": approval.witness,
        "erased_at": moment(stone.erased_at).isoformat(timespec="seconds"),
        "counts": counts,
        "tombstone": line,
        "database_rewritten": rewritten,
        "stays": STAYS,
    }


def _erase(
    conn: Connection, settings: Settings, made: Mapping[str, Any], digest: str, approval: Approval, now: int
) -> tuple[Tombstone, str]:
    done = erasures.known(conn).get(made["id"])
    if done:
        return done, erasures_file.append(settings.erasures_file, done)
    stone = Tombstone(made["id"], made["kind"], made["subject"], digest, now)
    subject = Subject(stone.kind, stone.subject)
    erasures.hold(conn, subject)
    there = erasures.survey(conn, subject, _vault(settings))
    if there is None or there.digest() != made["digest"]:
        raise EraseRefused("there is more or less now than was planned and approved; make a new plan")
    erasures.erase(conn, there, now)
    erasures.note(conn, stone, there.counts(), (made["planned_by"], approval.by, approval.witness))
    # Before the commit: whoever is killed here finds the erasure in the file, and carries the plan out again.
    return stone, erasures_file.append(settings.erasures_file, stone)


def _clean(engine: Engine, *, rewrite: bool) -> bool:
    """Return whether the database's files were written anew, without the bytes of what was erased."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        if engine.dialect.name == "sqlite":
            driver: Any = conn.connection
            driver.execute("VACUUM").close()
            return True
        for table in (
            "vault",
            "photos",
            "submissions",
            "conversations",
            "outbox",
            "inbox",
            "questions",
            "identities",
            "people",
        ):
            conn.execute(text(f"VACUUM {'(FULL) ' if rewrite else ''}{metadata.tables[table].name}"))
        return rewrite


def paper(certificate: Mapping[str, Any]) -> str:
    """Return *certificate* as the report that is printed and signed."""
    counts = "\n".join(f"　{kind:<14}{rows}" for kind, rows in certificate["counts"].items())
    shown = {
        **certificate,
        "subject": f"{certificate['kind']} {certificate['subject']}",
        "references": "、".join(certificate["references"]) or "－",  # untranslated: an official paper
        "witness": certificate["witness"] or "－",  # untranslated: the same
        "counts": counts,
        "rewritten": "済" if certificate["database_rewritten"] else "未",  # untranslated: the same
        "stays": "\n".join(f"　・{each}" for each in _STAYS.values()),  # untranslated: the same
    }
    return _PAPER.read_text(encoding="utf-8").format(**shown)
