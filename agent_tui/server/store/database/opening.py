"""Which database there is at an address, and the address when none is given."""

from pathlib import Path

from sqlalchemy.engine import make_url

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
