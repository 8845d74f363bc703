"""Who may decide a change, and how much may be advanced: rows every installation starts with, for national money.

From Thông tư 36/2013/TT-BCT as issued; what was amended in 2018 was not read, and each advance rule says so. For money
of the province the province's own regulation decides: nothing is given here.
"""

from datetime import date

from funding.models import AdvanceRule, Authority, Change, ChangeRule, Level

CIRCULAR_36 = "Thông tư 36/2013/TT-BCT"
CIRCULAR_36_FROM = date(2014, 2, 10)
JOINT_2014 = "Thông tư liên tịch 26/2014/TTLT-BTC-BCT, Điều 8 khoản 2 điểm b"
JOINT_2014_FROM, JOINT_2014_TO = date(2014, 4, 8), date(2018, 5, 10)
AS_ISSUED = "Văn bản gốc năm 2013; sửa đổi năm 2018 chưa đối chiếu."

CHANGES = [
    # change, of group đề án alone (None: whatever the kind), who decides
    (Change.MORE_MONEY, None, Authority.MINISTER),
    (Change.ACTIVITY, None, Authority.MINISTER),
    (Change.NEXT_YEAR, None, Authority.MINISTER),
    (Change.ADDED, None, Authority.MINISTER),
    (Change.STOPPED, None, Authority.MINISTER),
    (Change.PLACE, None, Authority.DEPARTMENT),
    (Change.BENEFICIARY, None, Authority.DEPARTMENT),
    (Change.PARTNER, None, Authority.DEPARTMENT),
    (Change.TIME, None, Authority.DEPARTMENT),
    (Change.LESS_MONEY, None, Authority.DEPARTMENT),
    (Change.OTHER, None, Authority.DEPARTMENT),
    (Change.PLACE, True, Authority.SCT),
    (Change.BENEFICIARY, True, Authority.SCT),
    (Change.PARTNER, True, Authority.SCT),
]

Needs = AdvanceRule.Needs
ADVANCES = [
    # numbers of the leaf activities in the yearly form, percent, condition, work done beyond (%), article
    ((1, 2), 70, Needs.PLAN, None, "13"),
    ((3, 4, 5, 6, 7, 15, 16), 70, Needs.PLAN, None, "13"),
    ((17, 20), 70, Needs.CONTRACT, None, "13"),
    ((13, 14, 18, 19, 21), 70, Needs.CONTRACT, None, "13"),
    ((9, 10), 70, Needs.WORK, 70, "13"),
    ((22,), 30, Needs.WORK, 50, "13"),
    ((8,), 0, Needs.ACCEPTED, None, "13"),
]


def change_rules():
    return [
        ChangeRule(
            change=change,
            level=Level.NATIONAL,
            is_group=is_group,
            authority=authority,
            legal_basis=f"{CIRCULAR_36}, Điều 11",
            valid_from=CIRCULAR_36_FROM,
            is_verified=True,
        )
        for change, is_group, authority in CHANGES
    ]


def advance_rules(leaves: dict[int, int]):
    """``leaves``: {number in the yearly form: id}. The last row stands for every activity without one of its own."""
    own = [
        AdvanceRule(
            activity_id=leaves[number],
            level=Level.NATIONAL,
            percent=percent,
            needs=needs,
            work_percent=work_percent,
            legal_basis=f"{CIRCULAR_36}, Điều {article}",
            valid_from=CIRCULAR_36_FROM,
            is_verified=True,
            note=AS_ISSUED,
        )
        for numbers, percent, needs, work_percent, article in ADVANCES
        for number in numbers
        if number in leaves
    ]
    return [
        *own,
        AdvanceRule(
            level=Level.NATIONAL,
            percent=70,
            needs=Needs.CONTRACT,
            legal_basis=JOINT_2014,
            valid_from=JOINT_2014_FROM,
            valid_to=JOINT_2014_TO,
            is_verified=True,
        ),
        AdvanceRule(
            level=Level.NATIONAL,
            percent=70,
            needs=Needs.CONTRACT,
            legal_basis=f"{JOINT_2014} (hết hiệu lực từ 11/5/2018; văn bản thay thế chưa đối chiếu)",
            valid_from=date(2018, 5, 11),
            note="Theo văn bản trước; cần xác minh.",
        ),
    ]
