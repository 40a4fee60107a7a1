"""What is shipped: every file that the product reads is in the wheel, which works far from the checkout."""

import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from places import ROOT

SIX = {"tasks.py", "sql", "policies", "tests", "pyproject.toml", "README.md"}
BESIDE = {"LICENSE", "uv.lock", "pylock.toml", "requirements.lock"}


def tracked():
    """The files of the repository, those not yet added among them, by path; None outside a checkout."""
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        text=True,
    )
    return (
        [line for line in listed.stdout.splitlines() if (ROOT / line).exists()]
        if listed.returncode == 0
        else None
    )


@pytest.fixture
def files():
    found = tracked()
    if found is None:
        pytest.skip("this is no git checkout")
    return found


def test_the_top_level_holds_six_names_beside_dotfiles_license_and_lock(files):
    top = {path.split("/")[0] for path in files}
    assert top >= SIX
    assert {name for name in top - SIX - BESIDE if not name.startswith(".")} == set()
    assert len(top & (BESIDE - {"LICENSE"})) <= 1


def test_the_packages_of_the_distribution_are_the_folders_of_the_checkout():
    listed = set(tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"])
    files = [path for top in ("sql", "policies") for path in (ROOT / top).rglob("*")
             if path.suffix in (".py", ".sql", ".toml")]
    folders = {".".join(("opencode_lifecycle", *path.parent.relative_to(ROOT).parts)) for path in files}
    assert listed == {"opencode_lifecycle"} | folders


def new_enough():
    """Whether the build backend here is one that the project can be built with."""
    try:
        return int(importlib.metadata.version("setuptools").split(".")[0]) >= 77
    except importlib.metadata.PackageNotFoundError:
        return False


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built from a copy, so that nothing is left in the checkout."""
    folder, copy = tmp_path_factory.mktemp("wheel"), tmp_path_factory.mktemp("copy") / "bundle"
    shutil.copytree(
        ROOT, copy, ignore=shutil.ignore_patterns(".*", "tests", "build", "*.egg-info", "__pycache__")
    )
    here = ["--no-build-isolation"] if new_enough() else []
    built = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", *here, "-w", folder, copy],
        capture_output=True,
        text=True,
    )
    if built.returncode and not here and os.environ.get("REQUIRE_ENGINES") != "1":
        pytest.skip("no setuptools to build with, and none to be had")
    assert built.returncode == 0, built.stderr
    (path,) = folder.glob("*.whl")
    return path


def test_every_file_that_the_product_reads_is_in_the_wheel(wheel):
    expected = {
        f"opencode_lifecycle/{path.relative_to(ROOT)}"
        for folder in ("sql", "policies")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".sql", ".toml", ".txt", ".py", ".jsonl", ".json", ".js", ".ts", ".md", ".html", ".css")
        and path.name != "README.md"  # for who reads the folder
    }
    with zipfile.ZipFile(wheel) as packed:
        held = set(packed.namelist())
    assert expected | {"opencode_lifecycle/tasks.py"} <= held
    assert not {name for name in held if "/tests/" in name or name.startswith("tests")}


def test_the_installed_script_works_in_a_folder_that_is_not_the_checkout(wheel, tmp_path):
    target, place = tmp_path / "installed", tmp_path / "elsewhere"
    place.mkdir()
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", target, wheel],
        check=True,
        capture_output=True,
    )
    script = target / "bin" / "opencode-lifecycle"
    env = os.environ | {"PYTHONPATH": str(target)}

    def says(*words):
        return subprocess.run(
            [sys.executable, script, *words], cwd=place, env=env, capture_output=True, text=True, timeout=120
        )

    listed = says("--list")
    assert listed.returncode == 0, listed.stderr
    assert {"stats", "prune", "plan", "apply"} <= set(listed.stdout.split())
    rendered = says("render", "retention/verdict", "--dialect=postgres")
    assert rendered.returncode == 0, rendered.stderr
    assert "lc_verdict" in rendered.stdout
    found = subprocess.run(
        [sys.executable, "-c", "import opencode_lifecycle.sql as s; print(s.__file__)"],
        cwd=place,
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.startswith(str(target))
    assert list(place.iterdir()) == []


@pytest.mark.whole
def test_what_a_source_distribution_builds_runs_in_an_empty_environment(tmp_path):
    """As people get it: sdist, the wheel made from it, a new environment, the demo in a folder of no project."""
    if importlib.util.find_spec("build") is None and os.environ.get("REQUIRE_ENGINES") != "1":
        pytest.skip("no build here: pip install -e '.[test]'")
    copy, made, env, place = (tmp_path / name for name in ("bundle", "made", "env", "elsewhere"))
    place.mkdir()
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".*", "tests", "build", "*.egg-info", "__pycache__"))
    bare = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "COLUMNS")}

    def run(*words):
        done = subprocess.run([str(word) for word in words], cwd=place, env=bare | {"TMPDIR": str(tmp_path)},
                              capture_output=True, text=True, timeout=600)
        assert done.returncode == 0, done.stderr
        return done

    run(sys.executable, "-m", "build", "--outdir", made, copy)  # the wheel is built from the sdist
    assert [path.suffix for path in sorted(made.iterdir())] == [".whl", ".gz"]
    run(sys.executable, "-m", "venv", env)
    run(env / "bin" / "python", "-m", "pip", "install", "-q", "--disable-pip-version-check", *made.glob("*.whl"))
    shown = run(env / "bin" / "opencode-lifecycle", "demo")
    assert "returned to the disk" in shown.stdout and "$ opencode-lifecycle prune --days=30 --dry-run" in shown.stdout
    assert "invoke " not in shown.stdout + shown.stderr
    missing = subprocess.run([env / "bin" / "opencode-lifecycle", "stats", "--store=postgresql://nobody@localhost/x"],
                             cwd=place, env=bare, capture_output=True, text=True, timeout=60)
    assert missing.returncode == 78 and "pip install 'opencode-lifecycle[postgres]'" in missing.stderr
    assert list(place.iterdir()) == []


@pytest.mark.whole
def test_uvx_runs_the_wheel_without_installing_it(wheel, tmp_path):
    """As who only wants to look gets it: uv makes an environment for this one call."""
    if not shutil.which("uvx"):
        pytest.skip("no uv here: pip install uv")
    bare = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    store = tmp_path / "none.db"

    def run(*words):
        return subprocess.run(["uvx", "--python", sys.executable, "--from", str(wheel), "opencode-lifecycle", *words],
                              cwd=tmp_path, env=bare, capture_output=True, text=True, timeout=600)

    none = run("stats", f"--store={store}")
    assert none.returncode == 69 and f"There is no store at {store}" in none.stderr
    shown = run("demo")
    assert shown.returncode == 0 and "returned to the disk" in shown.stdout, shown.stderr


SLOW = ("sqlglot", "rich", "psycopg", "pymysql", "pymssql", "jinja2", "sqlite_utils", "zstandard")
LISTING = """
import sys
import tomllib
from invoke.main import program
sys.argv = ["invoke", "--list"]
program.run(["invoke", "--list"], exit=False)
print(*sorted({name.split(".")[0] for name in sys.modules}), file=sys.stderr)
"""


def test_the_list_of_verbs_is_shown_without_loading_what_is_slow():
    done = subprocess.run(
        [sys.executable, "-c", LISTING], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0 and "prune" in done.stdout.split(), done.stderr
    loaded = set(done.stderr.splitlines()[-1].split())
    assert "invoke" in loaded and loaded & set(SLOW) == set()


def test_the_installed_program_and_invoke_keep_what_python_compiles(tmp_path):
    """Invoke alone says that nothing is kept; from a checkout each start would then compile every module anew."""
    homes = {f"XDG_{kind}_HOME": str(tmp_path / kind) for kind in ("STATE", "DATA", "CONFIG")}
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | homes
    for name in ("opencode-lifecycle", "invoke"):
        place = tmp_path / name
        words = [Path(sys.executable).with_name(name), "history", "--all"]
        done = subprocess.run(words, cwd=ROOT, env=env | {"PYTHONPYCACHEPREFIX": str(place)}, capture_output=True,
                              text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        assert list(place.rglob("verbs/history.*.pyc")), name  # a verb's own, loaded after Invoke has read its flags


def test_the_installed_program_loads_no_mocks_and_invoke_still_gives_one_to_who_asks():
    script = ("import sys, opencode_lifecycle.tasks, invoke; print('unittest.mock' in sys.modules); "
              "print(invoke.MockContext(run=invoke.Result('said')).run('x').stdout, 'unittest.mock' in sys.modules)")
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["False", "said", "True"], done.stderr
