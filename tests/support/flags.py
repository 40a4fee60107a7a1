"""Every verb and flag of the command line, as Invoke knows them, with what each verb cannot do without."""

from inspect import signature

from opencode_lifecycle import tasks

VERBS = sorted(tasks.namespace().task_names)
FLAGS = [(verb, name) for verb in VERBS for name, one in signature(tasks.namespace()[verb].body).parameters.items()
         if name != "c" and not isinstance(one.default, bool)]  # Invoke's own list can be asked for only once
NOWHERE = "postgresql://u@127.0.0.1:1/db"  # nothing listens there
NEEDED = {"explain": {"session": "ses_0000_a"}, "pin": {"session": "ses_0000_a"}, "unpin": {"session": "x"},
          "apply": {"file": "p.sql"}, "restore": {"file": "f.json"}, "migrate": {"to": NOWHERE},
          "mirror": {"to": NOWHERE}, "export": {"output": "e.json"}, "archive": {"older_than": "1d"},
          "unarchive": {"older_than": "1d"},
          # None of this machine's: a test puts no job into it, whatever a mistake lets through.
          "schedule": {"with_": "windows"}, "unschedule": {"with_": "windows"}, "render": {"name": "retention/verdict"}}


def words(verb, store, flag, value):
    """A verb that works, but for one flag with this value."""
    given = {"store": str(store)} | NEEDED.get(verb, {}) | {flag: value}
    if flag == "session" and verb in ("archive", "unarchive"):
        del given["older_than"]  # one of the two
    return [f"--{name.rstrip('_').replace('_', '-')}={one}" for name, one in given.items() if (verb, name) in FLAGS]
