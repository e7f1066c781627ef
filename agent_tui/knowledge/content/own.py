"""The agent's own content: snippets and cases saved from the desk, as the same plain files a team writes."""

import os
import time
from pathlib import Path

import msgspec

from agent_tui.knowledge.content.entries import Article, Snippet

_PARTS = {
    "zh": (("problem", "问题"), ("cause", "原因"), ("script", "话术"), ("result", "处理结果")),
    "en": (("problem", "Problem"), ("cause", "Cause"), ("script", "Script"), ("result", "Result")),
}
_FRONT = ("id", "title", "similar", "category", "language", "owner", "review", "valid_from", "valid_until")


def new_id(prefix: str, now: float | None = None) -> str:
    """An id for an entry made here, such as `own-lx2k9f0a`: short, and later ones sort behind."""
    number = int((time.time() if now is None else now) * 1000)
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[rest] + digits
    return f"{prefix}-{digits}"


class OwnFolder:
    """A folder with `snippets/own.yaml` and `kb/<category>/<id>.md`; every write is all or nothing."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def snippets_file(self) -> Path:
        """The file of the agent's own snippets."""
        return self.path / "snippets" / "own.yaml"

    def save_snippet(self, snippet: Snippet) -> Path:
        """Keep `snippet`, in place of an own one with the same id. Raises OSError, ValueError.

        ValueError says that the file is not what was written here last: it is left as it is.
        """
        kept = [one for one in self._snippets() if one.get("id") != snippet.id]
        kept.append(_plain(snippet))
        _write(self.snippets_file, _yaml(kept))
        return self.snippets_file

    def forget_snippet(self, snippet: str) -> None:
        """Drop the own snippet with this id. Raises OSError, ValueError."""
        kept = [one for one in self._snippets() if one.get("id") != snippet]
        _write(self.snippets_file, _yaml(kept))

    def save_article(self, article: Article) -> Path:
        """Keep `article` as one Markdown file. Raises OSError."""
        file = self.path / "kb" / article.category / f"{article.id}.md"
        _write(file, markdown(article))
        return file

    def _snippets(self) -> list[dict[str, object]]:
        import yaml

        try:
            found = yaml.safe_load(self.snippets_file.read_text("utf-8"))
        except FileNotFoundError:
            return []
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise ValueError(f"{self.snippets_file}: {error}") from error
        if found is None:
            return []
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise ValueError(f"{self.snippets_file}: not a list of snippets")
        return found


def markdown(article: Article) -> str:
    """`article` as the file an editor would write."""
    told = msgspec.to_builtins(article)
    front = {name: told[name] for name in _FRONT if told.get(name)}
    parts = _PARTS["en" if article.language == "en" else "zh"]
    body = "\n".join(f"## {heading}\n\n{getattr(article, name).strip()}\n" for name, heading in parts)
    return f"---\n{_yaml(front)}---\n\n{body}"


def _plain(snippet: Snippet) -> dict[str, object]:
    """`snippet` as its mapping in a file, the body last."""
    told: dict[str, object] = msgspec.to_builtins(snippet)
    body = told.pop("body")
    return {**told, "body": body}


def _yaml(told: object) -> str:
    from agent_tui.knowledge.content.parsing import dump  # PyYAML only when something is saved

    return dump(told)


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f"{file.name}.new")
    with beside.open("w", encoding="utf-8", newline="\n") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    beside.replace(file)
