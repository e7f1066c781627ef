"""All texts of the screens in one typed struct, decoded strictly from `locales/zh.toml` and `en.toml`.

The language is chosen once, in `cli`, before `tui` is imported, because Textual reads bindings when a class
is made. A missing or an extra key is an error that names it.
"""

import os
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

LANGUAGES = ("zh", "en")


class Section(Struct, frozen=True, forbid_unknown_fields=True):
    """A group of texts; `{name}` in a text is filled with `str.format`."""


class ConversationTexts(Section, frozen=True):
    """The messages of a ticket."""

    loading: str
    empty: str
    older: str
    no_ticket: str
    unread: str
    note: str
    whisper: str
    draft: str
    system: str
    bot: str
    recalled: str
    image: str
    file: str
    voice: str
    order_card: str
    product_card: str
    unknown: str
    states: dict[str, str]
    reasons: dict[str, str]
    events: dict[str, str]
    words: dict[str, str]
    today: str
    yesterday: str
    weekdays: list[str]
    copied: str
    nothing_to_copy: str
    open_file: str
    open_link: str
    open_failed: str
    saved: str
    retry_hint: str


class ComposerTexts(Section, frozen=True):
    """The field where replies are written."""

    reply_to: str
    note_on: str
    hint: str
    hint_note: str
    no_ticket: str
    held: str
    undone: str
    kept: str
    not_kept: str
    unseen_customer: str
    unseen_colleague: str
    send_anyway: str
    changed_under: str
    empty: str
    too_long: str
    blank_left: str
    closed: str
    editor_failed: str
    no_editor: str


class CommonTexts(Section, frozen=True):
    """Words that stand in many places."""

    late: str
    until: str
    seconds_ago: str
    minutes_ago: str
    hours_ago: str
    vip: str
    member: str
    nobody: str
    confirm: str
    back: str
    statuses: dict[str, str]
    categories: dict[str, str]
    channels: dict[str, str]
    priorities: dict[str, str]
    moods: dict[str, str]
    tiers: dict[str, str]
    classes: dict[str, str]
    availabilities: dict[str, str]
    phases: dict[str, str]
    roles: dict[str, str]
    themes: dict[str, str]
    parts: dict[str, str]
    refusals: dict[str, str]
    errors: dict[str, str]


class QueueTexts(Section, frozen=True):
    """The list of tickets, its views and its filter."""

    views: dict[str, str]
    filter: str
    filtered: str
    empty: dict[str, str]
    empty_next: str
    nothing_found: str
    nothing_found_next: str
    position: str


class NoticeTexts(Section, frozen=True):
    """Screens that say what happened and what to do next."""

    connecting: str
    connecting_next: str
    offline: str
    offline_next: str
    expired: str
    expired_next: str
    too_small: str


class StatusLineTexts(Section, frozen=True):
    """The first line: who, how busy, what phase, and the line to the server."""

    links: dict[str, str]
    synced: str
    never: str
    retry: str
    unsent: str
    troubled: str
    load: str
    level: str
    disk: str


class ContextTexts(Section, frozen=True):
    """What is known of the customer, the order and the promises."""

    customer: str
    orders: str
    past: str
    first_contact: str
    order: str
    no_order: str
    unknown_order: str
    paid_at: str
    ship_by: str
    refund: str
    parcel: str
    eta: str
    ticket: str
    assignee: str
    promises: str
    no_promise: str
    kept: str
    broken: str
    why: str
    loading: str
    contacts: str
    snoozed: str
    high_value: str
    recommend: str
    promise_kinds: dict[str, str]
    order_statuses: dict[str, str]
    parcel_statuses: dict[str, str]
    refund_statuses: dict[str, str]


