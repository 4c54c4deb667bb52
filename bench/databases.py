"""How large each table of a Prefect server's database is, on SQLite and on Postgres."""

import asyncio
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import asyncpg

Sizes = Mapping[str, int]
"""Bytes by table, its indexes included."""

_POSTGRES = "SELECT relname, pg_total_relation_size(relid) FROM pg_stat_user_tables"
_SQLITE = """
    SELECT coalesce(owner.tbl_name, part.name), sum(part.pgsize)
    FROM dbstat AS part LEFT JOIN sqlite_master AS owner ON owner.name = part.name
    GROUP BY 1
"""


class Database(Protocol):
    """A database of a Prefect server."""

    name: str
    url: str

    def sizes(self) -> Sizes:
        """Measure all tables."""


class SQLite:
    """The file that a Prefect server makes itself."""

    name = "SQLite"

    def __init__(self, home: Path) -> None:
        self._path = home / "prefect.db"
        self.url = f"sqlite+aiosqlite:///{self._path}"

    def sizes(self) -> Sizes:
        """Measure pages: free ones are not counted."""
        with sqlite3.connect(f"file:{self._path}?mode=ro", uri=True) as connection:
            return dict(connection.execute(_SQLITE).fetchall())


class Postgres:
    """An empty database on a server that runs; `url` as Prefect takes it, with the driver asyncpg."""

    name = "Postgres"

    def __init__(self, url: str) -> None:
        self.url = url

    def sizes(self) -> Sizes:
        """Measure tables with their indexes and what is stored outside of rows; dead rows count until a vacuum."""
        return asyncio.run(self._sizes())

    async def _sizes(self) -> Sizes:
        connection: Any = await asyncpg.connect(self.url.replace("+asyncpg", ""))
        try:
            return {str(name): int(size) for name, size in await connection.fetch(_POSTGRES)}
        finally:
            await connection.close()
