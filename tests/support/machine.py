"""Schedulers to test against: programs of the same names that do what the real ones do with what they are given."""

import os
import sys
from pathlib import Path

HEAD = f"#!{sys.executable}\nimport os, pathlib, sys\nhere = pathlib.Path({{here!r}})\nwords = sys.argv[1:]\n" \
       "(here / 'called').open('a').write(os.path.basename(sys.argv[0]) + ' ' + ' '.join(words) + '\\n')\n" \
       "def end(text='', code=1):\n    sys.stderr.write(text)\n    raise SystemExit(code)\n" \
       "if (here / 'fails').exists() and (here / 'fails').read_text() in ' '.join(words):\n    end('it is broken\\n')\n"

CRONTAB = """
tab = here / 'crontab.txt'
if words == ['-l']:
    tab.exists() or end('no crontab for me\\n')
    sys.stdout.buffer.write(tab.read_bytes())
elif words == ['-r']:
    tab.exists() or end('no crontab for me\\n')
    tab.unlink()
elif words == ['-']:
    text = sys.stdin.buffer.read()
    if (here / 'strict').exists() and not text.endswith(b'\\n'):
        end('new crontab file is missing newline before EOF\\n')
    tab.write_bytes(text)
else:
    end('usage\\n')
"""
SYSTEMCTL = """
words[0] == '--user' or end('not mine\\n')
units = pathlib.Path(os.environ.get('XDG_CONFIG_HOME') or os.environ['HOME'] + '/.config') / 'systemd' / 'user'
link = units / 'timers.target.wants' / 'opencode-lifecycle.timer'
if words[1] == 'enable':
    (units / words[-1]).exists() or end('Unit file does not exist\\n')
    link.parent.mkdir(exist_ok=True)
    link.is_symlink() or link.symlink_to(units / words[-1])
elif words[1] == 'disable':
    link.unlink(missing_ok=True)
"""
LAUNCHCTL = """
loaded = here / 'loaded'
if words[0] == 'bootstrap':
    loaded.exists() and end('Bootstrap failed: 5: Input/output error\\n', 5)
    loaded.write_bytes(pathlib.Path(words[2]).read_bytes())
elif words[0] == 'bootout':
    loaded.exists() or end('Boot-out failed: 3: No such process\\n', 3)
    loaded.unlink()
elif words[0] == 'print':
    loaded.exists() or end('', 113)
"""
SCHTASKS = """
from xml.etree import ElementTree
task = here / 'task.xml'
if words[0] == '/Create':
    text = pathlib.Path(words[words.index('/XML') + 1]).read_bytes().decode('utf-16')
    root = ElementTree.fromstring(text.partition('?>')[2])
    ElementTree.register_namespace('', root.tag[1:].partition('}')[0])
    first = root.find('{*}RegistrationInfo')
    ElementTree.SubElement(first, first.tag.replace('RegistrationInfo', 'URI')).text = '\\\\\\\\opencode-lifecycle'
    task.write_text('<?xml version="1.0" encoding="UTF-16"?>\\r\\n' + ElementTree.tostring(root, 'unicode'))
elif words[0] == '/Query':
    task.exists() or end('ERROR: The system cannot find the file specified.\\n')
    sys.stdout.buffer.write(task.read_text().encode('utf-16' if (here / 'wide').exists() else 'utf-8'))
elif words[0] == '/Delete':
    task.exists() or end('ERROR\\n')
    task.unlink()
"""
PROGRAMS = {"crontab": CRONTAB, "systemctl": SYSTEMCTL, "launchctl": LAUNCHCTL, "schtasks": SCHTASKS}


class Machine:
    """A folder of such programs, which is all of PATH, and a home beside it."""

    def __init__(self, folder: Path, *programs: str):
        self.folder, self.home = folder, folder / "home"
        self.bin = folder / "bin"
        self.bin.mkdir()
        self.home.mkdir()
        for name in programs:
            path = self.bin / name
            path.write_text(HEAD.format(here=str(folder)) + PROGRAMS[name])
            path.chmod(0o755)
        self.env = os.environ | {"PATH": str(self.bin), "HOME": str(self.home)}

    @property
    def called(self) -> list[str]:
        path = self.folder / "called"
        return path.read_text().splitlines() if path.exists() else []

    @property
    def tab(self) -> Path:
        return self.folder / "crontab.txt"

    def fail(self, word: str) -> None:
        (self.folder / "fails").write_text(word)

    def files(self) -> set[str]:
        return {str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if not path.is_dir()}
