"""The command as a person or a script meets it: nearly always in a process of its own."""

import errno
import fcntl
import gzip
import json
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

import rorqual
from rorqual.cli import main
from tests.builders.pe import build

SRC = Path(rorqual.__file__).parents[1]
RORQUAL = (sys.executable, "-m", "rorqual")
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
HOSTILE = "a\x1b[31m\nb\u202e.bin"
HOSTILE_SHOWN = r"a\x1b[31m\nb\u202e.bin"

Run = subprocess.CompletedProcess[str]


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLUMNS", "TERM")}
    path = os.pathsep.join(filter(None, (str(SRC), more.pop("PYTHONPATH", ""))))
    return {**kept, "TERM": "xterm-256color", "PYTHONPATH": path, "PYTHONUTF8": "1", **more}


def scan(*arguments: str | Path, data: bytes | None = None, env: dict[str, str] | None = None) -> Run:
    return command("scan", *arguments, data=data, env=env)


@pytest.fixture
def inside(capsys: pytest.CaptureFixture[str]) -> Callable[..., Run]:
    """The command in this process, which saves its start: for what does not hang on standard streams."""

    def run(*arguments: str | Path) -> Run:
        code = main(["scan", *map(str, arguments)])
        said = capsys.readouterr()
        return Run(arguments, code, said.out, said.err)

    return run


def command(*arguments: str | Path, data: bytes | None = None, env: dict[str, str] | None = None) -> Run:
    run = subprocess.run(
        [*RORQUAL, *map(str, arguments)],
        input=data,
        stdin=subprocess.DEVNULL if data is None else None,
        capture_output=True,
        env=environment(**(env or {})),
        check=False,
        timeout=60,
    )
    return Run(run.args, run.returncode, run.stdout.decode(), run.stderr.decode())


