"""What the agent's desk says: queue, conversation, composer, context, dialogs, short words."""

from agent_tui.i18n.section import Section


class ActionTexts(Section, frozen=True):
    """What a person can trigger: `names` and the short words of the bottom line by action id."""

    groups: dict[str, str]
    names: dict[str, str]
    short: dict[str, str]


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
    doubted: str
    retry_hint: str


class ComposerTexts(Section, frozen=True):
    """The field where replies are written."""

    reply_to: str
    note_on: str
    hint: str
    hint_blank: str
    hint_last_blank: str
    hint_answer: str
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


class ContextTexts(Section, frozen=True):
    """What is known of the customer, the order and the promises."""

    customer: str
    orders: str
    past: str
    first_contact: str
    order: str
    elsewhere: str
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


class NoticeTexts(Section, frozen=True):
    """Screens that say what happened and what to do next."""

    connecting: str
    connecting_next: str
    offline: str
    offline_next: str
    expired: str
    expired_next: str
    too_small: str


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
    quit_held: str
    quit_leave_customers: str
    quit_wait: str
    quit_leave: str
    quit_back: str
    quit_waiting: str
    outbox_title: str
    outbox_empty: str
    outbox_retry: str
    outbox_confirm: str
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


class ShopTexts(Section, frozen=True):
    """What templates say of the shop, as a lead changes it."""

    title: str
    blank: str
    other: str
    publish: str
    changes: str
    too_long: str
    name_title: str
    name_hint: str
    name_bad: str
    note: str
    published: str
    offline: str


class ToastTexts(Section, frozen=True):
    """Short words after an action."""

    done: dict[str, str]
    claimed: str
    nothing_needs_me: str
    only_this_needs_me: str
    typed_into_filter: str
    no_ticket: str
    status_set: str
    transferred: str
    snoozed: str
    availability_set: str
    reply_left: str
    store_damaged: str
    nothing_to_undo: str
    undone: str
    unsent_left: str
    lead_only: str
    signed_in: str
    theme: str
    retried: str
    discarded: str
