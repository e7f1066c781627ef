"""What went wrong, in words: an error's code and values become a sentence with its remedy."""

from agent_tui.errors import AgentTuiError, reason_of
from agent_tui.i18n.loading import texts


def words_of(error: AgentTuiError) -> str:
    """The sentence of an error: by its class and code, else as a refusal."""
    tables = texts().errors
    for name in (one.__name__ for one in type(error).__mro__):
        if error.code in tables.get(name, {}):
            return _placed(tables[name][error.code].format_map(_Filled(error.values)), error)
    refusals = texts().common.refusals
    words = refusals.get(error.code, refusals["other"])
    return words.format_map(_Filled({**error.values, "code": error.code}))


def _placed(words: str, error: AgentTuiError) -> str:
    """`words` with the line they are about, where it is known and not said yet."""
    line = error.values.get("line", "")
    return texts().errors["place"]["line"].format(words=words, line=line) if line else words


def words_of_system(error: OSError, place: str = "") -> str:
    """The sentence of an error of the system: `place` is meant where it names none itself."""
    tables = texts().errors["OSError"]
    at = error.filename if isinstance(error.filename, str) else place or tables["output"]
    detail = error.strerror or str(error) or type(error).__name__
    return tables.get(reason_of(error), tables["other"]).format(place=at, detail=detail)


class _Filled(dict[str, str]):
    """An error's values; a reason is said in words, and what is not known is left out."""

    def __missing__(self, key: str) -> str:
        return ""

    def __getitem__(self, key: str) -> str:
        value = super().__getitem__(key)
        return texts().errors["reasons"].get(value, value)
