"""The order export of Shopee's Seller Centre: one row per item, in the language of whoever exported it."""

from feeds.formats.shopee.export import ShopeeExport

FORMAT = ShopeeExport
