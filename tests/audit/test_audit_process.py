"""The long audit in a process of its own, as the page starts it, and the command that reads what it kept."""

import json
import subprocess
import sys

import pytest

from fer_core.audit import read_audit, read_state, start_audit
from fer_core.audit.store import LOCK_FILE, LOG_FILE, audit_dir
from fer_core.dataset import load_dataset
from fer_core.errors import RunError
from fer_core.runs.lock import take_lock
from tests.builders import make_csv
from tests.training.waiting import wait_for


def test_a_started_audit_ends_by_itself_and_the_command_line_reads_it(tmp_path, home):
    source = str(make_csv(tmp_path / "a.csv", train=5, validation=1, test=1))
    dataset = load_dataset(source)
    start_audit(dataset.digest, source)
    with pytest.raises(RunError, match="is being worked on"):
        start_audit(dataset.digest, source)
    wait_for(lambda: not read_state(dataset.digest).is_active)
    state = read_state(dataset.digest)
    assert (state.state, state.share) == ("done", 1.0)
    assert read_audit(dataset).is_whole
    table = tmp_path / "found.csv"
    command = [sys.executable, "-m", "fer_core", "data", "audit", "--data", source, "--json", "--csv", str(table)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    document = json.loads(done.stdout)
    assert (document["digest"], document["near_copies"], document["label_errors"]) == (dataset.digest, [], [])
    lines = table.read_text().splitlines()
    assert lines[0] == "finding,row,split,label,other_row,kind,score,suggested,votes_for_label"
    assert len(lines) == 1 + len(document["no_face"]) + len(document["blank"])
    assert {line.split(",")[0] for line in lines[1:]} == {"no_face"}


def test_the_command_line_refuses_a_second_worker_and_a_file_that_cannot_be_written(tmp_path, home):
    source = str(make_csv(tmp_path / "a.csv", train=5, validation=1, test=1))
    lock = take_lock(audit_dir(load_dataset(source).digest) / LOCK_FILE)
    command = [sys.executable, "-m", "fer_core", "data", "audit", "--data", source]
    refused = subprocess.run(command, capture_output=True, text=True, timeout=120, pass_fds=[lock])
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "is being worked on already" in refused.stderr
    unwritable = subprocess.run([*command, "--csv", str(tmp_path)], capture_output=True, text=True, timeout=120)
    assert (unwritable.returncode, unwritable.stdout) == (1, "")
    assert "expected a file that can be written, received: it is a folder" in unwritable.stderr


def test_a_process_that_dies_before_it_works_leaves_an_interrupted_audit(tmp_path, home):
    source = make_csv(tmp_path / "a.csv", train=5, validation=1, test=1)
    digest = load_dataset(str(source)).digest
    source.unlink()
    start_audit(digest, str(source))
    wait_for(lambda: not read_state(digest).is_active)
    assert read_state(digest).state == "interrupted"
    assert "expected a dataset, found nothing" in (audit_dir(digest) / LOG_FILE).read_text()