class DialogTexts(Section, frozen=True):
    """The questions that actions ask."""

    titles: dict[str, str]
    hints: dict[str, str]
    because: dict[str, str]
    keys_choose: str
    keys_text: str
    keys_close: str
    status_title: str
    transfer_title: str
    transfer_reason: str
    transfer_search: str
    transfer_team: str
    transfer_nobody: str
    transfer_need_reason: str
    load: str
    away: str
    full: str
    snooze_title: str
    snooze_quarter: str
    snooze_hour: str
    snooze_tomorrow: str
    snooze_other: str
    snooze_free: str
    snooze_bad: str
    availability_title: str
    leaving_title: str
    leaving_hand_over: str
    leaving_keep: str
    leaving_back: str
    hand_over_title: str
    why_title: str
    why_none: str
    why_promise: str
    why_sum: str
    reasons: dict[str, str]
    help_title: str
    help_here: str
    help_all: str
    quit_title: str
    quit_wait: str
    quit_leave: str
    quit_back: str
    quit_waiting: str
    outbox_title: str
    outbox_empty: str
    outbox_retry: str
    outbox_discard: str
    outbox_commands: dict[str, str]
    floor_title: str
    floor_level: str
    floor_levels: list[str]
    token_title: str
    token_hint: str
    token_wrong: str
    welcome_title: str
    welcome_body: str
    welcome_server: str
    welcome_token: str
    welcome_bad_server: str
    keys_welcome: str


class StartTexts(Section, frozen=True):
    """What `agent-tui` says in the shell before and after the screen."""

    bad_keys: dict[str, str]
    profile_in_use: str
    no_terminal: str
    no_extra: str
    no_keyring: str
    login_no_keyring: str
    login_variable: str
    kept: str


class ToastTexts(Section, frozen=True):
    """Short words after an action."""

    done: dict[str, str]
    claimed: str
    nothing_needs_me: str
    no_ticket: str
    status_set: str
    transferred: str
    snoozed: str
    availability_set: str
    nothing_to_undo: str
    undone: str
    unsent_left: str
    lead_only: str
    signed_in: str
    theme: str
    retried: str
    discarded: str


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
    why: dict[str, str]
    because: str
    nothing: str


class OutgoingTexts(Section, frozen=True):
    """What is said when a reply breaks a rule for what may go out."""

    hint: str
    ask: str
    refuse: str
    storing: str
    no_file: str


class ActionTexts(Section, frozen=True):
    """What a person can trigger: `names` and the short words of the bottom line by action id."""

    groups: dict[str, str]
    names: dict[str, str]
    short: dict[str, str]


class DemoTexts(Section, frozen=True):
    """What `agent-tui demo` says in the shell."""

    starting: str
    failed: str
    full: str
    left: str
    not_running: str
    server_stopped: str
    server_started: str


class HelperTexts(Section, frozen=True):
    """The helper's screen: `wishes` by category and order or parcel state, `do` for the last line."""

    title: str
    pack: str
    no_pack: str
    newer: str
    withdrawn: str
    progress: str
    buddy: str
    buddy_looking: str
    looking: str
    no_buddy: str
    somebody: str
    links: dict[str, str]
    unsent: str
    troubled: str
    wants: str
    wishes: dict[str, str]
    order: str
    no_order: str
    ship_by: str
    eta: str
    refund: str
    search: str
    search_or_write: str
    own: str
    own_detail: str
    may_write: str
    may_not_write: str
    attached: str
    attaching: str
    not_attached: str
    answers: str
    unsure: str
    answered: str
    all_answers: str
    procedures: str
    other_procedures: str
    steps: str
    found: str
    nothing: str
    no_digit: str
    returned: str
    draft: str
    draft_of: str
    awaiting: str
    calls: dict[str, str]
    asked: str
    asked_already: str
    preview: str
    blank: str
    blank_left: str
    saying: str
    said_again: str
    sent: str
    stages: dict[str, str]
    after: dict[str, str]
    procedure: str
    check: str
    if_fails: str
    ticked: str
    cards: str
    card: str
    card_stop: str
    card_say: str
    card_call: str
    card_lead: str
    card_told: str
    hand_over: str
    handed_over: str
    reasons: list[str]
    leave: str
    leave_with: str
    leaving: dict[str, str]
    rest: dict[str, str]
    keys_choose: str
    too_small: str
    help_title: str
    rules: list[str]
    do: dict[str, str]


