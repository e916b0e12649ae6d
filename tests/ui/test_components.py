import gzip
import hashlib
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from fer_core.ui.components import FOLDER, built_files

FRONTEND = Path(__file__).parents[2] / "frontend"
SOURCES = ("build.mjs", "package.json", "package-lock.json", "tsconfig.json", "src")
REMEDY = "the built frontend is older than its sources: run `make frontend` and commit fer_core/ui/frontend"


def digest_of_sources() -> str:
    paths = [FRONTEND / name for name in SOURCES]
    files = [file for path in paths for file in (path.rglob("*") if path.is_dir() else [path]) if file.is_file()]
    digest = hashlib.sha256()
    for name in sorted(file.relative_to(FRONTEND).as_posix() for file in files):
        digest.update(f"{name}\0".encode() + hashlib.sha256((FRONTEND / name).read_bytes()).digest())
    return digest.hexdigest()


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.name: gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        for path in folder.iterdir()
    }


def test_built_files_are_those_of_the_sources():
    assert json.loads((FOLDER / "manifest.json").read_text())["sources"] == digest_of_sources(), REMEDY
    assert sorted([*built_files().values(), "manifest.json"]) == sorted(path.name for path in FOLDER.iterdir())


def test_build_gives_the_committed_files_again(tmp_path: Path):
    if not shutil.which("node") or not (FRONTEND / "node_modules").is_dir():
        pytest.skip("needs Node and `npm ci` in frontend/")
    subprocess.run(["node", "build.mjs", str(tmp_path)], cwd=FRONTEND, check=True, capture_output=True)
    assert contents(tmp_path) == contents(FOLDER), REMEDY


def test_lock_file_names_no_addresses():
    assert '"resolved"' not in (FRONTEND / "package-lock.json").read_text()


def test_names_carry_the_hash_of_what_is_inside():
    for name in built_files().values():
        content = (FOLDER / name).read_bytes()
        content = gzip.decompress(content) if name.endswith(".gz") else content
        assert f"-{hashlib.sha256(content).hexdigest()[:12]}." in name
