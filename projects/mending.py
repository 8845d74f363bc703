"""Who mends what was written: in place while its period is open, afterwards a manager, or a counter-row of today."""

from functools import cached_property

from accounts.permissions import Action, can, mending_action
from funding.models import Period
from khuyencong.frame_tags import build_url
from projects.models import Step

MONEY_ACTIONS = {
    Step.ADVANCED: Action.PAY,
    Step.PAID: Action.PAY,
    Step.RECOVERED: Action.PAY,
    Step.SETTLED: Action.SETTLE,
    Step.FUNDER_SETTLED: Action.SETTLE,
}


def writing_action(step):
    """What one must be allowed to write an entry of the step."""
    return MONEY_ACTIONS.get(Step(step), Action.ENTER_FACTS)


def adjustable_steps(user):
    """The steps of which ``user`` may write counter-rows: their own, and all for who mends closed periods."""
    return [step for step in Step if can(user, writing_action(step)) or can(user, Action.MEND_CLOSED)]


class Mending:
    """What ``user`` may mend. The closed periods are read once, and only if a day is asked about."""

    def __init__(self, user):
        self.user = user

    @cached_property
    def closed(self):
        return list(Period.objects.filter(closed_at__isnull=False).values_list("starts_on", "ends_on"))

    @cached_property
    def steps(self):
        return set(adjustable_steps(self.user))

    def is_closed(self, day):
        return any(first <= day <= last for first, last in self.closed)

    def may_edit(self, action, day):
        """Whether a fact of the day that ``action`` writes may be mended in place or taken out."""
        return can(self.user, mending_action(action, is_closed=self.is_closed(day)))

    def adjust_url(self, entry):
        """The form of a counter-row to this entry, if its period is closed and the person may write one; else ""."""
        if entry is None or not self.steps or entry.step not in self.steps or not self.is_closed(entry.on):
            return ""
        return adjust_url(entry)


def adjust_url(entry):
    return build_url("projects:correction_new", entry.line_id, buoc=entry.step, nguon=entry.source.code)
