"""Every format's own file is recognised, and by no other format."""

from pathlib import Path
from typing import Any

import pytest

from feeds.formats import Format, Options, formats
from feeds.json_formats import json_formats
from feeds.recognising import recognise
from feeds.refusals import FileRefused, RecordRefused
from tests import (
    test_format_aliexpress,
    test_format_amazon,
    test_format_ebay,
    test_format_mercadolibre,
    test_format_ondc,
    test_format_shopify,
    test_format_tiktok,
    test_format_tiktok_export,
    test_format_woocommerce,
)
from tests.documents import order_document
from tests.exports import ENGLISH, INDONESIAN, VIETNAMESE, write_csv, write_workbook
from tests.payloads import write_json, write_lines

PAYLOADS: dict[str, Any] = {
    "aliexpress": test_format_aliexpress.ORDER,
    "amazon": test_format_amazon.ORDER,
    "canonical": order_document().model_dump(mode="json"),
    "ebay": test_format_ebay.ORDER,
    "mercadolibre": test_format_mercadolibre.ORDER,
    "ondc": test_format_ondc.SAMPLE,
    "shopify": {"order": test_format_shopify.ORDER},
    "tiktok": {"data": {"orders": [test_format_tiktok.ORDER]}},
    "woocommerce": test_format_woocommerce.ORDER,
}


def test_every_format_that_reads_json_is_tried_here():
    assert set(PAYLOADS) == set(json_formats())


@pytest.mark.parametrize("name", PAYLOADS)
def test_json_is_recognised(tmp_path: Path, name: str) -> None:
    assert recognise(write_json(tmp_path / "one.json", PAYLOADS[name])) == name
    assert recognise(write_lines(tmp_path / "lines.jsonl.gz", [PAYLOADS[name], PAYLOADS[name]])) == name


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_payload_that_is_not_of_the_format_is_refused_in_sentences_with_fields(tmp_path: Path, name: str) -> None:
    form = formats()[name](Options(seller="Shop"))
    odd: list[Any] = [{}, {"orders": []}, 7, None, "text", [[]], {"order": 7}, {"id": {}, "number": [], "name": 1.5}]
    for payload in odd:
        for record in form.records(write_json(tmp_path / "odd.json", payload)):
            _refused(form, record)


def _refused(form: Format, record: Any) -> None:

    with pytest.raises(RecordRefused) as caught:
        form.document([record])
    assert all(fault.field and fault.sentence.endswith(".") for fault in caught.value.faults)


@pytest.mark.parametrize("row", [VIETNAMESE, ENGLISH, INDONESIAN])
def test_shopees_exports_are_recognised_in_their_languages(tmp_path: Path, row: dict[str, str]) -> None:
    assert recognise(write_csv(tmp_path / "orders.csv", [row])) == "shopee"
    assert recognise(write_workbook(tmp_path / "orders.xlsx", [row])) == "shopee"


def test_tiktoks_export_is_recognised_though_it_has_what_shopees_needs(tmp_path: Path) -> None:
    assert recognise(write_csv(tmp_path / "orders.csv", [test_format_tiktok_export.ROW])) == "tiktok-export"


def test_a_file_that_may_be_of_two_formats_is_asked_about(tmp_path: Path) -> None:
    both = {**PAYLOADS["woocommerce"], **test_format_shopify.ORDER}
    with pytest.raises(FileRefused, match="It may be shopify or woocommerce: say which with --format"):
        recognise(write_json(tmp_path / "both.json", both))


def test_a_file_that_is_not_there_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="It cannot be opened: No such file"):
        recognise(tmp_path / "none.json")
