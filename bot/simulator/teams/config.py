"""What the Teams side of the simulator is handed, and the people it begins with."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

GUEST, MEMBER = "guest", "user"


@dataclass(frozen=True)
class SampleMember:
    """Somebody with a Teams of their own.  *object_id* is fixed, so that a roster can name them beforehand.

    *duty* is what they do in the sample city, for the screen; *kind* is Teams's own word for a member or a guest.
    """

    object_id: str
    name: str
    duty: str
    kind: str = MEMBER


def _object_id(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


CLERK = SampleMember(_object_id(1), "見本 係", "書類の確認")
CHIEF = SampleMember(_object_id(2), "見本 係長", "係長の承認")
MANAGER = SampleMember(_object_id(3), "見本 課長", "課長の決定")
INSPECTOR = SampleMember(_object_id(4), "見本 点検員", "点検（委託先）")
DIRECTOR = SampleMember(_object_id(5), "見本 所長", "点検の確認")
LENDER = SampleMember(_object_id(8), "見本 貸出員", "貸出・設置指導（委託先）")
CHECKER = SampleMember(_object_id(9), "見本 確認員", "設置状況の確認（委託先）")
STRANGER = SampleMember(_object_id(6), "見本 部外", "名簿にいない職員")
VISITOR = SampleMember(_object_id(7), "見本 ゲスト", "社外のゲスト", GUEST)

MEMBERS = (CLERK, CHIEF, MANAGER, LENDER, CHECKER, INSPECTOR, DIRECTOR, STRANGER, VISITOR)


@dataclass(frozen=True)
class TeamsConfig:
    """All that this side knows of the product.

    *base_url* is where its paths begin (``http://127.0.0.1:8000/simulator/teams``), *messages_url* where the
    product hears Teams.  *redeliver_after* are seconds of real time between attempts to bring an activity that
    met nobody or a broken product; what the product refuses is not brought again.
    """

    state_path: Path
    base_url: str
    messages_url: str
    app_id: str
    app_password: str = field(repr=False)
    tenant_id: str
    now: Callable[[], datetime]
    bot_name: str = "窓口"
    team_name: str = "ヒグマ対策チーム"
    channel_name: str = "一般"
    members: tuple[SampleMember, ...] = MEMBERS
    redeliver_after: tuple[float, ...] = (1.0, 5.0, 30.0)

    @property
    def service_url(self) -> str:
        """Return what activities name as the address of the Connector, with Teams's slash at its end."""
        return f"{self.base_url}/"

    @property
    def bot_id(self) -> str:
        return f"28:{self.app_id}"
