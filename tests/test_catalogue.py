"""The catalogue that comes with Candor: what is in it, and what loading it does and leaves alone."""

import csv
import re
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from cancellations.aliases import alias_key
from cancellations.catalogue_files import FOLDER, CatalogueError, ReasonEntry, read_catalogue
from cancellations.curating import add_wording
from cancellations.loading import Loaded, load_catalogue
from cancellations.management.commands.alias_table import PLACE, table
from cancellations.mapping import ReasonBook
from cancellations.models import Alias, Reason, RefundTime, Wording
from cancellations.placeholders import fill

CATALOGUE = read_catalogue()
BANNED = re.compile(r"unfortunately|please note|\bsorry\b|canceled|canceling|refund|charge", re.IGNORECASE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the catalogue that a test may change."""
    return Path(shutil.copytree(FOLDER, tmp_path / "catalogue"))


def change(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.django_db
def test_it_holds_every_reason_with_a_first_english_wording() -> None:
    assert Reason.objects.count() == 39
    assert Wording.objects.filter(version=1, language="en", created_by=None).count() == 39
    assert Alias.objects.count() == len(CATALOGUE.aliases)
    assert RefundTime.objects.count() == 5


@pytest.mark.django_db
def test_it_lists_reasons_in_the_order_of_the_file() -> None:
    assert list(Reason.objects.values_list("code", flat=True)) == [entry.code for entry in CATALOGUE.reasons]


@pytest.mark.django_db
def test_it_keeps_aliases_in_the_form_in_which_they_are_compared() -> None:
    assert all(alias.text == alias_key(alias.text) for alias in Alias.objects.all())


@pytest.mark.parametrize("entry", CATALOGUE.reasons, ids=lambda entry: entry.code)
def test_its_words_keep_the_copy_rules(entry: ReasonEntry) -> None:
    for text in entry.en.model_dump().values():
        assert not BANNED.search(text)
        assert len(re.findall(r"[.?!](?= |$)", text)) <= 2
        assert text == " ".join(text.split())


@pytest.mark.parametrize("entry", CATALOGUE.reasons, ids=lambda entry: entry.code)
@pytest.mark.parametrize("facts", [{}, {"carrier": "J&T Express", "seller": "Minh Long", "ship_by": "12 November"}])
def test_its_texts_are_sentences_with_and_without_the_facts(entry: ReasonEntry, facts: dict[str, str]) -> None:
    without_advice = {"prevention"} if entry.code == "no_reason_given" else set()
    for text in entry.en.model_dump(exclude={"label", *without_advice}).values():
        assert re.fullmatch(r"[A-Z][^{}\[\]]*[.?]", fill(text, facts))


@pytest.mark.django_db
def test_loading_it_again_changes_nothing_in_few_statements() -> None:
    with CaptureQueriesContext(connection) as statements:
        assert load_catalogue() == Loaded(reasons=0, wordings=0, aliases=0, refund_times=0)
    asked = [one["sql"] for one in statements if "SAVEPOINT" not in one["sql"] and "pg_advisory" not in one["sql"]]
    assert len(asked) == 5


@pytest.mark.django_db
def test_it_brings_back_what_is_missing() -> None:
    Alias.objects.filter(text="hết hàng").delete()
    Reason.objects.filter(code="customs_stopped").delete()
    RefundTime.objects.filter(method="wallet").delete()
    assert load_catalogue() == Loaded(reasons=1, wordings=len(settings.LANGUAGES), aliases=1, refund_times=1)
    assert Alias.objects.get(text="hết hàng").reason.code == "out_of_stock"


@pytest.mark.django_db
def test_it_leaves_what_an_administrator_changed(folder: Path, admin: User) -> None:
    reason = Reason.objects.get(code="out_of_stock")
    add_wording(reason, language="en", by=admin, **{**reason.wordings.get(language="en").texts, "label": "sold out"})
    Reason.objects.filter(code="out_of_stock").update(responsible="marketplace", position=7)
    Alias.objects.filter(text="hết hàng").update(reason=Reason.objects.get(code="seller_other"))
    RefundTime.objects.filter(method="card").update(working_days=12)
    change(folder, "reasons.toml", 'label = "out of stock"', 'label = "none left"')
    assert load_catalogue(folder) == Loaded(reasons=0, wordings=0, aliases=0, refund_times=0)
    reason.refresh_from_db()
    assert (reason.responsible, reason.position) == ("marketplace", 7)
    assert Alias.objects.get(text="hết hàng").reason.code == "seller_other"
    assert RefundTime.objects.get(method="card").working_days == 12


@pytest.mark.django_db
def test_a_newer_text_of_ours_becomes_a_version_where_nobody_else_wrote(folder: Path) -> None:
    change(folder, "reasons.toml", 'label = "out of stock"', 'label = "none left"')
    assert load_catalogue(folder).wordings == 1
    written = Reason.objects.get(code="out_of_stock").wordings.filter(language="en").order_by("version")
    assert [wording.label for wording in written] == ["out of stock", "none left"]
    assert load_catalogue(folder).wordings == 0


@pytest.mark.django_db
def test_an_administrators_words_outlive_their_account(admin: User) -> None:
    reason = Reason.objects.get(code="out_of_stock")
    add_wording(reason, language="en", by=admin, **{**reason.wordings.get(language="en").texts, "label": "sold out"})
    admin.delete()
    assert load_catalogue().wordings == 0


@pytest.mark.django_db
def test_a_new_language_gets_the_next_version(folder: Path) -> None:
    texts = "".join(f'{field} = "in italiano"\n' for field in Wording.TEXTS)
    (folder / "wordings/it.toml").write_text(f"[changed_mind]\n{texts}", encoding="utf-8")
    assert load_catalogue(folder).wordings == 1
    italian = Wording.objects.get(language="it")
    assert (italian.reason.code, italian.version) == ("changed_mind", len(settings.LANGUAGES) + 1)


@pytest.mark.django_db
def test_an_alias_waits_while_the_reason_may_not_be_given_by_its_source() -> None:
    Alias.objects.filter(text="hết hàng").delete()
    Reason.objects.filter(code="out_of_stock").update(by_seller=False, by_system=True)
    assert load_catalogue().aliases == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    [
        ("reasons.toml", 'code = "changed_mind"', 'code = ', "reasons.toml: Invalid value"),
        ("reasons.toml", 'responsible = "buyer"', 'responsible = "byer"', "reason 0, responsible: Input should be"),
        ("reasons.toml", 'given_by = ["buyer"]', "given_by = []", "reasons.toml: reason 0, given_by: Set should"),
        ("reasons.toml", '"ordered_by_mistake"', '"changed_mind"', "the code changed_mind is there twice."),
        ("reasons.toml", "You changed your mind.", "You and {child}.", "en, headline: {child} is not known"),
        ("reasons.toml", '"changed mind"', f'"{"long " * 9}"', "en, label: Ensure this value has at most 40"),
        ("wordings/de.toml", "[changed_mind]", "[changed_minds]", "there is no reason changed_minds."),
        ("aliases.toml", '"changed_mind"', '"changed_minds"', "names the reason changed_minds, which does not exist."),
        ("aliases.toml", '"changed_mind"', '"out_of_stock"', "the buyer may not give out_of_stock."),
        ("aliases.toml", "Thay đổi đơn hàng", "tìm thấy giá rẻ HƠN ở chỗ khác.", "by the buyer, is there twice."),
        ("refund_times.toml", "card = 5", "cheque = 5", "refund_times.toml: working_days cheque"),
    ],
)  # fmt: skip
def test_a_broken_file_is_refused_in_a_sentence(folder: Path, file: str, old: str, new: str, sentence: str) -> None:
    change(folder, file, old, new)
    with pytest.raises(CatalogueError, match=re.escape(sentence)):
        load_catalogue(folder)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=re.escape("reasons.toml")):
        read_catalogue(tmp_path)


@pytest.mark.django_db
def test_the_command_says_what_it_added(capsys: pytest.CaptureFixture[str]) -> None:
    Alias.objects.filter(text="hết hàng").delete()
    call_command("load_catalogue")
    assert capsys.readouterr().out == "Added to the catalogue: reasons 0, wordings 0, aliases 1, refund times 0.\n"


@pytest.mark.django_db
def test_the_command_loads_another_folder_or_says_what_is_wrong_with_it(folder: Path) -> None:
    change(folder, "aliases.toml", "Hết hàng", "Hết sạch hàng")
    call_command("load_catalogue", "--folder", str(folder))
    assert Alias.objects.get(text="hết sạch hàng").reason.code == "out_of_stock"
    change(folder, "aliases.toml", '"changed_mind"', '"changed_minds"')
    with pytest.raises(CommandError, match="names the reason changed_minds, which does not exist"):
        call_command("load_catalogue", "--folder", str(folder))


def test_the_published_table_of_aliases_is_that_of_the_catalogue() -> None:
    assert PLACE.read_text(encoding="utf-8") == table(), "run manage.py alias_table"
    assert table().count("` |\n") == len(CATALOGUE.aliases)


def test_what_is_left_open_is_published_and_has_no_alias() -> None:
    known = {entry.key for entry in CATALOGUE.aliases}
    left = [(one.origin, one.source, alias_key(text)) for one in CATALOGUE.left_open for text in one.texts]
    assert left
    assert known.isdisjoint(left)
    assert "| ebay | seller | ADDRESS_ISSUES, AddressIssues |" in table()


def test_every_code_of_ondcs_list_is_an_alias_or_left_open(data_dir: Path) -> None:
    files = sorted(data_dir.glob("**/ondc_codes.csv"))
    if not files:
        pytest.skip("ONDC's list of codes is not here: it is kept beside the repository, in ../shared/data.")
    listed = {
        row["code"]
        for path in files
        for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines())
        if row["set"].startswith("cancellation_codes")
    }
    mapped = {entry.text for entry in CATALOGUE.aliases if entry.origin == "ondc"}
    left = {text for one in CATALOGUE.left_open if one.origin == "ondc" for text in one.texts}
    assert len(listed) > 20
    assert listed | {"004"} == mapped | left  # 004 is of an older list, and of the network's own sample


EBAY = (  # CancelReasonEnum of the Post-Order API, and CancelReasonCodeType of the Trading API, without UNKNOWN
    "ADDRESS_ISSUES BUYER_ASKED_CANCEL BUYER_CANCEL_OR_ADDRESS_ISSUE FOUND_CHEAPER_PRICE ORDER_MISTAKE ORDER_UNPAID "
    "OTHER OUT_OF_STOCK_OR_CANNOT_FULFILL PRICE_TOO_HIGH WONT_ARRIVE_IN_TIME WRONG_PAYMENT_METHOD "
    "WRONG_SHIPPING_ADDRESS WRONG_SHIPPING_METHOD AddressIssues BuyerCancelOrder FoundCheaperPrice "
    "OrderPlacedByMistake OutOfStock OutOfStockOrCannotFulfill PriceTooHigh WontArriveInTime"
)


def test_every_code_of_ebays_lists_is_an_alias_or_left_open() -> None:
    mapped = {entry.text for entry in CATALOGUE.aliases if entry.origin == "ebay"}
    left = {text for one in CATALOGUE.left_open if one.origin == "ebay" for text in one.texts}
    assert set(EBAY.split()) <= mapped | left


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("origin", "source", "text", "code"),
    [
        ("ebay", "buyer", "WRONG_PAYMENT_METHOD", "change_payment"),
        ("ebay", "buyer", "WRONG_SHIPPING_ADDRESS", "change_address"),
        ("mercadolibre", "system", "pack_splitted", "order_replaced"),
        ("mercadolibre", "seller", "feedback_out_of_stock", "out_of_stock"),
        ("mercadolibre", "system", "shipment_not_delivered", "delivery_failed"),
        ("mercadolibre", "system", "fraud", "risk_check"),
        ("mercadolibre", "system", "mediations", "marketplace_decision"),
        ("mercadolibre", "buyer", "buyer_cancel_express", "not_stated"),
        ("aliexpress", "buyer", "buyer_cancel_notpay_order", "not_stated"),
        ("aliexpress", "unknown", "cancel_order_close_trade", "not_stated"),
    ],
)
def test_codes_of_marketplaces_are_understood_and_do_not_queue(origin: str, source: str, text: str, code: str) -> None:
    understood = ReasonBook.load(origin).understand(source, raw=text)
    assert (understood.reason.code, understood.is_understood) == (code, True)
    assert not ReasonBook.load(origin).understand("seller" if source != "seller" else "buyer", raw=text).is_understood


def test_a_folder_that_leaves_nothing_open_can_be_read(folder: Path) -> None:
    path = folder / "aliases.toml"
    path.write_text(path.read_text(encoding="utf-8").partition("[[left_open]]")[0], encoding="utf-8")
    assert read_catalogue(folder).left_open == []
