"""How long tests wait for what has to come: far longer than it takes, for a machine that is busy."""

WAIT = 90.0
# A page that has just come up takes no Enter for a third of a second, a message no answer for one and a half:
# those begin before the page can be seen, so whoever waits so long after seeing it is past them.
READING, ANSWERING = 0.6, 2.0
