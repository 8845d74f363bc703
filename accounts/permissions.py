"""Who may do what: the one table. Views and services ask ``can``; nothing else looks at a role to allow."""

from enum import Enum
from functools import wraps

from django.core.exceptions import PermissionDenied

from accounts.models import Role


class Action(Enum):
    """What a person may do; the value is what a page calls it."""

    SEE_ALL = "xem mọi địa bàn"
    ENTER_FACTS = "ghi đề án, quyết định, hợp đồng, tiến độ, nghiệm thu"
    PROPOSE = "gửi đề xuất của địa bàn"
    ACCEPT_PROPOSALS = "tiếp nhận đề xuất"
    MEND_CLOSED = "sửa số liệu của kỳ đã khóa"
    CLOSE_PERIOD = "khóa kỳ báo cáo"
    PAY = "ghi tạm ứng, thanh toán, thu hồi"
    SETTLE = "ghi quyết toán"
    MANAGE_USERS = "quản lý người dùng"
    MANAGE_REFERENCE = "sửa danh mục"


ALLOWED = {
    Role.STAFF: {Action.SEE_ALL, Action.ENTER_FACTS, Action.PROPOSE},
    Role.MANAGER: {
        Action.SEE_ALL,
        Action.ENTER_FACTS,
        Action.PROPOSE,
        Action.ACCEPT_PROPOSALS,
        Action.MEND_CLOSED,
        Action.CLOSE_PERIOD,
    },
    Role.ACCOUNTANT: {Action.SEE_ALL, Action.PAY, Action.SETTLE},
    # Sees and proposes for own places and their successors alone: User.own_localities().
    Role.LOCAL: {Action.PROPOSE},
    Role.VIEWER: {Action.SEE_ALL},
    Role.ADMIN: {Action.SEE_ALL, Action.MANAGE_USERS, Action.MANAGE_REFERENCE},
}


def can(user, action: Action) -> bool:
    """Whether ``user`` (anonymous and deactivated people included) may do ``action``."""
    return user.is_authenticated and user.is_active and action in ALLOWED.get(user.role, ())


def mending_action(writing: Action, *, is_closed) -> Action:
    """What one must be allowed to change or take out what ``writing`` wrote: once its period is closed, MEND_CLOSED.

    That holds for payments and settlements too: their accountant then adds a counter-row dated today, as staff do for
    their own facts, and a manager may mend the row itself, giving the reason.
    """
    return Action.MEND_CLOSED if is_closed else writing


def places_of(user):
    """The localities ``user`` is confined to, as a QuerySet; None where every place may be seen."""
    return None if can(user, Action.SEE_ALL) else user.own_localities()


def who_can(action: Action) -> list[str]:
    """The roles that may do ``action``, in words, for the reason beside what is not possible."""
    return [role.label for role in Role if action in ALLOWED[role]]


def require(action: Action):
    """Decorate a view: 403 for whoever may not do ``action``."""

    def decorate(view):
        @wraps(view)
        def allowed_view(request, *args, **kwargs):
            if not can(request.user, action):
                raise PermissionDenied(f"Việc này dành cho: {', '.join(who_can(action))}.")
            return view(request, *args, **kwargs)

        return allowed_view

    return decorate
