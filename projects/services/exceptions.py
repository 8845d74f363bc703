"""What was entered although a rule warned: kept with its reason."""

from django.db import transaction

from khuyencong.errors import NeedsReason
from projects.models import Rule, RuleException
from projects.services.core import keep


@transaction.atomic
def keep_exceptions(*, warnings, on, reason, by, line=None, project=None) -> list[RuleException]:
    """One exception for each warning about the fact of the day ``on``, of ``line`` or of a whole ``project``.

    ``warnings`` are ``RuleWarning`` rows, or plain sentences of a service. Raises NeedsReason without a reason.
    """
    warnings = list(warnings)
    if warnings and not reason.strip():
        raise NeedsReason("Hãy ghi lý do.", warnings)
    return [keep(exception_of(each, line, project, on, reason, by), by=by, reason=reason) for each in warnings]


def exception_of(warning, line, project, on, reason, by) -> RuleException:
    """The row of one warning, not saved."""
    return RuleException(
        project=project or line.project,
        line=line,
        rule=getattr(warning, "rule", Rule.OTHER),
        on=on,
        message=str(getattr(warning, "message", warning)),
        calculation="\n".join(getattr(warning, "steps", ())),
        legal_basis=getattr(warning, "legal_basis", ""),
        reason=reason.strip(),
        by=by,
    )
