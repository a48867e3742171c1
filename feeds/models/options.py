"""What is said of orders beside what they say themselves, as a feed and a run keep it."""

from feeds.formats import Options
from feeds.zones import name_of, zone_of


class KeepsOptions:
    """A row with a seller's name, a currency and a time zone, each empty where nothing is said."""

    seller_name: str
    currency: str
    time_zone: str

    @property
    def options(self) -> Options:
        """What is said of its orders."""
        zone = zone_of(self.time_zone) if self.time_zone else None
        return Options(seller=self.seller_name, zone=zone, currency=self.currency)

    @options.setter
    def options(self, said: Options) -> None:
        self.seller_name, self.currency, self.time_zone = said.seller, said.currency, name_of(said.zone)
