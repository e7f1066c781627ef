"""`agent-tui helper` and `agent-tui drill`: the helper's screen without a server, to try and to practise."""

from pathlib import Path
from typing import Any, Literal, NoReturn

import typer

from agent_tui import i18n
from agent_tui.cli import staff
from agent_tui.cli.kb_content import kept
from agent_tui.cli.program import CommandGroup
from agent_tui.cli.workstation import need_terminal, run_screen, settings_of, with_theme
from agent_tui.settings import Profile, Settings

app = CommandGroup(
    invoke_without_command=True,
)
app.command()(staff.invite)
app.command("list")(staff.list_)
app.command()(staff.revoke)

PackOption = typer.Option("", "--pack")
NameOption = typer.Option("", "--name")
ThemeOption = typer.Option("", "--theme")
ProfileOption = typer.Option("default", "--profile")
_KNOWN = "logistics, returns, promotion, live, basics-en"
BaseOption = typer.Option(None, "--base", hidden=True)


@app.callback()
def helper(
    context: typer.Context,
    pack: str = PackOption,
    name: str = NameOption,
    theme: str = ThemeOption,
    who: str = ProfileOption,
    base: Path | None = BaseOption,
) -> None:
    """Try the helper's screen over a few practice customers, without a server."""
    if context.invoked_subcommand is None:
        folders, settings = _at_a_terminal(who, base, theme)
        _play(settings, folders, pack, "skills", name, is_judged=False)


def drill(
    pack: str = PackOption,
    part: Literal["skills", "scenes", "live"] | None = typer.Option(None, "--set"),
    name: str = NameOption,
    theme: str = ThemeOption,
    who: str = ProfileOption,
    base: Path | None = BaseOption,
) -> None:
    """Practise a pack on fifteen simulated customers, then see what was right and what to read again.

    The training plan has three sets a pack: 7 skills, 3 scenes, 1 live shift.
    """
    folders, settings = _at_a_terminal(who, base, theme)
    stage: str | None = part or ""
    while stage is not None:
        stage = _play(settings, folders, pack, stage, name, is_judged=True)


def _play(
    settings: Settings, folders: Profile, wanted: str, stage: str, name: str, *, is_judged: bool
) -> str | None:
    """Run the screen over a set's customers, or a few that are only tried; answers the set to go on with.

    An empty `stage` is the first that is not passed yet.
    """
    from agent_tui.cli.line import address_of
    from agent_tui.drill.practice import Practice
    from agent_tui.drill.reporting import teller
    from agent_tui.tui.app import AgentApp
    from agent_tui.tui.helper.bookcase import Bookcase
    from agent_tui.tui.helper.handbook import Handbook
    from agent_tui.tui.helper.screen import HelperScreen

    pack = _pack_of(settings, wanted)
    known = _drill_of(pack, stage, settings, folders)
    name = name or i18n.texts().common.roles["helper"]
    practice = Practice(pack, known if is_judged else known.tried(), name, is_judged=is_judged)
    if is_judged and settings.server:
        practice.send = teller(address_of(settings.server), folders.data_dir, practice)
    packs, first = Bookcase(settings, wanted), iter([pack])
    handbook = Handbook(
        # What is only tried is read again when its file is edited; what is judged stays what it was.
        lambda *_: pack if is_judged else next(first, None) or packs.read(""),
        practice.speaker(settings),
        practice.values,
        state=None if is_judged else packs.state,
        clock=practice.clock,
    )

    def screen() -> HelperScreen:
        return HelperScreen(practice.desk, handbook, practice.clock, coach=practice)

    run_screen(AgentApp(practice.desk, settings, helper=screen))
    _keep(practice, folders)
    return practice.goes_on_with


def _keep(practice: Any, folders: Profile) -> None:
    """Say in the shell what came of it, and remember a set that is passed."""
    from agent_tui.drill.plan import keep_passed

    result, outcome = practice.result(), practice.outcome()
    if result is None:
        return
    if result.is_passed:
        try:
            keep_passed(folders.data_dir, outcome.pack, outcome.stage)
        except OSError as error:
            typer.echo(i18n.words_of_system(error, str(folders.data_dir)), err=True)
    typer.echo(f"{result.title}\n{result.summary()}\n{result.verdict}")


def _pack_of(settings: Settings, wanted: str) -> Any:
    from agent_tui.knowledge.packs.resolved import PackError
    from agent_tui.tui.helper.assembly import reading

    try:
        return reading(settings, wanted)("", "")
    except PackError as error:
        words = i18n.texts().drill
        if error.code == "no-pack":
            _fail(words.unknown_pack.format(pack=wanted, known=_KNOWN))
        _fail(words.no_pack.format(pack=wanted, reason=i18n.words_of(error)))


def _drill_of(pack: Any, stage: str, settings: Settings, folders: Profile) -> Any:
    from agent_tui.drill.checking import fitting, problems_of
    from agent_tui.drill.plan import next_set
    from agent_tui.drill.sets import STAGES, set_for

    id, words = pack.pack.id, i18n.texts().drill
    chosen = next((one for one in STAGES if one == stage), None) or next_set(folders.data_dir, id)
    try:
        known = set_for(pack.pack, chosen, [Path(folder).expanduser() for folder in settings.content])
    except FileNotFoundError:
        _fail(words.no_drill.format(pack=id, known=_KNOWN))
    if problems := problems_of(known, pack):
        typer.echo("\n".join([words.bad_drill.format(pack=id, set=chosen), *problems]), err=True)
    fits = fitting(known, pack)
    if not fits.parts:
        raise typer.Exit(2)
    return fits


def _at_a_terminal(name: str, base: Path | None, theme: str) -> tuple[Profile, Settings]:
    folders, settings = settings_of(name, base)
    settings = with_theme(settings, theme)
    need_terminal()
    from agent_tui.knowledge.content.shop import with_team

    return folders, with_team(settings, kept(folders.data_dir).files)


def _fail(words: str) -> NoReturn:
    typer.echo(words, err=True)
    raise typer.Exit(2)
