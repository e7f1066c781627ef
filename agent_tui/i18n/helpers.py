"""What helpers read, in their work and in drills, and those who stand beside them."""

from agent_tui.i18n.section import Section


class HelperTexts(Section, frozen=True):
    """The helper's screen: `wishes` by category where no answer is sure, `do` for the last line."""

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
    ask_row: str
    ask_detail: str
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
    card_opening: dict[str, str]
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
    missed: str
    again: str
    tried: str
    tried_next: str
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
    slips: str
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
