"""The Prefect flow that an audit is compared with: a worker starts it as it starts an audit, and it does nothing."""

from prefect import flow


@flow(name="empty")
def empty() -> None:
    """Do nothing."""
