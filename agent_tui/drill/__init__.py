"""Practice for helpers: a training plan of customers whose right answers are known, and how each turn went.

`sets` reads the customers and what is right (TOML in `data/`, or a team's own), `checking` lints a set
against a pack, `judging` is the pure judgement, `practice` plays a set over the memory backend, `results`
puts it into words, `reporting` tells the lead, `plan` remembers which sets are passed. `coach` is the seam a
screen shows.

Start reading at `coach`, then `practice`. Architecture invariant: nothing here knows a screen; a front end is
given a `Coach` and shows what it says.
"""
