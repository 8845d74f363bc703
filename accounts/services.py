"""Changes of people whose rule looks past one row."""

from django.db import transaction

from accounts.models import Role, User
from khuyencong.errors import NotAllowed


def check_change(*, user, by):
    """Raise NotAllowed if saving ``user`` as it now stands would break a rule; ``by`` None is a command.

    Nobody changes their own role, and one active administrator at least stays.
    """
    before = User.objects.filter(pk=user.pk).first() if user.pk else None
    if before is None:
        return
    if by is not None and by.pk == user.pk and before.role != user.role:
        raise NotAllowed("Không ai tự đổi vai trò của mình. Đề nghị một quản trị khác đổi.")
    was_administrator = before.is_active and before.role == Role.ADMIN
    is_administrator = user.is_active and user.role == Role.ADMIN
    others = User.objects.administrators().exclude(pk=user.pk)
    if was_administrator and not is_administrator and not others.exists():
        raise NotAllowed(f"{user} là quản trị cuối cùng còn hoạt động. Cần giao quyền quản trị cho người khác trước.")


@transaction.atomic
def save_user(*, user, by=None):
    """Save a person, new or changed, unless a rule refuses (NotAllowed, nothing saved); ``by`` who does it."""
    # Two administrators who deactivate each other at once must not both see the other one still there.
    list(User.objects.administrators().select_for_update(no_key=True).values_list("pk", flat=True))
    check_change(user=user, by=by)
    user.save()
    return user
