"""agent-tui: the terminal workstation of the people who answer customers on a promotion day.

The rooms, each standing only on those below it:

    cli          the commands; heavy imports inside functions
    sim          customers that arrive, ask, wait, leave      \\
    tui          the screens and their keys                    | four neighbours that never import each other
    web          the HTTP host of the page for browsers        |
    server       the reference backend                        /
    drill        practice for helpers: customers whose right answers are known, and how it went
    desk         all that a front end may call
    sync         store, outbox, engine: nothing is lost, nothing goes twice
    backends     one file a helpdesk     knowledge   what can be said, found, filled, recommended
    wire         what client and server say to each other; the door where outside text is cleaned
    domain       what a ticket is and what may happen to it: pure
    i18n         every text, in Chinese and English           settings   where things lie, what a person set
    handshake    what the host of the page tells a person's process in its first line
    rate_limit   so many at once, then so many a second, for server and host of the page
    waiting      for an event, with a time-out that loses no cancellation
    toml_file    TOML that a person writes, with the place of what is wrong
    errors       the one tree of what can go wrong, drawn

Five words, one meaning each: an *Action* is what a person triggers by key, mouse or palette; a *Command* is a
durable wish whose id makes it idempotent; an *Event* is a fact the backend states; a *Change* says which ids
look different now; a *UiMessage* passes between widgets. *Message* alone is what somebody wrote to somebody.

  key -> Action -> desk.submit(Command) -> outbox (on disk) ~ engine ~> Backend.send
                         |                                                   |
  widgets re-read the desk <- UiMessage <- Change <- replica <- rules.apply <- Event <- Backend.events(cursor)

Invariants: what a person sees is what the backend confirmed plus `rules.decide` over what is still in the
outbox; the server, the fakes and the screen use the same rules; widgets hold no domain state and never await
the network; no text from outside reaches the terminal uncleaned.
"""
