"""Prepare the server's database, once, before its replicas start: the schema, and Prefect's own types of blocks.

Replicas that start together do both at the same time, and one of them ends. So they leave it to this, with
PREFECT_SERVER_DATABASE_MIGRATE_ON_START and PREFECT_SERVER_REGISTER_BLOCKS_ON_START off; Prefect's own
`prefect server database upgrade` is only the first half.
"""

import asyncio

import prefect.plugins
import typer
from prefect.server.database import provide_database_interface
from prefect.server.models.block_registration import run_block_auto_registration


async def migrate() -> None:
    """Bring schema and types of blocks to what the installed Prefect needs; a second time, there is nothing to do."""
    database = provide_database_interface()
    await database.create_db()
    prefect.plugins.load_prefect_collections()
    async with await database.session() as session:
        await run_block_auto_registration(session=session)


if __name__ == "__main__":
    asyncio.run(migrate())
    typer.echo("The database is ready.")
