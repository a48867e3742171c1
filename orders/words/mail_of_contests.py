"""What mails say of a reason that the buyer contested."""

from django.utils.translation import gettext_lazy as _

from orders.models import Event
from orders.words.mail import LetterWords

Kind = Event.Kind

CHECKED: dict[str, LetterWords] = {
    Kind.CONTEST_UPHELD: LetterWords(
        subject=(
            _("The reason why your order {number} was cancelled has been corrected"),
            _("The reason why part of your order {number} was cancelled has been corrected"),
        ),
        opening=(_("You said that this was not what happened, and the reason was corrected. It now reads:"),) * 2,
    ),
    Kind.CONTEST_REJECTED: LetterWords(
        subject=(
            _("The reason why your order {number} was cancelled was checked, and stands"),
            _("The reason why part of your order {number} was cancelled was checked, and stands"),
        ),
        opening=(_("You said that this is not what happened. It was checked, and the reason stands:"),) * 2,
    ),
}
ANSWER = _("The marketplace's answer")
