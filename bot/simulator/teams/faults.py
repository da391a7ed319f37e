"""What may go wrong between Teams and the product."""

from dataclasses import dataclass

from bot.simulator.faults import Switches

SENDING = ("send", "update", "create")


@dataclass(frozen=True)
class TeamsFaults(Switches):
    """The switches.  Without any, Teams is well.

    The first group strikes calls of the Connector: those named in *on* (the sending ones when it is empty), the
    first *times* of them (0: until taken away).  What is *accepted* is shown although the caller is told
    otherwise; after accepting, *delay_ms* pass.  The second group strikes activities on their way to the product.
    """

    rate_limited: bool = False
    server_error: bool = False
    unauthorised: bool = False
    accepted_then_500: bool = False
    reset: bool = False
    accepted_then_reset: bool = False
    delay_ms: int = 0
    on: tuple[str, ...] = ()
    times: int = 0

    twice: bool = False
    late_ms: int = 0
    forged: bool = False
    redelivery: bool = True

    def strikes(self, endpoint: str) -> bool:
        """Return whether calls of *endpoint* ("send", "update", "members", "token" ...) are struck."""
        return endpoint in (self.on or SENDING)
