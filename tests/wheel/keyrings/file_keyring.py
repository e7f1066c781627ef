"""A system keyring for tests: one file in the home."""

import json
from pathlib import Path

from keyring.backend import KeyringBackend


class FileKeyring(KeyringBackend):
    """Keeps what it is given, as a system's own does."""

    priority = 1.0

    def _kept(self) -> dict[str, str]:
        file = Path.home() / "keyring.json"
        return dict(json.loads(file.read_text())) if file.exists() else {}

    def get_password(self, service: str, username: str) -> str | None:
        return self._kept().get(f"{service} {username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        kept = self._kept() | {f"{service} {username}": password}
        (Path.home() / "keyring.json").write_text(json.dumps(kept))
