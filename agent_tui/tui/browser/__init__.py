"""One helper's process behind the page for browsers: the terminal's screen, painted through a pipe.

`web` starts `child` and tells it in the first line of its input who sits down (`handshake`); `screen` is the
application without what a browser cannot do, `driver` Textual's web driver for a screen that outlives its
browser. Start at `child`.

Architecture invariant: it knows neither HTTP nor the page; who sits here was let in by the host.
"""
