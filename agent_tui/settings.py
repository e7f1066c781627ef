"""Where things lie on this machine, and what a person has set for themselves."""

from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct

from agent_tui.errors import BadSettings, reason_of
from agent_tui.toml_file import read_toml

APP = "agent-tui"
DISTRIBUTION = "agent-tui-desk"


def version() -> str:
    """The version of what is installed; a source tree that is not has none."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed(DISTRIBUTION)
    except PackageNotFoundError:
        return "0"


class Shop(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What templates may say of the shop: `hours` and `return_address` as a customer reads them."""

    name: str = ""
    hours: str = ""
    return_address: str = ""


class Contact(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person or desk that templates may name, such as the warehouse."""

    name: str = ""
    phone: str = ""


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person's `config.toml`; every key has a default, an unknown one is an error that names it.

    `undo_seconds` is how long a sent reply is held back for second thoughts, `send_key` is what sends:
    `enter` (Ctrl+J breaks the line) or `ctrl+s` only (then Enter breaks it). `keys` maps an action's id to
    its keys. `shop`, `contact` (by role, such as `[contact.warehouse]`) and `policy` fill the team's
    templates; what is set here wins over what the team has published.
    """

    server: str = ""
    language: Literal["", "zh", "en"] = ""
    theme: Literal["dark", "light", "contrast"] = "dark"
    undo_seconds: Annotated[float, Meta(ge=0, le=15)] = 3.0
    send_key: Literal["enter", "ctrl+s"] = "enter"
    content: tuple[str, ...] = ()
    keys: dict[str, str] = {}
    shop: Shop = Shop()
    contact: dict[str, Contact] = {}
    policy: dict[str, str] = {}


class Profile(Struct, frozen=True, kw_only=True):
    """The folders of one person on this machine. Outside `base` they share `config.toml` alone."""

    name: str
    config_dir: Path
    data_dir: Path
    cache_dir: Path

    @property
    def config_file(self) -> Path:
        """The person's settings."""
        return self.config_dir / "config.toml"


def profile(name: str = "default", base: Path | None = None) -> Profile:
    """The folders of profile `name`: the system's usual places, or all below `base`."""
    if base is not None:
        root = base / name
        return Profile(
            name=name, config_dir=root / "config", data_dir=root / "data", cache_dir=root / "cache"
        )
    import platformdirs

    dirs = platformdirs.PlatformDirs(APP, appauthor=False)
    return Profile(
        name=name,
        config_dir=dirs.user_config_path,
        data_dir=dirs.user_data_path / name,
        cache_dir=dirs.user_cache_path / name,
    )


def read_settings(file: Path) -> Settings:
    """The settings in `file`, defaults when there is none. Raises BadSettings that names the place."""
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        raise BadSettings("bad-settings", file=str(file), detail=reason_of(error)) from error
    return read_toml(data, Settings, str(file))
