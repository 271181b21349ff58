"""Text that declares what it is: a shebang, an XML declaration, a doctype, a BEGIN line, a fixed first line.

What only looks like a kind is left to type_habits. Deliberately no parsing: a head is no document.
"""

import re

from rorqual.analyzers.formats.type_habits import looks_like
from rorqual.analyzers.formats.type_head import Guess

SHEBANG = re.compile(r"#!\s*(?:\S*/)?(?:env\s+(?:-\S+\s+)*(?:\w+=\S*\s+)*(?:\S*/)?)?([\w.+-]+)")
INTERPRETERS = (
    ("sh", "shell"), ("bash", "shell"), ("dash", "shell"), ("zsh", "shell"), ("ksh", "shell"),
    ("ash", "shell"),
    ("fish", "shell"), ("csh", "shell"), ("tcsh", "shell"), ("bats", "shell"), ("busybox", "shell"),
    ("python", "python"), ("pypy", "python"), ("uv", "python"), ("perl", "perl"), ("ruby", "ruby"),
    ("php", "php"),
    ("nodejs", "nodejs"), ("node", "nodejs"), ("deno", "typescript"), ("bun", "nodejs"), ("luajit", "lua"),
    ("lua", "lua"),
    ("tclsh", "tcl"), ("wish", "tcl"), ("expect", "tcl"), ("gawk", "awk"), ("mawk", "awk"), ("awk", "awk"),
    ("make", "makefile"), ("pwsh", "powershell"), ("emacs", "lisp"), ("guile", "lisp"), ("sbcl", "lisp"),
)  # fmt: skip

# What a text may start with, white space before it aside; lower case here, compared without case.
STARTS = (
    ("<!doctype html", "html"), ("<html", "html"), ("<!doctype svg", "svg"), ("<svg", "svg"),
    ("<head>", "html"),
    ("<!doctype", "xml"), ("%!ps-adobefont", "pfa"), ("%!fonttype1", "pfa"), ("%!", "postscript"),
    ("{\\rtf", "rtf"),
    ("-----begin pgp", "pgparmor"), ("ssh-rsa aaaa", "sshkey"), ("ssh-ed25519 aaaa", "sshkey"),
    ("ecdsa-sha2-", "sshkey"), ("startfontmetrics", "afm"), ("startfont 2", "bdf"), ("<?php", "php"),
    ("begin:vcard", "vcard"), ("begin:vcalendar", "icalendar"), ("webvtt", "vtt"), ("#extm3u", "m3u"),
    ("windows registry editor", "reg"), ("regedit4", "reg"), ("/* xpm */", "xpm"), ("diff --git ", "diff"),
    ("@echo off", "batch"), ("[desktop entry]", "desktop"), ("\\input texinfo", "texinfo"),
    ("%yaml ", "yaml"), ("# disk descriptorfile", "vmdk"), ("cmake_minimum_required", "cmake"),
    ("@charset \"", "css"),
    ("@article{", "bibtex"), ("@book{", "bibtex"), ("'use strict'", "javascript"),
    ('"use strict"', "javascript"), ("/* gnu ld script", "ldscript"), ("output_format(", "ldscript"),
    ("input(", "ldscript"), ("group ( /", "ldscript"),
)  # fmt: skip

