"""Telling pieces of programming languages and markup, each with what it is worth; a line break stands before what
must begin a line. The weights were set by hand and measured on the clean corpus with bench/filetypes.py."""

import functools
import sys
from collections.abc import Iterator
from typing import TypeAlias

WORDS: dict[str, tuple[tuple[int, tuple[str, ...]], ...]] = {
    "python": (
        (5, ("\nif __name__ ==", "\nfrom .", "\nexcept ImportError", "\nimport numpy", "\nimport matplotlib", "\nfrom typing import", "\nfrom __future__ import", "\n    def __init__(self", "\nasync def ")),
        (3, ("\ndef ", "    def ", "(self", "\n@pytest", "\nimport os\n", "\nimport sys\n", "\n# -*- coding:", "):\n    ")),
        (2, ("\nimport ", ' import (\n', '"""\n', "self.", "elif ", "\nexcept ", "    except ", " is None", "__all__ =")),
        (1, ("\nfrom ", "\nclass ", "None", "    raise ", "True", " not in ", "__")),
    ),
    "c": (
        (6, ("\n#include <", "\n#include \"")),
        (5, ( "typedef struct", "\nextern \"C\"", "#ifdef __cplusplus", "\n#ifndef _", "\nint main(")),
        (4, ("\n#define ", "\n#ifndef ", "\n#endif", "\ntypedef ", "\n#pragma", "\n# define ", "\n#if defined")),
        (2, ("\n#ifdef ", "\n#if ", "static ", "struct ", "unsigned ", "uint32_t", "size_t", "(void)", "NULL", "\nextern ")),
        (1, ("const char", "->", "*/\n", "sizeof", "\nint ", "\nvoid ")),
    ),
    "cpp": (
        (4, ("\nnamespace ", "template <", "template<", "std::", "\nusing namespace", "\npublic:", " public:", "\nprivate:")),
        (2, ("::", "virtual ", "\nclass ", "constexpr ", "operator", " override", "const std", "nullptr")),
    ),
    "javascript": (
        (6, ("'use strict'", '"use strict"', "module.exports", "\nexports.", "Object.defineProperty(", "console.log(")),
        (4, ("=function(", "= function(", "= function (", "document.", "addEventListener", "\nexport default ", ".prototype.")),
        (3, ("\nvar ", "\nconst ", "\nlet ", "function(", "function (", "\nexport ", "=> {", "require(", " === ", " !== ", "!function")),
        (2, ("typeof ", "undefined", "window.", "\nfunction ", " from '", ' from "', "this.", "=>", "return function", "  var ", "void 0")),
        (1, ("//", "null", "});", "/**", "\n * @", "var ", "return ")),
    ),
    "typescript": (
        (6, ("/// <reference", "export declare ", "\ndeclare ", "\nexport interface ", "\nexport type ", "\nimport type ")),
        (4, ("\ninterface ", ": string", ": number", ": boolean", ": void", "readonly ", ": unknown", ": any", " as const")),
        (2, ("?: ", "<T", "\ntype ", "\nexport enum ", "keyof ", "private ", " implements ")),
    ),
    "css": (
        (6, ("@media", "@font-face", "font-family:", "!important", ":hover", "-webkit-", "@keyframes", "\n@import url")),
        (3, ("px;", "margin:", "padding:", "color:", "display:", "px}", "rem;", "em;", "background:", "border:", "width:", "::before", "\n}\n.", "0;")),
        (1, (" {\n", "}\n.", "}\n#", ";\n}", "/*!")),
    ),
    "html": (
        (6, ("<html", "<body", "</html>", "<head>", "<!DOCTYPE html", "<!doctype html")),
        (3, ("<div", "</a>", "<script", "<meta ", "<link ", "<table", "</p>", "<p>", "</li>", "<br", "</h1>", "<template", "href=\"", "</span>", "<form", "<input", "<button", "<ul", "<img ")),
        (1, ("<!--", "</", "{% ", "class=\"")),
    ),
    "shell": (
        (5, ("\nset -e", "\nesac\n", "\nfi\n", "; then\n", "\ndone\n", "\n#!/bin/sh", "\n# shellcheck ")),
        (3, (" ;;\n", "if [ ", "[ -n ", "[ -z ", "[ -f ", "$(", "\nexport ", "if test ", "\ncase ", "; do\n", "\nlocal ", "[[ ")),
        (1, ("echo ", "${", "\"$", " && ", "\nexit ", " >&2")),
    ),
    "perl": (
        (6, ("\nuse strict;", "\nuse warnings", "\nmy $", "\nuse vars ", "\n=head1 ", "\nour $", "\n__END__", "\nuse utf8;")),
        (4, ("\nsub ", "\nreturn <<'END'", "\n=cut", "$self", "@_", "    my $", "    my (", "qw(", "\nour @", "\nrequire 5", "\n=pod", "\n1;\n", " =~ ")),
        (2, ("\npackage ", "\nuse ", "->{", "shift;", "$_", "\n# !!!!!!!")),
    ),
    "ruby": (
        (5, ("\nrequire '", "\nrequire_relative", " do |", "\nmodule ", "attr_accessor", "attr_reader", "# frozen_string_literal")),
        (2, ("\nend\n", "  end\n", "  def ", "unless ", ".each", "@", "\ndef ", " nil")),
    ),
    "lua": (
        (5, ("\nlocal function ", "\nlocal ", "local M = {}", "setmetatable(", " ~= nil", "require(\"")),
        (2, (" then\n", "\nend\n", "  end\n", "elseif ", "function ", " nil", "\n--", " .. ")),
    ),
    "tcl": (
        (6, ("\nproc ", "\npackage require ", "\nnamespace eval ", "\npackage provide ", "\npackage ifneeded ", "::tcl::")),
        (3, ("[list ", "$::", "[info ", "[file join", "\nset ", "    set ", "::msgcat::", "\nif {", "{$", "[lindex")),
    ),
    "java": (
        (6, ("\nimport java.", "\npublic class ", "public static void main", "\nimport javax.", "\npublic interface ", "@Override")),
        (3, ("private final ", "public final ", " throws ", "\npackage ", " extends ", "private static ", "String[]")),
    ),
    "csharp": (
        (6, ("\nusing System", "\nnamespace ", "{ get; set; }", "{ get; }", "[assembly:")),
        (3, ("public class ", "internal ", "private readonly ", "string.", "public override ")),
    ),
    "go": (
        (6, ("\nimport (\n", "err != nil", "\nfunc ", "\npackage main\n", "\n//go:")),
        (3, ("\npackage ", " := ", "fmt.", "chan ", "map[string]", "\ntype ")),
    ),
    "rust": (
        (6, ("\nuse std::", "\nuse crate::", "pub fn ", "let mut ", "#[derive(", "\nimpl ", "#![", "\npub struct ", "\nfn main()")),
        (3, ("\nfn ", "    fn ", "\nuse ", "&mut ", "&self", "-> ", "\nmod ", "\n//! ", "\n/// ", "Some(", "match ")),
    ),
    "sql": (
        (8, ("\nCREATE TABLE ", "\nINSERT INTO ", "\ncreate table ", "\ninsert into ", "\nALTER TABLE ", "\nDROP TABLE ", "\nPRAGMA ")),
        (5, ("\nSELECT ", "\nselect ", "\nCREATE INDEX", "\nBEGIN TRANSACTION", "PRIMARY KEY", "\nUPDATE ")),
    ),
    "makefile": (
        (6, ("\n.PHONY", "$(MAKE)", "$(CC)", "\nall:", "\nclean:", "\ninclude $(", "\nifeq (", "\n\t@", "\nSRCS", "$(CFLAGS)")),
        (2, ("\n\t$(", " := ", "$@", "$<", "\ninstall:")),
    ),
    "cmake": (
        (6, ("\ncmake_minimum_required", "\nadd_library(", "\nadd_executable(", "\nfind_package(", "\ntarget_link_libraries", "\nset_target_properties(")),
        (3, ("\nset(", "\nif(", "\nendif(", "\ninclude(", "  set(", "${CMAKE_", "\nproject(")),
    ),
    "asm": (
        (6, ("\n\t.globl", "\n.globl", "\n\t.section", "\nsection .text", "\n\t.text", "\nglobal _", "\n.text", "\n\t.align")),
        (3, ("%eax", "%rax", "\tmov", "\tpush", "\tret", " PROC", "\n\t.type")),
    ),
    "powershell": (
        (6, ("Write-Host", "$PSScriptRoot", "[CmdletBinding", "-ErrorAction", "\n<#", "Write-Output", "$env:", "New-Object", "[Parameter")),
        (3, ("\nparam(", "\nparam (", "Get-", "Set-", "-eq ", "\nfunction ", "$true")),
    ),
    "batch": ((6, ("\n@echo off", "\n@ECHO OFF", "\nsetlocal", "\nREM ", "%~dp0", "\nrem ", "\ngoto ", "%ERRORLEVEL%")),),
    "vbscript": ((5, ("CreateObject(", "\nOption Explicit", "\nDim ", "\nEnd Sub", "\nEnd Function", "\nAttribute VB_", "WScript.")),),
    "fortran": ((6, ("implicit none", "IMPLICIT NONE", "end subroutine", "\n      SUBROUTINE ", "\n      INTEGER ", "\nc     ", "END SUBROUTINE", "\n      subroutine ")),),
    "lisp": ((6, ("\n(defun ", "\n(defvar ", "\n(define ", "(setq ", "\n(require '", "\n(provide '", "\n(defmacro ", "-*- lexical-binding")),),
    "markdown": (
        (5, ("\n```", "[![", "](http", "](./", "](#", "\n| --", "\n|--", "](docs/")),
        (3, ("\n## ", "\n### ", "](", "\n> ")),
        (1, ("\n# ", "**", "\n- ", "\n* ", "`", "\n  - ", "<!--", "\n1. ", "\n----", "\n====")),
    ),
    "rst": (
        (7, ("\n.. code", "\n.. toctree::", "\n.. _", "\n.. note::", ":ref:`", ":class:`", ":mod:`", ":func:`", "\n.. image::", "\n.. include::", "\n.. c:", "\n.. auto", "\n.. module::", "\n.. highlight", "\n.. current", "\n.. contents", "\n.. warning::", "\n.. versionadded", "\n.. list-table", "\n.. raw::", "\n.. meta::")),
        (5, ("`_", "\n~~~~", "\n****", "\n.. ", "::\n\n", "``", ":doc:`", "\n^^^^", "\n####")),
        (3, ("\n====",)),
        (2, ("\n----", ":meth:`", "\n:", "\n* ", "\n#. ")),
    ),
    "tex": (
        (7, ("\\documentclass", "\\usepackage", "\\newcommand", "\\ProvidesPackage", "\\def\\", "\\begin{", "\\section", "\\RequirePackage", "\\let\\", "\\chapter")),
        (3, ("\\end{", "\\input", "\\item", "\\textbf", "\n%%", "\\catcode", "\\expandafter", "\\emph{", "\n% ")),
    ),
    "bibtex": ((8, ("\n@article{", "\n@book{", "\n@inproceedings{", "\n@misc{", "\n@Article{", "\n@Book{")),),
    "troff": ((6, ("\n.SH ", "\n.TH ", "\n.PP\n", "\n.TP\n", "\n.\\\"", "\n.Sh ", "\n.IP ", "\n.de ")),),
    "diff": ((8, ("\ndiff --git ", "\n--- a/", "\n+++ b/", "\n@@ -")),),
    "xml": ((4, ("xmlns=\"", "xmlns:", "<?xml ")),),
}  # fmt: skip


