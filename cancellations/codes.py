"""The codes of reasons that the program itself knows by name; all others are the catalogue's alone."""

# Nothing was said that is known, by whoever it was; and the buyer would rather not say.
NOT_STATED, NO_REASON_GIVEN = "not_stated", "no_reason_given"
UNSTATED = {NOT_STATED, NO_REASON_GIVEN}
# What is chosen where nothing on the list fits: each time it may be something else.
OTHER = {"buyer_other", "seller_other", "system_other"}
