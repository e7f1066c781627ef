"""TOML that a person writes: read into a type; what is wrong is named by file, line, column and reason."""

import re
from typing import TypeVar

import msgspec

from agent_tui.errors import BadSettings

T = TypeVar("T")

_PLACE = re.compile(r" \(at line (\d+), column (\d+)\)| \(at end of document\)")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|' + r"'[^']*'|#.*")
# What an input method makes of the signs of TOML.
_WIDE = dict(zip("＝＂“”‘’＇，：［］｛｝．＃　", "=\"\"\"'''" + ",:[]{}.# ", strict=True))
_AT = re.compile(r" - at `\$\.?(?P<at>[^`]*)`")
_KEY = re.compile(r"unknown field `(?P<key>[^`]*)`")
_CHOICE = re.compile(r"Invalid enum value (?P<value>'[^']*'|\S+)")
_LIMIT = re.compile(r"(?<=` )[<>]=? ?[\d.]+")
_TYPE = re.compile(r"Expected `(?P<type>\w+)")


def read_toml(data: bytes, kind: type[T], file: str) -> T:
    """`data` as a `kind`. Raises BadSettings with `file` and the place in it."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadSettings("toml-not-utf8", file=file, line=str(line)) from error
    try:
        return msgspec.toml.decode(text, type=kind)
    except msgspec.ValidationError as error:
        raise _wrong_value(text, str(error), file) from error
    except (msgspec.DecodeError, ValueError) as error:
        raise _wrong_syntax(text, str(error), file) from error


def _wrong_syntax(text: str, said: str, file: str) -> BadSettings:
    lines = text.splitlines() or [""]
    found = _PLACE.search(said)
    line, column = (int(found[1]), int(found[2])) if found and found[1] else (len(lines), len(lines[-1]) + 1)
    written = lines[min(line, len(lines)) - 1]
    bare = _QUOTED.sub(lambda quoted: " " * len(quoted[0]), written)
    wide = next((place for place, char in enumerate(bare) if char in _WIDE), None)
    at = {"file": file, "at_line": str(line), "text": written.strip()[:60]}
    if wide is not None:
        signs = {"sign": written[wide], "right": _WIDE[written[wide]]}
        return BadSettings("toml-wide-sign", column=str(wide + 1), **signs, **at)
    return BadSettings("toml-syntax", column=str(column), **at)


def _wrong_value(text: str, said: str, file: str) -> BadSettings:
    found, unknown = _AT.search(said), _KEY.search(said)
    at = found["at"] if found else ""
    key = unknown["key"] if unknown else re.sub(r"\[.*", "", at).rpartition(".")[2]
    place = {"file": file, "key": ".".join(filter(None, (at, key))) if unknown else at or key}
    if line := _line_of(text, key):
        place["line"] = str(line)
    if unknown:
        return BadSettings("toml-unknown-key", **place)
    if one := _CHOICE.search(said):
        return BadSettings("toml-choice", detail=one["value"], **place)
    limit, expected = _LIMIT.search(said), _TYPE.search(said)
    detail = limit[0] if limit else f"toml-{expected['type']}" if expected else said.partition(" - at")[0]
    return BadSettings("toml-value", detail=detail, **place)


def _line_of(text: str, key: str) -> int:
    """The line that sets `key`, or begins the table of that name; 0 where none does."""
    if not key:
        return 0
    name = re.escape(key)
    setting = re.search(rf"^[ \t]*(?:\[+[^\]\n]*)?[\"']?{name}[\"']?[ \t]*(?:=|\])", text, re.MULTILINE)
    return text.count("\n", 0, setting.start()) + 1 if setting else 0