Says: TypeAlias = tuple[tuple[str, int], ...]
KEY = 4  # bytes


@functools.cache
def pieces() -> tuple[dict[int, tuple[tuple[bytes, Says], ...]], tuple[tuple[bytes, Says], ...]]:
    """Each piece once with what it says: the long ones by the number that their first bytes make, and the short."""
    says: dict[bytes, list[tuple[str, int]]] = {}
    for kind, levels in WORDS.items():
        for weight, words in levels:
            for word in words:
                says.setdefault(word.encode(), []).append((kind, weight))
    keyed: dict[int, list[tuple[bytes, Says]]] = {}
    short = []
    for word, kinds in says.items():
        if len(word) < KEY:
            short.append((word, tuple(kinds)))
        else:
            keyed.setdefault(int.from_bytes(word[:KEY], sys.byteorder), []).append((word, tuple(kinds)))
    return {key: tuple(words) for key, words in keyed.items()}, tuple(short)


def spoken(data: bytes) -> Iterator[tuple[int, Says]]:
    """How often each piece occurs that does, and what it says.

    Looking for each of the pieces would take milliseconds; so only those are looked for whose first four bytes are
    among all runs of four bytes of the data.
    """
    keyed, short = pieces()
    runs: set[int] = set()
    for start in range(KEY):
        runs.update(memoryview(data)[start : start + (len(data) - start) // KEY * KEY].cast("I"))
    for key in keyed.keys() & runs:
        for word, says in keyed[key]:
            if count := data.count(word):
                yield count, says
    for word, says in short:
        if count := data.count(word):
            yield count, says
