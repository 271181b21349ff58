"""Every analyzer has its corpus, every case its expected report, every report the published form."""

import json
from collections import Counter

import jsonschema
import pytest

import rorqual
from rorqual.engine.plan import installed
from rorqual.findings import schema
from scripts import write_schema
from tests.cases import CORPUS, Case, cases, golden, text, usual

OF_A_KIND = 3  # findings that are validated of each report


def test_every_analyzer_has_a_corpus() -> None:
    without = [one.name for one in installed() if not any(case.analyzer == one.name for case in cases())]
    assert without == [], f"no tests/corpus/<analyzer>/<case> for {without}"


def test_every_corpus_has_its_analyzer() -> None:
    names = {one.name for one in installed()}
    assert {path.name for path in CORPUS.iterdir() if path.is_dir()} <= names | {"engine"}


def test_published_schema_is_that_of_the_records() -> None:
    assert write_schema.TARGET.read_text(encoding="utf-8") == write_schema.text(), "run `make schema`"


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    jsonschema.Draft202012Validator.check_schema(schema.load())
    return jsonschema.Draft202012Validator(schema.load())


@pytest.mark.parametrize("case", cases(), ids=str)
def test_case_gives_what_is_expected_in_the_published_form(
    case: Case, validator: jsonschema.Draft202012Validator
) -> None:
    assert case.expected.exists(), f"{case}: run `make golden` and review what it writes"
    assert text(golden(case)) == case.expected.read_text(encoding="utf-8")
    report = {**usual(case), "run": {}}
    kinds: Counter[str] = Counter()
    few = []
    for finding in report["findings"]:  # all of one kind are held to one schema
        kinds[finding["kind"]] += 1
        if kinds[finding["kind"]] <= OF_A_KIND:
            few.append(finding)
    validator.validate({**report, "findings": few})


def test_schema_refuses_what_is_wrong(validator: jsonschema.Draft202012Validator) -> None:
    report = json.loads(rorqual.scan(b"anything").to_json())
    report["complete"] = "yes"
    assert not validator.is_valid(report)
    report = json.loads(rorqual.scan(b"anything").to_json())
    report["findings"][0]["offset"] = -1
    assert not validator.is_valid(report)
    report = json.loads(rorqual.scan(b"anything").to_json())
    kind = report["findings"][0]["kind"]
    del report["findings"][0][kind]
    assert not validator.is_valid(report)
