"""What is said while answers are found, saved, offered and checked before they go."""

from agent_tui.i18n.section import Section


class PaletteTexts(Section, frozen=True):
    """The palette: finding words, and saving them."""

    title: str
    count: str
    count_empty: str
    loading: str
    nothing: str
    nothing_next: str
    attachment: str
    uses: str
    keys: str
    keys_short: str
    keys_commands: str
    needs: str
    missing: str
    broken: str
    no_ticket: str
    origins: dict[str, str]
    form_new: str
    form_edit: str
    form_case: str
    form_keys: str
    form_saved: str
    form_failed: str
    form_empty: str
    form_template: str
    fields: dict[str, str]
    hints: dict[str, str]
    nothing_to_save: str
    not_solved: str
    sharing: dict[str, str]


class RecommendTexts(Section, frozen=True):
    """The answers offered beside the conversation."""

    title: str
    keys: str
    keys_two: str
    question: str
    assumes: str
    untrue: str
    why: dict[str, str]
    because: str
    nothing: str
    one_question: str


class FitTexts(Section, frozen=True):
    """Why an answer is not, or not surely, true of an order: a sentence for every fact."""

    unknown: str
    asked: str
    between: str
    compare: dict[str, str]
    facts: dict[str, str]
    so: dict[str, str]
    not_so: dict[str, str]
    numbers: dict[str, str]


class OutgoingTexts(Section, frozen=True):
    """What is said when a reply breaks a rule for what may go out."""

    hint: str
    ask: str
    refuse: str
    storing: str
    no_file: str
    server_asks: str
    slip: str
    step_first: str
