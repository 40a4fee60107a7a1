"""Microsoft's own parser as a judge of T-SQL: `errors(Path("plan.sql"))`, `errors("DELETE FROM t AS p")`.

No SQL Server runs where the tests run, but its grammar does: the ScriptDom library, found in the wheel of
Microsoft's mssql-cli, behind thirty lines of C# that mono compiles and runs (Debian: mono-mcs). Built once,
into `$OPENCODE_LIFECYCLE_CACHE` (default `~/.cache/opencode-lifecycle`).

Syntax only: that a table, a column or a function exists is not looked at.
"""

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from engines_here import EngineMissing, engines_wanted, program

HERE = Path(__file__).parent
LIBRARY = "Microsoft.SqlServer.TransactSql.ScriptDom.dll"
LIBRARY_SHA256 = "781687b415be45c4ade8041738798f1b01a5e9d2f95e2dd5f989d8772b224d7c"
WHEEL = "mssql-cli==1.0.0"

# The public key of every netstandard.dll: the library asks for the assembly by name, version and this key.
NETSTANDARD_KEY = bytes.fromhex(
    "00240000048000009400000006020000002400005253413100040000010001004b86c4cb78549b34bab61a3b1800e23bfeb5b3ec"
    "390074041536a7e3cbd97f5f04cf0f857155a8928eaa29ebfd11cfbbad3ba70efea7bda3226c6a8d370a4cd303f714486b6ebc22"
    "5985a638471e6ef571cc92a4613c00b8fa65d61ccee0cbe5f36330c9a01f4183559f1bef24cc2917c6d913e3a541333a1d05d9be"
    "d22b38cb"
)

# Lines for sqlcmd, not for the server. Without a quote, a bracket or a star: inside a string, a name or a
# comment such a line is not what ends it, so it can be emptied there too. Others, such as `:r`, `!!` or a GO
# with a number, have no place in a script of ours: they stay, as syntax errors.
SQLCMD = re.compile(
    r"^[ \t]*:(?:on error|setvar|out|error|reset|exit|quit)\b[^'\"\]*\n]*$", re.IGNORECASE | re.MULTILINE
)


def errors(scripts):
    """Syntax errors of T-SQL scripts as 'file: line, col: message'; an empty list is a clean bill.

    `scripts` is a Path (a file), a str (SQL text), a pair (name, SQL text), or a list of these. Without the
    parser the running test is skipped, or fails with `REQUIRE_ENGINES=1`.
    """
    with engines_wanted():
        mono, checker = program("mono", "mono"), build()
    named = [(name, without_sqlcmd(text)) for name, text in named_texts(scripts)]
    with tempfile.TemporaryDirectory(prefix="oclt-tsql-") as folder:
        files = [Path(folder) / f"{number}.sql" for number in range(len(named))]
        for file, (_, text) in zip(files, named, strict=True):
            file.write_text(text, encoding="utf-8", newline="")
        rows = run_checker(mono, checker, files)
    return [f"{named[number][0]}: {line}, {column}: {message}" for number, line, column, message in rows]


def named_texts(scripts):
    """Name and text of each script."""
    if isinstance(scripts, str | Path | tuple):
        scripts = [scripts]
    for number, script in enumerate(scripts, 1):
        if isinstance(script, Path):
            yield str(script), script.read_text(encoding="utf-8-sig")
        elif isinstance(script, str):
            yield f"sql {number}", script
        else:
            yield script


def without_sqlcmd(text):
    """The script without its lines for sqlcmd; empty lines stay in their place, so that numbers hold."""
    return SQLCMD.sub("", text)


def run_checker(mono, checker, files):
    """The checker's findings: number of the file, line, column, message."""
    done = subprocess.run([mono, checker, *files], capture_output=True, encoding="utf-8", check=False)
    *rows, last = [line.split("\t") for line in done.stdout.splitlines()] or [[]]
    if done.returncode or last != ["checked", str(len(files))]:
        raise RuntimeError(f"the T-SQL parser ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return [(int(number), int(line), int(column), message) for number, line, column, message in rows]


# --- building it once ---------------------------------------------------------------------------------------


def cache():
    """The folder for what is built or fetched once; outside the checkout."""
    root = os.environ.get("OPENCODE_LIFECYCLE_CACHE") or "~/.cache/opencode-lifecycle"
    return Path(root).expanduser() / "tsql"


def build():
    """The path of the checker, compiled now if it never was in this form."""
    sources = [HERE / "Facade.cs", HERE / "Check.cs"]
    form = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:12]
    place = cache() / form
    if not (place / "check.exe").exists():
        with one_at_a_time(cache()):
            if not (place / "check.exe").exists():
                compile_into(place)
    return place / "check.exe"


@contextlib.contextmanager
def one_at_a_time(folder):
    """Test processes that run side by side must not all fetch the same 43 MB."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # let go when the file closes
        yield


def compile_into(place):
    """Compile in a folder beside, then rename it: what has the name is complete."""
    mcs = program("the C# compiler of mono", "mcs")
    with tempfile.TemporaryDirectory(dir=cache(), prefix="building-") as name:
        folder = Path(name)
        shutil.copyfile(library(), folder / LIBRARY)
        (folder / "key").write_bytes(NETSTANDARD_KEY)
        # Only the public half of the key exists for us, so signing is put off; mono does not ask for it.
        facade = ["-target:library", "-out:netstandard.dll", "-delaysign+", "-keyfile:key", "-nowarn:618"]
        run_quietly([mcs, *facade, HERE / "Facade.cs"], folder)
        run_quietly([mcs, "-out:check.exe", f"-r:{LIBRARY}", "-r:netstandard.dll", HERE / "Check.cs"], folder)
        shutil.rmtree(place, ignore_errors=True)
        folder.rename(place)


def library():
    """ScriptDom in the cache, fetched when it is not there."""
    kept = cache() / LIBRARY
    if not kept.exists():
        with tempfile.TemporaryDirectory(dir=cache(), prefix="fetching-") as folder:
            fetched = Path(folder) / LIBRARY
            fetched.write_bytes(from_wheel(Path(folder)))
            fetched.rename(kept)
    return kept


def from_wheel(folder):
    """The library's bytes out of the wheel; it is the same on every system, so any wheel will do."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    try:
        run_quietly([*pip, "--platform", "manylinux1_x86_64", "--dest", folder, WHEEL], folder)
    except RuntimeError as problem:
        raise EngineMissing(f"the T-SQL parser could not be fetched: {problem}") from None
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        data = wheel.read(f"mssqlcli/mssqltoolsservice/bin/{LIBRARY}")
    if hashlib.sha256(data).hexdigest() != LIBRARY_SHA256:
        raise RuntimeError(f"{LIBRARY} in {WHEEL} is not the one known: it will not be run")
    return data


def run_quietly(command, folder):
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise RuntimeError(f"{command[0]} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
