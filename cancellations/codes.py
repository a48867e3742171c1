"""The codes of reasons: what one looks like, and those that the program itself knows by name."""

CODE_FORM = "[a-z][a-z0-9_]{1,39}"

# Nothing was said that is known, by whoever it was; and the buyer would rather not say.
NOT_STATED, NO_REASON_GIVEN = "not_stated", "no_reason_given"
UNSTATED = {NOT_STATED, NO_REASON_GIVEN}
# What is chosen where nothing on the list fits: each time it may be something else.
OTHER = {"buyer_other", "seller_other", "system_other"}
# Given by the seller for what is the buyer's wish.
BUYER_ASKED = "buyer_asked"
# Each says itself at whose wish it was, as the word of whoever gives it.
WISHES = {BUYER_ASKED: "buyer", "seller_asked_me": "seller"}
# Split or merged orders live on under other numbers.
REPLACED = "order_replaced"
# The buyer got no answer.
UNANSWERED = ("seller_unresponsive", "seller_did_not_respond")
# Their very meaning is that no money came.
UNPAID = {"payment_not_received", "payment_failed"}
