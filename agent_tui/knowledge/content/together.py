"""What only shows when the entries of all sources stand together: figures and questions that clash."""

from collections.abc import Iterable, Iterator

from agent_tui.knowledge.content.articles import PlacedArticle
from agent_tui.knowledge.content.commitments import Stating, contradictions
from agent_tui.knowledge.content.entries import ContentProblem
from agent_tui.knowledge.content.questions import AskedEntry, shared_questions, untrue_questions
from agent_tui.knowledge.content.snippets import PlacedSnippet
from agent_tui.knowledge.content.sources import SourceFiles

Placed = PlacedSnippet | PlacedArticle


def clashes(sources: Iterable[SourceFiles]) -> Iterator[ContentProblem]:
    """Problems between entries; of several with one id only the last source's counts, as on a desk."""
    placed: dict[str, Placed] = {}
    for found in sources:
        placed |= {one.snippet.id: one for one in found.snippets}
        placed |= {case.article.id: case for case in found.articles}
    listed = [_listing(one) for one in placed.values()]
    yield from contradictions(_stating(one) for one in placed.values())
    yield from untrue_questions(listed)
    yield from shared_questions(listed)


def _stating(one: Placed) -> Stating:
    if isinstance(one, PlacedSnippet):
        snippet = one.snippet
        line = one.line("body")
        return Stating(snippet.title, snippet.body, snippet.true_when, one.file, line, "body")
    article = one.article
    return Stating(article.title, article.script, article.true_when, one.file, one.line("script"), "script")


def _listing(one: Placed) -> AskedEntry:
    entry = one.snippet if isinstance(one, PlacedSnippet) else one.article
    questions = tuple(
        (question, one.lines.get(f"similar[{number}]", one.line("similar")))
        for number, question in enumerate(entry.similar)
    )
    channels = one.snippet.channels if isinstance(one, PlacedSnippet) else ()
    return AskedEntry(entry.id, questions, entry.true_when, channels, one.file)