def on_terminal(
    *arguments: str | Path,
    columns: int = 80,
    env: dict[str, str] | None = None,
    stdin: int = subprocess.DEVNULL,
) -> tuple[int, str]:
    """The exit code, and all that the terminal was sent."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    process = subprocess.Popen(
        [*RORQUAL, *map(str, arguments)],
        stdin=stdin,
        stdout=slave,
        stderr=slave,
        env=environment(**(env or {})),
    )
    os.close(slave)
    sent = b"".join(iter(lambda: _read(master), b""))
    os.close(master)
    return process.wait(60), sent.decode().replace("\r\n", "\n")


def _read(master: int) -> bytes:
    try:
        return os.read(master, 65536)
    except OSError as error:
        if error.errno != errno.EIO:  # which is how Linux says that the last writer has gone
            raise
        return b""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.bin"
    path.write_bytes(bytes(range(256)) * 16)
    return path


@pytest.fixture
def judged(tmp_path: Path) -> dict[str, str]:
    """An environment with one analyzer more, found by its entry point: to this judge everything is packed."""
    home = tmp_path / "contributed"
    metadata = home / "contributed-1.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Name: contributed\nVersion: 1\n")
    (metadata / "entry_points.txt").write_text("[rorqual.analyzers]\npacked = contributed:Packed\n")
    (home / "contributed.py").write_text(
        "from rorqual.sdk import Digest, Finding, Verdict\n"
        "class Packed:\n"
        "    name, version = 'packed', 1\n"
        "    reads, says = frozenset({Digest}), frozenset({Verdict})\n"
        "    def weigh(self, findings, place):\n"
        "        ids = tuple(finding.id for finding in findings)\n"
        "        why = 'by \\x1b[31mdecree'\n"
        "        yield Finding(place, 0, 1, self.name, Verdict('packed', 0.9, why, ids, ('T1027.002',)))\n"
    )
    return {"PYTHONPATH": str(home)}


@pytest.fixture
def incomplete(tmp_path: Path) -> Path:
    """Nested deeper than streams are followed."""
    data = b"the innermost"
    for _ in range(rorqual.Limits().depth + 2):
        data = gzip.compress(data + bytes(4096), mtime=0)  # the zeros: else it were stored as it is
    path = tmp_path / "nested.gz"
    path.write_bytes(data)
    return path


def test_version_loads_nothing_heavy() -> None:
    run = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "rorqual", "--version"],
        capture_output=True,
        env=environment(),
        text=True,
        check=True,
    )
    assert run.stdout == f"rorqual {rorqual.__version__}\n"
    loaded = {line.rpartition("|")[2].strip() for line in run.stderr.splitlines()}
    assert "argparse" in loaded
    assert not {name for name in loaded if name.split(".")[0] in {"rich", "hyperscan", "psutil", "logging", "json"}}
    assert not {name for name in loaded if name.startswith(("rorqual.engine", "rorqual.run", "rorqual.analyzers"))}


def test_help_names_the_exit_codes_and_what_fails() -> None:
    run = scan("--help")
    assert run.returncode == 0
    assert all(word in run.stdout for word in ("exit status", "--fail-on", "near-polyglot", "--json [FILE]", "KiB"))
    assert all(len(line) <= 100 for line in run.stdout.splitlines())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "nothing to do"),
        (("scan",), "nothing to scan"),
        (("look", "x"), "invalid choice: 'look'"),
        (("scan", "--frobnicate", "x"), "unrecognized arguments: --frobnicate"),
        (("scan", "--memory", "much", "x"), "much is no size"),
        (("scan", "--workers", "0", "x"), "0 is not a number from 1 to 256"),
        (("scan", "--fail-on", "packd", "x"), "packd: not one of polyglot,"),
        (("scan", "-", "-"), "standard input can be read but once"),
        (("scan", "--no-col", "x"), "unrecognized arguments: --no-col"),
        (("scan", "--\x1b[31m", "x"), r"unrecognized arguments: --\x1b[31m"),
    ],
)
def test_usage_errors_are_one_line_and_exit_1(arguments: tuple[str, ...], said: str) -> None:
    run = command(*arguments)
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr.startswith("rorqual: ")
    assert said in run.stderr
    assert run.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--memory", "1M"), "memory: 1048576 bytes are less than"),
        (("--chunk-size", "0"), "chunk size: 0 is not positive"),
        (("--digest", "md6"), "digest md6: not one of"),
    ],
)
def test_options_that_make_no_sense_to_the_engine(
    small: Path, inside: Callable[..., Run], arguments: tuple[str, ...], said: str
) -> None:
    run = inside(*arguments, small, small)
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr.startswith(f"rorqual: {said}")
    assert run.stderr.count("\n") == 1


def test_report_in_a_pipe_is_plain_and_fits_80_columns(small: Path) -> None:
    run = scan(small)
    assert (run.returncode, run.stderr) == (0, "")
    assert "\x1b" not in run.stdout
    assert "\r" not in run.stdout
    lines = run.stdout.splitlines()
    assert lines[0].removeprefix("…") == str(small)[-len(lines[0].removeprefix("…")) :]
    assert max(map(cell_len, lines)) <= 80
    assert any("4.00 KiB (4,096 bytes)" in line for line in lines[:10])
    assert any("complete" in line for line in lines[:10])


def test_json_of_one_path_is_an_object(small: Path) -> None:
    run = scan(small, "--json")
    report = json.loads(run.stdout)
    assert (run.returncode, report["source"]) == (0, {"name": str(small), "size": 4096})


def test_json_of_several_paths_is_an_array_in_their_order(
    small: Path, tmp_path: Path, inside: Callable[..., Run]
) -> None:
    other = tmp_path / "other"
    other.write_bytes(b"x")
    run = inside("--json", other, small, other)
    assert [report["source"]["size"] for report in json.loads(run.stdout)] == [1, 4096, 1]


def test_standard_input(small: Path) -> None:
    data = small.read_bytes()
    from_pipe = json.loads(scan("-", "--json", data=data).stdout)
    from_file = json.loads(scan(small, "--json").stdout)
    assert from_pipe["source"] == {"name": "-", "size": 4096}
    assert from_pipe["digests"] == from_file["digests"]
    assert from_pipe["findings"] == from_file["findings"]


@pytest.fixture
def inputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with the files that are scanned."""
    monkeypatch.chdir(tmp_path)
    for name in ("IN", "IN.json", "-odd"):
        (tmp_path / name).write_bytes(b"data")
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "files", "scanned"),
    [
        (("IN", "--json=OUT"), {"OUT"}, ["IN"]),
        (("--json=OUT", "IN"), {"OUT"}, ["IN"]),
        (("--json", "OUT.json", "IN"), {"OUT.json"}, ["IN"]),
        (("IN", "--json", "OUT.json"), {"OUT.json"}, ["IN"]),
        (("--json", "OUT.json", "--", "IN"), {"OUT.json"}, ["IN"]),
        (("--json", "IN"), set(), ["IN"]),
        (("--json", "IN.json"), set(), ["IN.json"]),
        (("--json", "--workers", "1", "IN.json"), set(), ["IN.json"]),
        (("--json", "IN", "IN.json"), set(), ["IN", "IN.json"]),
        (("--json", "-", "IN"), set(), ["IN"]),
        (("--json", "--", "IN"), set(), ["IN"]),
        (("--workers", "1", "--json", "--", "-odd"), set(), ["-odd"]),
    ],
)
def test_which_word_is_the_file_of_json(
    inputs: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    files: set[str],
    scanned: list[str],
) -> None:
    before = set(inputs.iterdir())
    assert main(["scan", *arguments]) == 0
    assert {path.name for path in set(inputs.iterdir()) - before} == files
    told = json.loads((inputs / files.pop()).read_text() if files else capsys.readouterr().out)
    reports = told if isinstance(told, list) else [told]
    assert [report["source"]["name"] for report in reports] == scanned


