"""Which database there is at an address, and the address when none is given."""

from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from agent_tui.errors import BadSettings, reason_of
from agent_tui.server.store.database.postgres import Postgres
from agent_tui.server.store.database.sqlite import Sqlite
from agent_tui.server.store.database.transactions import Database


def open_database(url: str) -> Database:
    """The database at an SQLAlchemy address; of SQLite's the driver does not matter (`sqlite+aiosqlite:`)."""
    return Sqlite(url) if make_url(url).get_backend_name() == "sqlite" else Postgres(url)


def url_of(data: Path, url: str | None) -> str:
    """The database's address: `url`, or the file in the folder `data`, which is made."""
    if url:
        return url
    data.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{(data / 'agent-tui.db').resolve().as_posix()}"


def unusable(database: Database, error: Exception) -> BadSettings:
    """The error for a person: which database, and in the driver's words why it cannot be used."""
    at = make_url(database.url)
    place = at.database if database.is_sqlite else at.render_as_string(hide_password=True)
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    why = reason_of(cause) if isinstance(cause, OSError) else str(cause).partition("\n")[0]
    return BadSettings("no-database", at=place or "", detail=why or type(cause).__name__)
