"""Invoke as our users meet it: verbs by purpose, a verb's own words in its help, and a sentence for each slip."""

from __future__ import annotations

import ast
import contextlib
import functools
import inspect
import os
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from invoke.collection import Collection
from invoke.context import Context
from invoke.exceptions import Exit, ParseError
from invoke.parser.argument import Argument
from invoke.program import Program
from invoke.tasks import Task, task

from ..refusal import BAD_VALUE, BUSY, FAILED, INTERRUPTED, Refusal
from ..words import masked, plain, printable, program, unusable, whole
from .waiting import line

PATHS = {"store", "to", "file", "export", "output", "out", "policy"}  # of any octets, as a file system has them
HELP = ("--help", "-h")
PATIENCE = 60.0  # seconds in which a server lets go of what it held for a connection that is lost
QUIET = inspect.Parameter("quiet", inspect.Parameter.POSITIONAL_OR_KEYWORD, default=False)
OWN = {"help", "version", "list", "complete", "print-completion-script"}  # of Invoke's core flags, those that are ours


# --- a verb ----------------------------------------------------------------------------------------------------------


def verb(**options: Any) -> Callable[[Callable[..., None]], Callable[..., Any]]:
    """A task whose refusals become one sentence on stderr and the exit code that belongs to it."""
    def wrap(body: Callable[..., None]) -> Callable[..., Any]:
        own = inspect.signature(body)
        waited_for = "store" in own.parameters and "quiet" not in own.parameters

        @functools.wraps(body)
        def run(c: Context | None, *args: Any, **kwargs: Any) -> None:
            line.quiet = bool(kwargs.pop("quiet", False) if waited_for else kwargs.get("quiet", False))
            try:
                _refuse_odd(body.__name__, kwargs)
                _refuse_dry(c)
                _done(functools.partial(body, c, *args, **kwargs))
                sys.stdout.flush()
            except Refusal as refusal:
                raise Exit(plain(masked(str(refusal))), refusal.code) from None
            except KeyboardInterrupt:
                raise Exit("Interrupted.", INTERRUPTED) from None
            except BrokenPipeError:
                fall_silent()
                raise Exit(code=FAILED) from None
            except (OSError, ValueError, RuntimeError, RecursionError) as error:
                raise Exit(unusable(error), BAD_VALUE) from None
        if waited_for:  # any verb that looks at a store may take its time, and shows how far it is
            run.__signature__ = own.replace(parameters=[*own.parameters.values(), QUIET])  # type: ignore[attr-defined]
            options["help"] = options.get("help", {}) | {"quiet": "Show no progress"}
        # -p would be --project here and --policy there
        return task(run, auto_shortflags=False, **{"klass": Verb, **options})
    return wrap


def _done(body: Callable[[], None]) -> None:
    """Do what a verb does, and all of it once more where a server was lost before anything was changed, and its URL
    names another host: as soon as what that server held for the lost connection is let go."""
    try:
        body()
    except Refusal as refusal:
        if not refusal.lost:
            raise
        print(f"{plain(masked(str(refusal)))} Once more, by another host.", file=sys.stderr)
        _insist(body, time.monotonic() + PATIENCE)


def _insist(body: Callable[[], None], until: float) -> None:
    while True:
        try:
            return body()
        except Refusal as refusal:
            if refusal.code != BUSY or time.monotonic() > until:
                raise
        time.sleep(0.5)


def _refuse_odd(verb: str, given: Mapping[str, object]) -> None:
    """An empty value is a slip, as of a variable that is not set, and never means all; ids and names are UTF-8."""
    for name, value in given.items():
        flag = f"--{name.strip('_').replace('_', '-')}"  # as Invoke makes it of the name
        if value in HELP:  # a verb that waits for its file takes the next word for it
            raise Refusal(f"`{program()} --help {verb}` shows the flags of {verb}.", BAD_VALUE)
        if value == "" and not given.get("attachments"):  # which takes the place of `file`
            raise Refusal(f"{flag} is empty; give it a value, or leave it out.", BAD_VALUE)
        if isinstance(value, str) and name not in PATHS and not whole(value):
            raise Refusal(f"{flag}={printable(value)} is not UTF-8, as every id and name is.", BAD_VALUE)


