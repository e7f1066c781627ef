"""Knowledge: what can be said, how it is found, filled in, recommended and held to the rules.

Pure of the network, the terminal and the customer's ticket store: it takes entries, words and contexts and
returns entries, ranks and filled text. It never imports backends, sync, desk or tui; pypinyin and opencc are
imported only while an index is built, numpy only when first needed, so that opening a palette costs nothing.

Start reading at `entries` (the structs), then `snippets` and `articles` (files to entries), `tokens`, `index`
and `search` (the palette), `recommend`, `learn` and `usage` (the answers offered before the agent types),
`fill` (placeholders and blanks) and `outgoing` (what may not go out).
"""