# The same as patterns at the start of the text.
PATTERNS = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"#define \w+_width \d+\s+#define \w+_height \d+", "xbm"),
        (
            r"(?:/\*(?:[^*]|\*(?!/))*+\*/\s*)?(?:static )?(?:const )?char ?\* ?"
            r"(?:const )?\w+\[\] ?= ?\{\s*(?:/\*[^*]*+\*/\s*)?\"\d+ \d+ \d+ \d+",
            "xpm",
        ),
        (r"(?:Index: \S+\n=+\n)?--- \S[^\n]*\n\+\+\+ \S", "diff"),
        (r"\*\*\* \S[^\n]*\n--- \S[^\n]*\n\*{10}", "diff"),
        (r"begin [0-7]{3,4} \S", "uuencode"),
        (r"(?::[0-9A-Fa-f]{10,74}\r?\n){2}", "ihex"),
        (r"S0[0-9A-Fa-f]{8,74}\r?\nS[1235]", "srec"),
        (r"solid [^\n]*\n\s*facet normal", "stl"),
        (r"(?:999\n[^\n]*\n)*\s*0\s+SECTION\s+2\s", "dxf"),
        (r"(?:#[^\n]*\n|\s)*msgid \"", "po"),
        (r"\.\\\"|\.TH |\.Dd |'\\\" ", "troff"),
        (r"(?:strict )?(?:di)?graph [\w\"]* ?\{", "graphviz"),
        (r"From \S+ +(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ", "mbox"),
        (r"1\n\d\d:\d\d:\d\d,\d{3} --> ", "srt"),
        (
            r"(?:(?:#|//)[^\n]*\n|\s)*(?:import \"\w+\"\s+)*(?:private |global )*"
            r"rule \w+[^{]{0,80}\{\s*(?:meta|strings|condition):",
            "yara",
        ),
        (r"(?:#[^\n]*\n|\s)*FROM [\w./:@-]+(?: AS \w+)?\n+(?:[A-Z]+ |#)", "dockerfile"),
        (r"(?:;[^\n]*\n|\s)*\[[Vv]ersion\]\s+(?:[^\n]*\n){0,4}?\s*[Ss]ignature\s*=", "inf"),
        (
            r"---\n(?:[^\n-][^\n]*\n|-(?!--\n)[^\n]*\n|\n)*+---\s+(?![\w.\"'-]+:(?:\s|$)|- |#[^#\n]*\n[\w-]+:)"
            r"\S",
            "markdown",
        ),
        (r"(?:#[^\n]*\n|\s)*+#\[=*\[\.rst:", "cmake"),
        (r"---(?: #[^\n]*)?\n\s*(?:#[^\n]*\n)*(?:- )?[\w\"'.-]+:(?:\s|$)", "yaml"),
        (r"(?:/\*(?:[^*]|\*(?!/))*+\*/\s*)(?:INPUT|GROUP|OUTPUT_FORMAT|SECTIONS)\s?\(", "ldscript"),
        (r"\\(?:documentclass|NeedsTeXFormat|ProvidesPackage|begin\{document\})", "tex"),
    )
)
BEGIN = re.compile(r"^-----BEGIN [A-Z0-9 ]+-----$", re.MULTILINE)
MAIL = re.compile(
    r"(?:Received|Return-Path|From|To|Subject|Date|Message-I[Dd]|MIME-Version|Delivered-To|X-[\w-]+|Content-[\w-]+|Reply-To|Cc|Sender)"
    r": [^\n]*(?:\n[ \t][^\n]*)*\n"
)
PROLOGUE = re.compile(
    r"(?:\s++|<\?[^>]*+>|<!--(?:[^-]|-(?!->))*+-->|<!DOCTYPE[^>\[]*+(?:\[[^\]]*+\]\s*+)?>)*+<([\w:.-]+)"
)
ROOTS = {
    "svg": "svg", "html": "xhtml", "stylesheet": "xslt", "transform": "xslt", "rss": "rss", "feed": "atom",
    "plist": "plist", "kml": "kml",
}  # fmt: skip


def kind_of(text: str, *, whole: bool) -> Guess:
    """The kind of text; `whole` says that the head is all there is."""
    if text.startswith("#!"):
        return _script(text)
    start = text[:512].lstrip("\ufeff \t\n")
    lowered = start.lower()
    if lowered.startswith("<?xml"):
        return Guess(_root(text), "mark")
    for prefix, kind in STARTS:
        if lowered.startswith(prefix):
            return Guess(_root(text) if kind == "xml" else kind, "mark")
    body = text.lstrip()
    for pattern, kind in PATTERNS:
        if pattern.match(body):
            return Guess(kind, "mark")
    if "-----BEGIN " in text and BEGIN.search(text):
        return Guess("pem", "mark")
    mail = _mail(text)
    if mail is not None:
        return mail
    return looks_like(text, whole=whole) or Guess("text", "text")


def _script(text: str) -> Guess:
    found = SHEBANG.match(text)
    if found is not None:
        for name, kind in INTERPRETERS:
            if found[1].rstrip("0123456789.") == name or (len(name) > 3 and found[1].startswith(name)):
                return Guess(kind, "mark")
    return Guess("text", "mark")


def _root(text: str) -> str:
    found = PROLOGUE.match(text)
    return ROOTS.get(found[1].rpartition(":")[2].lower(), "xml") if found is not None else "xml"


def _mail(text: str) -> Guess | None:
    at = 0
    names: set[str] = set()
    while len(names) < 4 and (found := MAIL.match(text, at)) is not None:
        names.add(found[0].partition(":")[0].lower())
        at = found.end()
    if len(names) < 3 or not names & {"from", "received", "subject", "message-id", "mime-version"}:
        return None
    return Guess("mht" if "multipart/related" in text else "eml", "mark")
