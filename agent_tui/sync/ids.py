"""Fresh ids for commands."""


def new_id() -> str:
    """A ULID."""
    from ulid import ULID

    return str(ULID())
