"""Taking rows out: the history keeps each as it stood, with who took it out and why."""

from django.db.models import ProtectedError

from khuyencong.errors import NotAllowed


def erase(row, *, by, reason):
    """Delete one row. Raises NotAllowed where something else still rests on it, naming that."""
    row._history_user = by
    row._change_reason = reason or None
    name = row._meta.verbose_name
    try:
        row.delete()
    except ProtectedError as error:
        held = sorted({str(each._meta.verbose_name) for each in error.protected_objects})
        raise NotAllowed(f"Chưa xóa được {name} vì còn {', '.join(held)} gắn với nó. Hãy xóa chúng trước.") from error
