"""Saving one row with its author, and refusals in the row's own words."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from khuyencong.errors import NotAllowed


def keep(row, *, by=None, reason=""):
    """Validate and save ``row`` with its author in the history. Raises NotAllowed with the field's own words."""
    row._history_user = by
    row._change_reason = reason or None
    try:
        _save(row)
    except ValidationError as error:
        raise NotAllowed(" ".join(error.messages)) from error
    except IntegrityError as error:
        # A rival saved the same number or key between the check and the write.
        raise NotAllowed(
            f"Không lưu được {row._meta.verbose_name}: vừa có người ghi dữ liệu trùng. Hãy tải lại trang và kiểm tra."
        ) from error
    return row


def _save(row):
    """The database holds the constraints, and is asked about each of them only where it refused one."""
    row.full_clean(validate_unique=False, validate_constraints=False)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        # Says in its own words which one it was.
        row.full_clean()
        raise
