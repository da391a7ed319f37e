"""botbuilder's adapter, of which a turn sees this much: what it sends is queued, and nothing goes over the network."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import Any, TypeAlias, TypeVar

from botbuilder.core import BotAdapter, TurnContext
from botbuilder.schema import Activity, ResourceResponse

T = TypeVar("T")

Post: TypeAlias = Callable[[TurnContext, Sequence[Activity]], None]
"""Queues what a turn sends."""


def drive(coroutine: Coroutine[Any, Any, T]) -> T:
    """Return what *coroutine* returns; it runs here and now, without an event loop.

    Raises:
        RuntimeError: It would wait for something: there is no I/O in a turn.
    """
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]
    coroutine.close()
    raise RuntimeError("a turn must not wait for anything")


class OutboxAdapter(BotAdapter):  # type: ignore[misc]
    """Hands what a turn sends to *post*, which stores it to be delivered later, in order."""

    def __init__(self, post: Post) -> None:
        """Keep *post*."""
        super().__init__()
        self._post = post

    async def send_activities(
        self, context: TurnContext, activities: Sequence[Activity]
    ) -> list[ResourceResponse]:
        """Queue *activities*; what Teams will call them is not known yet."""
        self._post(context, activities)
        return [ResourceResponse(id="") for _ in activities]

    async def update_activity(self, context: TurnContext, activity: Activity) -> None:
        """Refuse: what stands in a conversation is changed by the delivery.

        Raises:
            NotImplementedError: Always.
        """
        raise NotImplementedError

    async def delete_activity(self, context: TurnContext, reference: Any) -> None:
        """Refuse, as :meth:`update_activity`.

        Raises:
            NotImplementedError: Always.
        """
        raise NotImplementedError
