"""What became of a contest."""

from django.utils.translation import gettext_lazy as _

from cancellations.models import Contest
from foundation.text import Words

CONTEST_NEWS: dict[Contest.State, Words] = {
    Contest.State.OPEN: _("You said that this is not what happened. An administrator is looking at it."),
    Contest.State.UPHELD: _("You said that this was not what happened, and the reason was corrected."),
    Contest.State.REJECTED: _("You said that this is not what happened. It was checked, and the reason stands."),
}
