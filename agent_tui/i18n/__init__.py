"""Every text a person reads, typed, in Chinese and English.

The texts themselves lie in `agent_tui/locales`; a new one is a field of the struct that holds its neighbours
(`desk`, `answers`, `helpers`, `shell`, `common`) and a line in each language. A missing or an extra key is an
error that names it. The language is chosen once, in `cli`, before `tui` is imported, because Textual reads
bindings when a class is made. Start reading at `loading`.
"""

from agent_tui.i18n.desk import ConversationTexts
from agent_tui.i18n.failures import words_of, words_of_system
from agent_tui.i18n.loading import (
    LANGUAGES,
    Texts,
    choose,
    language,
    language_of_system,
    load,
    name_keys,
    texts,
)
from agent_tui.i18n.plural import counted

__all__ = [
    "LANGUAGES",
    "ConversationTexts",
    "Texts",
    "choose",
    "counted",
    "language",
    "language_of_system",
    "load",
    "name_keys",
    "texts",
    "words_of",
    "words_of_system",
]
