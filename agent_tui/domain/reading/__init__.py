"""What customers' words say: kinds of messages, open questions, danger, category, class and mood.

One reading for everybody: intake sorts tickets by it, the advisor answers what is open by it, and scripts get
it from `agent-tui kb read`. Words are read by ideas that stand in this room's tables (`*.toml`), for people
to see and to edit, and everything that is read says by which words. Danger and mood are decided by these
together with weights learned from labelled messages (`decisions`, `learned`): on other writers' words the
tables alone heard two dangers of three. Without the file of weights the tables decide.

Pure and fast: a few tenths of a millisecond for a conversation. Start reading at `said`, then `conversation`.
"""

from agent_tui.domain.models import Danger as Danger
from agent_tui.domain.reading.category import class_of as class_of
from agent_tui.domain.reading.category import ideas_in as ideas_in
from agent_tui.domain.reading.category import problems as problems
from agent_tui.domain.reading.category import words_for as words_for
from agent_tui.domain.reading.conversation import read as read
from agent_tui.domain.reading.conversation import read_conversation as read_conversation
from agent_tui.domain.reading.said import ConversationReading as ConversationReading
from agent_tui.domain.reading.said import DangerFound as DangerFound
from agent_tui.domain.reading.said import Kind as Kind
from agent_tui.domain.reading.said import MessageReading as MessageReading
from agent_tui.domain.reading.said import OpenQuestion as OpenQuestion
from agent_tui.domain.reading.said import Said as Said
from agent_tui.domain.reading.said import Side as Side