def _refuse_dry(c: Context | None) -> None:
    """Invoke's own --dry stops none of our verbs, and whoever types it means that nothing shall change."""
    if c is not None and c.config.run.dry:
        raise Refusal("--dry is a flag of Invoke that holds nothing back here; --dry-run shows what a verb would do.",
                      BAD_VALUE)


def fall_silent() -> None:
    """Nobody reads what is printed any more: whatever is still to be said goes nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # one that stands for a stream, as in a test
            os.dup2(nowhere, stream.fileno())


class Flag(Argument):
    """A flag of a verb. Before it reads a word, Invoke copies those of all verbs, in all their parts; this one is
    copied as a whole, since nothing in it is changed in its place."""

    @classmethod
    def like(cls, other: Argument) -> Flag:
        made = cls.__new__(cls)
        vars(made).update(vars(other))
        return made

    def __deepcopy__(self, known: object) -> Flag:
        return self.like(self)


class Verb(Task[Any]):
    """A task with such flags."""

    def get_arguments(self, ignore_unknown_help: bool | None = None) -> list[Argument]:
        return [Flag.like(one) for one in super().get_arguments(ignore_unknown_help)]


class InPlace(Argument):
    """A flag that takes the place of a positional argument, which Invoke would miss otherwise."""

    other: Argument

    def set_value(self, value: Any, cast: bool = True) -> None:
        super().set_value(value, cast)
        if self.other.value is None:
            self.other.set_value("", cast=False)


class Restore(Verb):
    """`restore FILE` and `restore --attachments`."""

    def get_arguments(self, ignore_unknown_help: bool | None = None) -> list[Argument]:
        found = {one.name: one for one in super().get_arguments(ignore_unknown_help)}
        flag = found["attachments"]
        found["attachments"] = instead = InPlace(name=flag.name, kind=bool, default=False, help=flag.help)
        instead.other = found["file"]
        return list(found.values())


# --- slips -----------------------------------------------------------------------------------------------------------


def slip(error: ParseError, verbs: Sequence[str]) -> str:
    """What Invoke cannot place, as one sentence that names the nearest; a value may hold a password, and is masked."""
    said, context = Exception.__str__(error), error.context
    name = context.name if context else None
    if found := re.fullmatch(r"No idea what (.*) is!", said, re.DOTALL):  # as Python would write the text
        flags = list(context.flags) if context and name else list(HELP[:1])
        return _unplaced(_taken(context) or ast.literal_eval(found[1]), name, flags, verbs)
    if found := re.match(r"'([\w-]+)' did not receive required positional arguments: (.*)", said):
        needed = ", ".join(re.findall(r"[\w-]+", found[2])).upper()
        return f"{found[1]} needs {needed}; `{program()} --help {found[1]}` shows how."
    if found := re.match(r"Flag <\w+: ([\w-]+).*> (needed|doesn't)", said):
        return f"--{found[1]} {'needs a value' if found[2] == 'needed' else 'takes no value'}."
    return plain(masked(said))


def _taken(context: Any) -> str | None:
    """An unknown flag that a verb took for its file, so that what the flag was given is what Invoke cannot place."""
    values = [one.value for one in context.args.values()] if context else []
    return next((value for value in values if isinstance(value, str) and value.startswith("--")), None)


def say_slips(verbs: Callable[[], Sequence[str]]) -> None:
    """Have Invoke itself, in the checkout, say the same sentences after a slip; its exit code, 1, is its own."""
    def said(error: ParseError) -> str:
        return slip(error, verbs())
    ParseError.__str__ = said  # type: ignore[method-assign,assignment]


def _unplaced(word: str, verb: str | None, flags: Sequence[str], verbs: Sequence[str]) -> str:
    from difflib import get_close_matches  # for a slip alone, not for every start

    flag = word.startswith("-")
    typed = word.split("=")[0] if flag else word
    known = flags if flag else verbs
    begun = [name for name in known if len(typed) > 3 and name.startswith(typed)]
    near = begun or get_close_matches(typed, known, 1)
    shown = plain(masked(typed)[:200])
    what = (f"{verb} has no flag {shown}" if verb else f"There is no flag {shown}") if flag else \
        f"There is no verb {shown}"
    helps = f"`{program()} --help{f' {verb}' if verb and flag else ''}` lists those there are"
    return f"{what}; {f'the nearest is {near[0]}' if near else helps}."


# --- the installed program -------------------------------------------------------------------------------------------


class Installed(Program):
    """The program that is called by its own name; `purposes` are its verbs by what one wants of them."""

    namespace: Collection

    def __init__(self, purposes: Mapping[str, Sequence[str]], namespace: Collection):
        super().__init__(namespace=namespace, name="opencode-lifecycle", binary_names=["opencode-lifecycle"])
        self.purposes = purposes

    def run(self, argv: list[str] | None = None, exit: bool = True) -> None:
        try:
            super().run(argv, exit)
            sys.stdout.flush()
        except BrokenPipeError:
            fall_silent()
            sys.exit(FAILED)

    def normalize_argv(self, argv: list[str] | None) -> None:
        """`VERB ... --help` is about the verb, also where the verb would take the word for its file."""
        super().normalize_argv(argv)
        if len(self.argv) > 2 and self.argv[1] in self.namespace.task_names and set(HELP) & set(self.argv[2:]):
            self.argv = [self.argv[0], "--help", self.argv[1]]

    def parse_core(self, argv: list[str] | None) -> None:
        keeps = sys.dont_write_bytecode
        with self._slips():
            super().parse_core(argv)
        sys.dont_write_bytecode = keeps  # Invoke says that nothing is kept, and a third of each start is compiling

    def parse_tasks(self) -> None:
        with self._slips():
            super().parse_tasks()
            for one in self.core[0].args.values():
                if one.got_value and one.name not in OWN:
                    typed = f"--{one.name}"
                    flags = self.tasks[-1].flags if self.tasks else HELP[:1]
                    verb = self.tasks[-1].name if self.tasks else None
                    raise Exit(_unplaced(typed, verb, list(flags), ()), BAD_VALUE)

    def parse_cleanup(self) -> None:
        with self._slips():
            asked = self.args.help.value
            if isinstance(asked, str) and asked not in self.parser.contexts:
                raise Exit(_unplaced(asked, None, (), list(self.namespace.task_names)), BAD_VALUE)
            super().parse_cleanup()

    @contextlib.contextmanager
    def _slips(self) -> Iterator[None]:
        try:
            yield
        except ParseError as error:
            raise Exit(slip(error, list(self.namespace.task_names)), BAD_VALUE) from None

    def print_help(self) -> None:
        print(f"Usage: {program()} VERB [--FLAG=VALUE ...]\n")
        for purpose, verbs in self.purposes.items():
            print(f"{purpose}\n")
            self.print_columns([(name, (inspect.getdoc(self.namespace[name]) or "").split("\n")[0]) for name in verbs])
        print(f"`{program()} VERB --help` shows the flags of a verb. --version says which version this is;")
        print("--print-completion-script=SHELL prints what completes verbs and flags in bash, zsh or fish.")

    def print_task_help(self, name: str) -> None:
        context = self.parser.contexts[name]
        words = "".join(f" {one.name.upper()}" for one in context.positional_args)
        print(f"Usage: {program()} {name}{words} [--FLAG=VALUE ...]\n\n{inspect.getdoc(self.namespace[name])}\n")
        shown = [(flag.replace("STRING", "VALUE"), told) for flag, told in context.help_tuples()]
        if shown:
            self.print_columns(shown)

    def print_version(self) -> None:
        from importlib.metadata import version

        print(f"{self.name} {version('opencode-lifecycle')}")