def test_json_in_a_file_leaves_the_report_on_the_terminal(
    small: Path, tmp_path: Path, inside: Callable[..., Run]
) -> None:
    run = inside(small, f"--json={tmp_path / 'out'}")
    assert run.stdout.splitlines()[0].endswith("/small.bin")
    assert json.loads((tmp_path / "out").read_text())["complete"] is True


def test_a_report_keeps_the_permissions_of_what_it_replaces(
    small: Path, tmp_path: Path, inside: Callable[..., Run]
) -> None:
    out = tmp_path / "out.json"
    out.write_text("old")
    out.chmod(0o600)
    link = tmp_path / "link.json"
    link.symlink_to(out)
    assert inside(small, "--json", link).returncode == 0
    assert out.stat().st_mode & 0o777 == 0o600
    assert link.is_symlink()
    assert json.loads(out.read_text())["source"]["size"] == 4096


def test_a_failed_scan_leaves_the_old_report_alone(tmp_path: Path, inside: Callable[..., Run]) -> None:
    out = tmp_path / "out.json"
    out.write_text("old")
    run = inside(tmp_path / "missing", "--json", out)
    assert (run.returncode, out.read_text()) == (1, "old")
    assert [path.name for path in tmp_path.iterdir()] == ["out.json"]


@pytest.mark.parametrize("way", ["same", "link", "hard link", "standard input", "standard output"])
def test_no_report_over_what_is_scanned(small: Path, tmp_path: Path, way: str) -> None:
    before, other = small.read_bytes(), tmp_path / "other"
    arguments, stdin, stdout = [str(small), f"--json={other}"], subprocess.DEVNULL, subprocess.DEVNULL
    match way:
        case "same":
            arguments[1] = f"--json={tmp_path}/../{tmp_path.name}/small.bin"
        case "link":
            other.symlink_to(small)
        case "hard link":
            other.hardlink_to(small)
        case "standard input":
            arguments, stdin = ["-", f"--json={small}"], os.open(small, os.O_RDONLY)
        case "standard output":
            arguments, stdout = [str(small)], os.open(small, os.O_WRONLY | os.O_APPEND)
    run = subprocess.run(
        [*RORQUAL, "scan", *arguments],
        env=environment(),
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert "would be overwritten by its own report" in run.stderr
    assert small.read_bytes() == before


def test_a_target_that_cannot_be_written_is_an_error_before_the_scan(
    small: Path, tmp_path: Path, inside: Callable[..., Run]
) -> None:
    run = inside(small, f"--json={tmp_path}/no/such/place")
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr == f"rorqual: {tmp_path}/no/such/place: No such file or directory\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize("arguments", [(), ("--json",), ("--json=/dev/full",)])
def test_a_full_disk_is_one_line(small: Path, arguments: tuple[str, ...]) -> None:
    with open("/dev/full", "w") as full:
        run = subprocess.run(
            [*RORQUAL, "scan", str(small), *arguments],
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert run.returncode == 1
    assert run.stderr.endswith(": No space left on device\n")
    assert run.stderr.count("\n") == 1


def test_unreadable_paths_are_told_and_the_others_scanned(
    small: Path, tmp_path: Path, inside: Callable[..., Run]
) -> None:
    run = inside(tmp_path / "missing", small, tmp_path)
    assert run.returncode == 1
    assert run.stderr.splitlines() == [
        f"rorqual: {tmp_path}/missing: No such file or directory",
        f"rorqual: {tmp_path}: is a directory; name files, folders are not read",
    ]
    assert run.stdout.splitlines()[0].endswith("/small.bin")


def test_incomplete_is_loud_and_exits_2(incomplete: Path, inside: Callable[..., Run]) -> None:
    run = inside(incomplete)
    assert run.returncode == 2
    head = run.stdout.splitlines()[:10]
    assert any(line.startswith("  INCOMPLETE") and "limit" in line for line in head)


def test_conditions_exit_10_and_stand_below_incomplete_and_errors(
    small: Path, incomplete: Path, tmp_path: Path, judged: dict[str, str]
) -> None:
    assert scan(small, env=judged).returncode == 0
    assert scan(small, "--fail-on", "stego", env=judged).returncode == 0
    assert scan(small, "--fail-on", "stego,packed", env=judged).returncode == 10
    assert scan(small, incomplete, "--fail-on", "packed", env=judged).returncode == 2
    assert scan(small, tmp_path, "--fail-on", "packed", env=judged).returncode == 1


def test_verdicts_stand_in_the_head_and_cannot_command_the_terminal(small: Path, judged: dict[str, str]) -> None:
    run = scan(small, env=judged)
    verdict = next(line for line in run.stdout.splitlines()[:10] if "packed" in line)
    assert all(word in verdict for word in ("90 % sure", "T1027.002", r"by \x1b[31mdecree"))


def test_names_cannot_command_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / HOSTILE
    path.write_bytes(b"x")
    found = scan(path, env={"COLUMNS": "160"})
    assert HOSTILE_SHOWN in found.stdout
    missing = scan(f"{path}\udcff")
    assert missing.stderr == f"rorqual: {tmp_path}/{HOSTILE_SHOWN}\\xff: No such file or directory\n"
    told = json.loads(scan(path, "--json").stdout)
    assert told["source"]["name"] == str(path)


def test_names_that_are_no_text(tmp_path: Path, inside: Callable[..., Run]) -> None:
    path = os.fsencode(tmp_path) + b"/\xff"
    with open(path, "wb") as file:
        file.write(b"x")
    run = inside(os.fsdecode(path), "--json")
    assert json.loads(run.stdout)["source"]["name"] == f"{tmp_path}/\\xff"


def test_bytes_of_the_file_cannot_command_the_terminal(tmp_path: Path, inside: Callable[..., Run]) -> None:
    image = build()
    path = tmp_path / "image.exe"
    path.write_bytes(image.replace(b".text\0\0\0", b"\x1b[31m\x07\r\n"))
    run = inside(path)
    assert not set(run.stdout) & set("\x1b\x07\r")


@pytest.mark.parametrize("columns", [80, 120])
def test_on_a_terminal_it_fits_and_has_colour(tmp_path: Path, columns: int) -> None:
    path = tmp_path / "image.exe"
    path.write_bytes(build())
    code, sent = on_terminal("scan", path, columns=columns)
    assert code == 0
    assert "\x1b[" in sent
    lines = ESCAPE.sub("", sent).splitlines()
    assert max(map(cell_len, lines)) <= columns
    assert "PE image" in [line.strip() for line in lines]


@pytest.mark.parametrize(("arguments", "env"), [(("--no-color",), {}), ((), {"NO_COLOR": "1"}), ((), {"TERM": "dumb"})])
def test_colour_can_be_refused(small: Path, arguments: tuple[str, ...], env: dict[str, str]) -> None:
    code, sent = on_terminal("scan", small, *arguments, env=env)
    assert code == 0
    assert "\x1b" not in sent


def test_an_output_that_is_not_unicode(tmp_path: Path) -> None:
    path = tmp_path / "größe.bin"
    path.write_bytes(bytes(range(256)) * 16)
    run = scan(path, env={"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii", "LC_ALL": "C.UTF-8"})
    assert run.returncode == 0
    assert run.stdout.isascii()
    assert r"gr\xf6\xdfe.bin" in run.stdout


def feed(fd: int, pieces: int) -> None:
    """Writes little by little, for longer than the progress waits, and closes."""
    for _ in range(pieces):
        os.write(fd, bytes(1000))
        time.sleep(0.3)
    os.close(fd)


def test_progress_on_a_terminal_is_erased() -> None:
    reading, writing = os.pipe()
    feeder = threading.Thread(target=feed, args=(writing, 7))
    feeder.start()
    code, sent = on_terminal("scan", "-", "--chunk-size", "1000", stdin=reading)
    feeder.join()
    os.close(reading)
    assert code == 0
    drawn, _, report = sent.rpartition("\r")
    assert "bytes/s" in drawn or "KiB/s" in drawn
    assert drawn.endswith("   ")
    assert ESCAPE.sub("", report).startswith("-\n")


def test_an_interrupt_is_one_line_and_leaves_no_file(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    process = subprocess.Popen(
        [*RORQUAL, "scan", "-", "--chunk-size", "1000", f"--json={tmp_path / 'out'}"],
        stdin=reading,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    feeder = threading.Thread(target=feed, args=(writing, 5))
    feeder.start()
    time.sleep(0.8)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    feeder.join()
    os.close(reading)
    assert (process.returncode, out, err) == (130, b"", b"rorqual: interrupted\n")
    assert not list(tmp_path.iterdir())


def unread(*arguments: str | Path) -> tuple[int, bytes]:
    """The exit code and standard error where nobody reads standard output."""
    reading, writing = os.pipe()
    os.close(reading)
    run = subprocess.run(
        [*RORQUAL, *map(str, arguments)],
        stdout=writing,
        stderr=subprocess.PIPE,
        env=environment(),
        check=False,
    )
    os.close(writing)
    return run.returncode, run.stderr


def test_a_closed_pipe_is_no_error_to_talk_about(small: Path, tmp_path: Path) -> None:
    assert unread("scan", small) == (141, b"")
    assert unread("scan", small, "--json") == (141, b"")
    assert unread("scan", small, f"--json={tmp_path / 'out'}") == (0, b"")
    assert json.loads((tmp_path / "out").read_text())["source"]["size"] == 4096


def test_closed_standard_streams(small: Path) -> None:
    def closing(fd: int, *arguments: str) -> Run:
        return subprocess.run(
            ["sh", "-c", f'exec "$@" {fd}>&-', "sh", *RORQUAL, "scan", *arguments],
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
        )

    assert (run := closing(0, "-")).returncode == 1
    assert run.stderr == "rorqual: -: standard input is closed\n"
    assert (run := closing(1, str(small))).returncode == 1
    assert run.stderr == "rorqual: standard output: is closed\n"


def test_log_level_debug_shows_memory_and_changes_nothing_else(small: Path) -> None:
    quiet, loud = scan(small, "--json"), scan(small, "--json", "--log-level", "debug")
    assert all(re.fullmatch(r"rorqual: [a-z ]+: [0-9.]+ MB resident", line) for line in loud.stderr.splitlines())
    assert "rorqual: swept: " in loud.stderr
    assert without_run(loud) == without_run(quiet)


def test_chunk_size_memory_and_workers_take_units_and_change_no_report(small: Path, inside: Callable[..., Run]) -> None:
    usual = without_run(inside(small, "--json"))
    options = ("--chunk-size", "7", "--memory", "128MiB", "--workers", "2")
    assert without_run(inside(small, "--json", *options)) == usual
    told = json.loads(inside(small, "--json", "--chunk-size=1KB", "--memory=100000K").stdout)["run"]
    assert (told["chunk_size"], told["memory"]) == (1000, 100_000 * 1024)


def test_digests_by_option(small: Path, inside: Callable[..., Run]) -> None:
    told = json.loads(inside(small, "--json", "--digest", "crc32,sha512", "--digest", "crc32").stdout)
    assert set(told["digests"]) == {"md5", "sha1", "sha256", "crc32", "sha512"}


def without_run(run: Run) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(run.stdout)
    del told["run"]
    return told
