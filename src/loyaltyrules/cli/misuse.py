# SPDX-License-Identifier: Apache-2.0
"""Wrong use of verbs and options in the reader's language: what typer tells has no translations."""

import re
from collections.abc import Sequence
from typing import Any

from loyaltyrules.cli.terminal import default_language
from loyaltyrules.problem.language import LANGUAGES, mark, say
from loyaltyrules.problem.problem import nearest

MISSING = {
    "argument": mark("argument {name} is missing"),
    "option": mark("option {name} is missing"),
}
UNKNOWN = {"option": mark("there is no option {name}"), "verb": mark("there is no verb {name}")}
NEAR = mark("{told}; did you mean {near}?")
NO_VALUE = mark("option {name} needs a value behind it")
NEEDLESS = mark("option {name} takes no value")
EXTRA = mark("there are more arguments than the verb takes: {names}")
CHOICE = mark("{name} cannot be {value!r}; it is one of {names}")
NUMBER = mark("{name} must be a whole number, as large as the verb allows")
USAGE, HELP, WRONG = mark("Usage: {usage}"), mark("Try {command} --help"), mark("Error: {told}")


def language_of(arguments: Sequence[str]) -> str:
    """The language that was asked for; where options could not be read it is looked for."""
    asked = re.search(r"--language[= ](\w+)", " ".join(arguments))
    return asked[1] if asked and asked[1] in LANGUAGES else default_language()


def told(fault: Any, arguments: Sequence[str], language: str) -> str:
    """What is wrong with options or arguments, in one sentence."""
    if language == "en":
        return str(fault.format_message())
    return _sentence(fault, arguments, language) or say(language, fault.format_message())


def framed(fault: Any, sentence: str, language: str) -> str:
    """The sentence below how the verb is called."""
    context = getattr(fault, "ctx", None)
    lines = [say(language, WRONG, told=sentence)]
    if context is not None:
        usage = " ".join([context.command_path, *context.command.collect_usage_pieces(context)])
        command = say(language, HELP, command=context.command_path)
        lines = [say(language, USAGE, usage=usage), command, "", *lines]
    return "\n".join(lines)


def _sentence(fault: Any, arguments: Sequence[str], language: str) -> str:
    """A sentence of our own for each kind of fault; none for one that we do not know."""
    if hasattr(fault, "possibilities"):
        name = say(language, UNKNOWN["option"], name=fault.option_name)
        return _with_near(name, ", ".join(sorted(fault.possibilities or ())), language)
    if hasattr(fault, "option_name"):
        said = NEEDLESS if "not take" in fault.message else NO_VALUE
        return say(language, said, name=fault.option_name)
    if getattr(fault, "param", None) is not None:
        return _of_parameter(fault, language)
    return _of_arguments(fault, arguments, language)


def _of_parameter(fault: Any, language: str) -> str:
    name = fault.param.opts[0]
    if hasattr(fault, "param_type"):
        return say(language, MISSING[fault.param.param_type_name], name=name)
    value, *words = re.findall("'([^']*)'", fault.message) or [""]
    if words:
        return say(language, CHOICE, name=name, value=value, names=", ".join(words))
    return say(language, NUMBER, name=name)


def _of_arguments(fault: Any, arguments: Sequence[str], language: str) -> str:
    """An unknown verb, or arguments that a verb does not take."""
    context = getattr(fault, "ctx", None)
    verbs = getattr(context.command, "commands", None) if context else None
    verb = next((each for each in arguments if not each.startswith("-")), None)
    if verbs is not None and verb is not None and verb not in verbs:
        return _with_near(say(language, UNKNOWN["verb"], name=verb), nearest(verb, verbs), language)
    extra = re.search(r"extra argument.*\((.*)\)", fault.message) if context else None
    return say(language, EXTRA, names=extra[1]) if extra else ""


def _with_near(sentence: str, near: str, language: str) -> str:
    return say(language, NEAR, told=sentence, near=near) if near else sentence
