"""The register of procedures: one line each, in the order of the menu."""

from __future__ import annotations

from dialogs.procedures.exchange_meeting import EXCHANGE_MEETING
from dialogs.procedures.fence_loan import FENCE_LOAN
from dialogs.procedures.incident import INCIDENT
from dialogs.procedures.inspection import INSPECTION
from dialogs.procedures.install_guidance import INSTALL_GUIDANCE
from dialogs.standing import Register

REGISTER = Register((FENCE_LOAN, INSTALL_GUIDANCE, INSPECTION, INCIDENT, EXCHANGE_MEETING))
