"""The command `rorqual`: parses arguments, calls scan(), picks a renderer.

Nothing is imported before it is needed: `--version` and a mistyped option should not pay for the engine.
"""

import argparse
import contextlib
import errno
import io
import os
import re
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, BinaryIO, NoReturn

from rorqual import __version__
from rorqual.render.outlet import STDOUT, Failed, mute, outlet, standard_output, writing
from rorqual.render.terminal.values import safe

if TYPE_CHECKING:
    from rorqual.findings.report import Report

DONE, ERROR, INCOMPLETE, CONDITION = 0, 1, 2, 10
INTERRUPTED, BROKEN_PIPE = 130, 141  # as shells report SIGINT and SIGPIPE
PRECEDENCE = (ERROR, INCOMPLETE, CONDITION, DONE)

STDIN = "-"
JSON = ".json"
VERDICTS = (
    *("polyglot", "near-polyglot", "appended", "self-extracting", "embedded", "hidden"),
    *("padded", "packed", "encrypted", "stego", "malformed", "spoofed-type"),
)
LEVELS = ("debug", "info", "warning", "error")
MOST_WORKERS = 256
SIZE = re.compile(r"([0-9]{1,18}) ?(?:([KMGT])(iB|B)?|B)?", re.IGNORECASE)
EPILOG = """\
A SIZE takes K, M, G, T or KiB, MiB … for powers of 1024, KB, MB … for powers of 1000.

exit status: 0 done; 1 usage or input error; 2 done, but some bytes went unseen;
10 a --fail-on condition is met. Where several hold: 1 before 2 before 10."""


