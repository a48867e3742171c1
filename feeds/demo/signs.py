"""What the terminal says about the demo."""

from collections import Counter

from django.utils import timezone

from feeds.demo import people
from feeds.demo.files import shops
from feeds.demo.loading import ORIGIN, SECRET, demo_clock
from foundation.moments import plain_day
from orders.recording import What

SUMMARY = "The demo: {orders:,} orders at {shops} sellers; {new:,} new, {changed:,} changed, {unchanged:,} unchanged."
SIGN_INS = """\
Everybody's password is {password}
  a buyer           {buyer}     start here: sixty orders, every kind of ending
  a seller          {seller}    acts for {shop}
  an administrator  {admin}     looks after it all at /admin/
                    second step, each good once: {codes}
                    or an authenticator app with the key {key}
  a busy buyer      {office}  2,000 orders
  a back end        signs for the feed {feed} with {secret}  (docs/feeds.md)"""
AGED = """
The demo tells of {day}, when it was first loaded. Delete its database to begin again from today."""


def summary(found: Counter[What]) -> str:
    """Say what loading did."""
    counts = {what.value: found[what] for what in What}
    return SUMMARY.format(orders=found.total(), shops=len(shops()), **counts)


def sign_ins() -> str:
    """Say how to sign in, with codes for the administrator's second step."""
    told = SIGN_INS.format(
        password=people.PASSWORD,
        buyer=people.BUYER.email,
        seller=people.SELLER.email,
        shop=people.SHOP_OF_THE_SELLER,
        admin=people.ADMINISTRATOR.email,
        codes=" ".join(people.fresh_codes()),
        key=people.APP_KEY,
        office=people.OFFICE.email,
        feed=ORIGIN,
        secret=SECRET,
    )
    day = timezone.localdate(demo_clock().now)
    return told if day == timezone.localdate() else told + AGED.format(day=plain_day(day))
