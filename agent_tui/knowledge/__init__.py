"""Knowledge: what can be said, how it is found, filled in, recommended and held to the rules.

    library      everything a desk asks of knowledge, loaded beside the screen and kept fresh
    packs        knowledge packs for helpers: read, checked, advised from, printed
    recommend    answers for a conversation: advisor, retrieval, training, usage log
    search       the palette's fuzzy search: bigram index, alignment, ranking
    content      snippets and articles, where they come from, the linter
    outgoing     content moderation of replies
    templates    Liquid placeholders and tab stops, filled
    text         tokens, readings, stop phrases, synonyms
    errors       the error tree
    data         tables and words that the rooms read

A room imports only from those below it (import-linter keeps it). Pure of the network, the terminal and the
customer's ticket store: it takes entries, words and contexts and returns entries, ranks and filled text.
pypinyin and opencc are imported only while the tables are built, numpy and liquid only when first needed, so
that opening a palette costs nothing.

Start reading at `content.entries` (the structs), then `search.search` (the palette), `recommend.advisor`
(the answers offered before the agent types), `templates.fill` (placeholders and blanks) and `outgoing.rules`.
"""