class DrillTexts(Section, frozen=True):
    """A drill, what is told before each part, and its result."""

    title: str
    set_title: str
    sum: str
    passed: str
    passed_all: str
    not_passed: str
    reread: str
    between: str
    grades: dict[str, str]
    seconds: str
    came_back: str
    done: str
    should: str
    find: str
    tone: str
    trap: str
    look: str
    send: str
    go_on: str
    once_more: str
    told: str
    told_all: str
    not_told: str
    kept: str
    not_kept: str
    no_drill: str
    unknown_pack: str
    bad_drill: str
    no_pack: str
    stages: dict[str, str]
    kinds: dict[str, str]
    customers: str
    begin: str
    here: str
    behind: str
    nobody_behind: str
    ask_buddy: str
    hand_over: str
    answer: str
    card: str
    skipped: str
    rude: str
    not_kind: str
    not_sent: dict[str, str]
    responses: dict[str, str]
    buddy: str
    buddy_says: str
    buddy_takes: str
    buddy_card: str
    thanks: list[str]


class BuddyTexts(Section, frozen=True):
    """What those who stand beside helpers read: strip, composer, questions."""

    strip: str
    reasons: dict[str, str]
    stages: dict[str, str]
    waited: str
    busy: str
    free: str
    writing: str
    drafting: str
    also_looks: str
    also_writes: str
    two_names: str
    many_names: str
    modes: dict[str, str]
    hints: dict[str, str]
    hint_approval: str
    kept: dict[str, str]
    nobody_waits: str
    nothing_awaits: str
    not_helpers: str
    not_taken: str
    approve_title: str
    approve: str
    give_word: str
    take_over: str
    return_title: str
    return_hint: str
    need_word: str
    approved: str
    returned: str
    taken: str
    given: str
    pair_title: str
    pair_buddy: str
    paired_with: str
    alone: str
    helps: str
    nobody: str
    no_helpers: str
    paired: str
    unpaired: str
    drilled: str
    cannot_invite: str
    invite_title: str
    invite_name: str
    need_name: str
    invite_pack: str
    invite_buddy: str
    any_buddy: str
    invited_title: str
    invited: str
    copied: str
    invited_link: str
    invited_code: str
    invited_token: str
    invited_copied: str
    revoke_title: str
    revoke_sure: str
    revoke: str
    revoked: str
    write_title: str
    writes: str
    writes_not: str
    may_write: str
    may_not_write: str


class WebTexts(Section, frozen=True):
    """The helper's screen in a browser: its page, and what the host says in the shell."""

    ready: str
    open_plain: str
    page: dict[str, str]


class Texts(Section, frozen=True):
    """Every text a person reads."""

    demo: DemoTexts
    helper: HelperTexts
    drill: DrillTexts
    conversation: ConversationTexts
    composer: ComposerTexts
    common: CommonTexts
    queue: QueueTexts
    notice: NoticeTexts
    status_line: StatusLineTexts
    context: ContextTexts
    dialog: DialogTexts
    toast: ToastTexts
    start: StartTexts
    actions: ActionTexts
    palette: PaletteTexts
    recommend: RecommendTexts
    outgoing: OutgoingTexts
    buddy: BuddyTexts
    web: WebTexts


_chosen = ["zh"]


def language_of_system() -> str:
    """`en` for an English locale, `zh` otherwise: Chinese is the first language of this desk."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "en" if value.lower().startswith("en") else "zh"
    return "zh"


def choose(language: str) -> None:
    """Use `language` for everything that is said from now on; an unknown one is Chinese."""
    _chosen[0] = language if language in LANGUAGES else "zh"


def language() -> str:
    """The language in use."""
    return _chosen[0]


@cache
def load(language: str) -> Texts:
    """The texts of `language`. Raises msgspec.ValidationError that names a missing or extra key."""
    data = files(__package__).joinpath("locales", f"{language}.toml").read_bytes()
    return msgspec.toml.decode(data, type=Texts)


def texts() -> Texts:
    """The texts in the language in use."""
    return load(_chosen[0])
