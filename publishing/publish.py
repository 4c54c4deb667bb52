"""The door of the room: publish one order by the protocol that its definition asks for."""

from typing import assert_never

from genesys import WriteClient
from publishing.flow_data import replace_flow_data
from publishing.order import Order, Publication, Timing
from publishing.protocol import Protocol


def publish(client: WriteClient, order: Order, pace: Timing) -> Publication:
    """Make the planned timeouts of one Architect flow live, or leave it as it was and say why."""
    match order.kind:
        case "architect":
            return Protocol(client, order, pace).run()
        case "flowData":
            return replace_flow_data(client, order, pace)
        case never:
            assert_never(never)
