"""What is wrong with what was typed, in words; the library says it in English only."""

import re
from typing import Any

from agent_tui.cli.said import CommandWords

say = CommandWords("usage")
_NO_COMMAND = re.compile(r"No such command '(?P<name>.*?)'\.?(?: Did you mean (?P<near>.*)\?)?$", re.DOTALL)
_TOO_MANY = re.compile(r"Got unexpected extra argument\S* \((?P<words>.*)\)$", re.DOTALL)
_OPTION_VALUE = re.compile(r"does not take a value")


def usage_line(ctx: Any) -> str:
    """How the command of `ctx` is typed."""
    arguments = [one for one in ctx.command.params if one.param_type_name == "argument"]
    words = [ctx.command_path, say("options_mark"), *map(_placed, arguments)]
    if hasattr(ctx.command, "commands"):
        words.append(say("command_mark"))
    return say("usage", line=" ".join(words))


def _placed(argument: Any) -> str:
    name = argument.name.upper() + ("…" if argument.nargs != 1 else "")
    return name if argument.required else f"[{name}]"


def usage_error(error: Any) -> str:
    """What typer found wrong, after how the command is typed and before where that is explained."""
    kind, ctx = type(error).__name__, getattr(error, "ctx", None)
    if kind == "NoArgsIsHelpError":
        return str(error.format_message())
    words = say("error", words=_KINDS.get(kind, _other)(error))
    if ctx is None:
        return words
    return "\n".join([usage_line(ctx), words, say("try_help", command=ctx.command_path)])


def _no_option(error: Any) -> str:
    words = say("no_option", name=error.option_name)
    near = sorted(error.possibilities or ())
    return words + (say("nearest", names=", ".join(near)) if near else "")


def _missing(error: Any) -> str:
    known = choices_of(error.param)
    return say("missing", name=name_of(error.param)) + (say("of_it", notes=known) if known else "")


def _option_value(error: Any) -> str:
    key = "takes_no_value" if _OPTION_VALUE.search(error.message) else "needs_value"
    return say(key, name=error.option_name)


def _bad_value(error: Any) -> str:
    return say("bad_value", name=name_of(error.param), why=_why(error))


def _why(error: Any) -> str:
    """What the parameter takes, which is also what is wrong with the value."""
    known = error.param.type_descriptor if error.param is not None else None
    if known is not None and known.is_choice:
        return choices_of(error.param)
    if known is not None and known.is_path:
        return say("no_file" if "exist" in error.message else "not_readable")
    if known is not None and known.is_ranged:
        return say("in_range" if _is_closed(error.param) else "beyond", range=range_of(error.param))
    of_type = {int: "whole_number", float: "number"}.get(getattr(known, "annotation", type(None)))
    return say(of_type) if of_type else say("other_value", message=error.message)


def _other(error: Any) -> str:
    message = error.format_message()
    if found := _NO_COMMAND.search(message):
        words = say("no_command", name=found["name"])
        return words + (say("nearest", names=found["near"].replace("'", "")) if found["near"] else "")
    if found := _TOO_MANY.search(message):
        return say("too_many", words=found["words"])
    return say("no_command_given") if message == "Missing command." else say("other", message=message)


_KINDS = {
    "NoSuchOption": _no_option,
    "MissingParameter": _missing,
    "BadOptionUsage": _option_value,
    "BadParameter": _bad_value,
}


def name_of(one: Any) -> str:
    """An option's first name, an argument's in capitals."""
    return str(one.name).upper() if one.param_type_name == "argument" else str(one.opts[0])


def choices_of(one: Any) -> str:
    """What the parameter may be, if that is a few words."""
    known = one.type_descriptor
    if not known.is_choice:
        return ""
    return say("choices", values=", ".join(str(getattr(value, "value", value)) for value in known.choices))


def range_of(one: Any) -> str:
    """Between what a number has to be; empty where any is right."""
    low, high = one.min, one.max
    if low is None and high is None:
        return ""
    if _is_closed(one):
        return say("from_to", min=f"{low:g}", max=f"{high:g}")
    return say("at_least", min=f"{low:g}") if high is None else say("at_most", max=f"{high:g}")


def _is_closed(one: Any) -> bool:
    return one.min is not None and one.max is not None
