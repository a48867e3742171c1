"""The form in which the words of an origin are compared."""

import unicodedata

MOST_CHARACTERS = 500


def alias_key(text: str) -> str:
    """Bring an origin's code or words into the form in which they are compared.

    Unicode NFC, without case, runs of white space as one blank, no full stop at the end, at most 500 characters.
    """
    folded = " ".join(unicodedata.normalize("NFC", text).casefold().split())
    return unicodedata.normalize("NFC", folded).rstrip(". ")[:MOST_CHARACTERS]
