"""What the database itself refuses about the summary."""

from functools import partial

import pytest

from tests.constraints import Case
from tests.factories import CursorFactory, SellerDayFactory, SellerShippingFactory

pytestmark = pytest.mark.django_db

CASES = [
    Case("a second cursor", "insights_cursor_only_one", CursorFactory, {"id": 2}),
    Case("the same reason of a day twice", "insights_sellerday_once", partial(SellerDayFactory, cancelled=True)),
    Case("what was not cancelled twice", "insights_sellerday_uncancelled_once", SellerDayFactory),
    Case(
        "a source that nobody is",
        "insights_sellerday_source",
        partial(SellerDayFactory, cancelled=True),
        {"source": "nobody"},
    ),
    Case(
        "a source without a reason", "insights_sellerday_source_with_a_reason", SellerDayFactory, {"source": "seller"}
    ),
    Case(
        "a reason without a source",
        "insights_sellerday_source_with_a_reason",
        partial(SellerDayFactory, cancelled=True),
        {"source": ""},
    ),
    Case("more days than are told apart", "insights_sellershipping_took", SellerShippingFactory, {"took": 61}),
    Case("more days too late than are told apart", "insights_sellershipping_late", SellerShippingFactory, {"late": 61}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_it_refuses(case: Case) -> None:
    case.attempt()