class Parser(argparse.ArgumentParser):
    """argparse, with our exit code and its errors on one line."""

    def error(self, message: str) -> NoReturn:
        raise Failed(f"{message} (see {self.prog} --help)")


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command and returns its exit code."""
    try:
        code = _command(sys.argv[1:] if argv is None else list(argv))
        with writing(STDOUT):
            if sys.stdout is not None:
                sys.stdout.flush()
    except Failed as failed:
        _complain(str(failed))
        return ERROR
    except BrokenPipeError:
        mute()
        return BROKEN_PIPE
    except KeyboardInterrupt:
        _complain("interrupted")
        return INTERRUPTED
    except SystemExit as done:  # argparse, after --help and --version
        return done.code if isinstance(done.code, int) else DONE
    return code


def _command(argv: list[str]) -> int:
    parser = Parser(
        prog="rorqual", description="Reads a file of any size once and says what it is.", allow_abbrev=False
    )
    parser.add_argument("--version", action="version", version=f"rorqual {__version__}")
    parser.add_argument("command", choices=["scan"], help="scan: read files and report on them")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="...", help="see rorqual scan --help")
    if argv[:1] == ["scan"]:
        return _scan(_scan_options(argv[1:]))
    if argv:
        parser.parse_args(argv)  # says its help, its version, or what is wrong
    parser.error("nothing to do: try rorqual scan PATH")


def _scan_options(argv: list[str]) -> argparse.Namespace:
    """The options; whether a word after `--json` is its file depends on what else there is to scan."""
    parser = _scan_parser()
    end = argv.index("--") if "--" in argv else len(argv)  # whatever follows is a path
    options = parser.parse_intermixed_args(_settle_json(argv[:end], takes=True))
    if not options.paths and not argv[end + 1 :]:
        options = parser.parse_intermixed_args(_settle_json(argv[:end], takes=False))
    options.paths += argv[end + 1 :]
    if not options.paths:
        parser.error("nothing to scan: name a file, or - for standard input")
    if options.paths.count(STDIN) > 1:
        parser.error("standard input can be read but once")
    return options


def _settle_json(argv: list[str], *, takes: bool) -> list[str]:
    """Gives each bare `--json` its value: "-", or where `takes` the next word if that can be one."""
    settled: list[str] = []
    for word in argv:
        if takes and settled and settled[-1] == "--json" and (word == STDOUT or word.endswith(JSON)):
            settled[-1] = f"--json={word}"
        else:
            settled.append(word)
    return [f"--json={STDOUT}" if word == "--json" else word for word in settled]


def _scan_parser() -> Parser:
    parser = Parser(
        prog="rorqual scan",
        usage="rorqual scan [OPTION ...] PATH ... [-]",
        description="Reads each file once, in bounded memory, and reports what it is and what went unseen.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("paths", nargs="*", metavar="PATH", help="a file or device; - is standard input")
    add(
        "--json",
        metavar="[FILE]",
        help="JSON instead of the report for people, or beside it in FILE (--json=FILE, or --json FILE "
        "where FILE ends in .json); an array for several paths",
    )
    add(
        "--digest",
        metavar="NAME",
        action="append",
        default=[],
        help="also blake3, crc32, sha512, ssdeep or tlsh (repeatable)",
    )
    add(
        "--fail-on",
        metavar="KIND",
        action="append",
        default=[],
        help=f"exit 10 on a verdict: {', '.join(VERDICTS)} (repeatable)",
    )
    add(
        "--extract",
        metavar="DIR",
        help="write what is inside into DIR, each child by its digest, with a manifest; also a padded executable "
        "without its filler and what lies beside it",
    )
    add("--neuter", choices=("cart", "zip"), help="pack what is written so that nothing runs it (ZIP: infected)")
    add(
        "--password",
        metavar="TEXT",
        action="append",
        default=[],
        help="try it on what is encrypted, before infected and the like (repeatable)",
    )
    add(
        "--chunk-size",
        metavar="SIZE",
        type=_size,
        default="8M",
        help="bytes read at once (8M); changes no report",
    )
    add("--memory", metavar="SIZE", type=_size, default="96M", help="budget of the whole process (96M)")
    add("--workers", metavar="N", type=_workers, help="threads (one for each processor); changes no report")
    add("--no-color", action="store_true", help="no colours; the variable NO_COLOR does the same")
    add("--log-level", choices=LEVELS, default="warning", help="debug shows the memory in use at each stage")
    return parser


def _size(text: str) -> int:
    matched = SIZE.fullmatch(text.strip())
    if matched is None:
        raise argparse.ArgumentTypeError(f"{text} is no size, as 8M or 64KiB are")
    number, unit, suffix = matched.groups(default="")
    step = 1000 if suffix.upper() == "B" else 1024
    return int(number) * int(step ** " KMGT".index(unit.upper() or " "))


def _workers(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) < 5 and 1 <= int(text) <= MOST_WORKERS:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text} is not a number from 1 to {MOST_WORKERS}")


def _scan(options: argparse.Namespace) -> int:
    options.digest = _names(options.digest)
    options.fail_on = _names(options.fail_on)
    if strange := set(options.fail_on) - set(VERDICTS):
        raise Failed(f"--fail-on {min(strange)}: not one of {', '.join(VERDICTS)}")
    _guard_inputs(options)
    _set_up_log(options.log_level)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    codes, shown, number = {DONE}, 0, len(options.paths)
    with outlet(options.json) as json_out:
        for position, path in enumerate(options.paths, 1):
            report = _report(path, f"[{position}/{number}] {path}" if number > 1 else path, options)
            if report is None:
                codes.add(ERROR)
                continue
            if json_out is not None:
                json_out.write("" if number == 1 else ",\n" if shown else "[\n")
                report.write_json(json_out)
                json_out.flush()
            if options.json != STDOUT:
                _show(report, options, first=not shown)
            codes.add(_code(report, options.fail_on))
            report.journal.close()
            shown += 1
        if not shown:
            raise SystemExit(ERROR)  # why was said already; no empty report takes the place of an old one
        if json_out is not None and number > 1:
            json_out.write("]\n")
    return min(codes, key=PRECEDENCE.index)


def _set_up_log(level: str) -> None:
    import logging  # noqa: PLC0415 - see the module's docstring

    from rorqual.render.terminal.log import SafeFormatter  # noqa: PLC0415

    handler = logging.StreamHandler()
    handler.setFormatter(SafeFormatter())
    logging.basicConfig(level=level.upper(), handlers=[handler])


def _names(values: list[str]) -> list[str]:
    return [name for value in values for name in value.split(",") if name]


def _report(path: str, label: str, options: argparse.Namespace) -> "Report | None":
    """The report on one source; None, and a message, where there is none."""
    from rorqual.run.local import scan  # noqa: PLC0415 - see the module's docstring

    try:
        with _progress(label, options) as progress:
            return scan(
                _source(path),
                name=os.fsencode(path).decode("utf-8", "backslashreplace"),
                digests=options.digest,
                chunk_size=options.chunk_size,
                workers=options.workers,
                memory=options.memory,
                progress=progress,
                extract=options.extract,
                neuter=options.neuter,
                passwords=options.password,
            )
    except OSError as error:
        _complain(f"{path}: {_why(error, path)}")
    except MemoryError:
        _complain(f"{path}: out of memory")
    except (ValueError, ImportError) as error:  # an option makes no sense, whatever the path
        raise Failed(str(error)) from error
    return None


def _source(path: str) -> str | BinaryIO:
    if path != STDIN:
        if os.path.isdir(path):
            raise IsADirectoryError(errno.EISDIR, "is a directory; name files, folders are not read", path)
        return path
    if sys.stdin is None:
        raise OSError(errno.EBADF, "standard input is closed")
    return sys.stdin.buffer


@contextlib.contextmanager
def _progress(label: str, options: argparse.Namespace) -> Iterator[Callable[[int, int | None], None] | None]:
    """What draws the progress on a terminal, and erases it at the end whatever comes."""
    terminal = sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
    if not terminal or options.log_level in ("debug", "info"):
        yield None
        return
    from rorqual.render.terminal.progress import Progress  # noqa: PLC0415 - see the module's docstring

    progress = Progress(sys.stderr, label)
    try:
        yield progress
    finally:
        progress.erase()


def _show(report: "Report", options: argparse.Namespace, *, first: bool) -> None:
    from rorqual.render.terminal.report import render  # noqa: PLC0415 - see the module's docstring

    with writing(STDOUT):
        out = standard_output()
        try:
            if not first:
                out.write("\n\n")
            render(report, out, color=False if options.no_color else None)
            out.flush()
        except BrokenPipeError:
            if options.json is None:
                raise
            mute()  # nobody reads on, but there is a file to be written


def _code(report: "Report", fail_on: list[str]) -> int:
    from rorqual.findings.bodies import Verdict  # noqa: PLC0415 - see the module's docstring

    if not report.complete:
        return INCOMPLETE
    kinds = (finding.body.kind for finding in report.verdicts if isinstance(finding.body, Verdict))
    return CONDITION if any(kind in fail_on for kind in kinds) else DONE


def _guard_inputs(options: argparse.Namespace) -> None:
    """No report is written over what is scanned, under whatever name."""
    targets = (1, *({options.json} - {None, STDOUT}))
    outputs = [(status.st_dev, status.st_ino) for target in targets if (status := _regular(target))]
    for path in options.paths:
        scanned = _regular(0 if path == STDIN else path)
        if scanned and (scanned.st_dev, scanned.st_ino) in outputs:
            raise Failed(f"{path}: would be overwritten by its own report")


def _regular(file: str | int) -> os.stat_result | None:
    with contextlib.suppress(OSError):
        status = os.stat(file)
        if stat.S_ISREG(status.st_mode):
            return status
    return None


def _why(error: OSError, path: str) -> str:
    """The error without the path that the message begins with."""
    words = error.strerror or str(error)
    return words if error.filename in (None, path) else f"{words}: {error.filename}"


def _complain(message: str) -> None:
    if sys.stderr is not None:
        with contextlib.suppress(OSError):
            print(f"rorqual: {safe(message)}", file=sys.stderr, flush=True)
