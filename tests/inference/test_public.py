"""The documented examples run, and every public name has a docstring."""

from __future__ import annotations

import doctest
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import inference
from inference.contract import ROOT
from tests.frames import astronaut
from tests.samples import encode

EXAMPLES = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)


@pytest.fixture
def beside_a_photo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "photo.jpg").write_bytes(encode(astronaut(), "JPEG"))
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("beside_a_photo")
def test_the_packages_example_runs() -> None:
    tried = doctest.testmod(inference, verbose=False)
    assert (tried.attempted > 5, tried.failed) == (True, 0)


@pytest.mark.usefixtures("beside_a_photo")
@pytest.mark.parametrize("code", EXAMPLES)
def test_the_readmes_examples_run(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(code, "README.md", "exec"), {})
    assert "without_mask" in capsys.readouterr().out


def test_the_readme_has_examples() -> None:
    assert EXAMPLES


@pytest.mark.parametrize("name", inference.__all__)
def test_public_names_are_described(name: str) -> None:
    thing = getattr(inference, name)
    assert inspect.getdoc(thing)
    methods = inspect.getmembers(thing, inspect.isfunction) if inspect.isclass(thing) else []
    bare = [method for method, code in methods if not method.startswith("_") and not code.__doc__]
    assert not bare


def test_importing_it_loads_neither_tensorflow_nor_the_videos_writer() -> None:
    code = "import sys, inference; print({'tensorflow', 'av', 'tkinter'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "set()\n"
