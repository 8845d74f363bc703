"""The Centre's successor in Lào Cai, in the current year: every day is told from today, so that some are late today.

All invented. Facts lie between the plan's decision and today; only due days and ends of contracts lie ahead.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from projects.demo.rows import (
    Due,
    Item,
    Kind,
    Line,
    PaperRow,
    Party,
    PlanRow,
    Result,
    Single,
    Task,
    Trouble,
    Work,
    workday,
)

MACHINES, BRAND, ADVICE = "HD10", "HD15", "HD17"
SO_CONG_THUONG = "Sở Công Thương tỉnh Lào Cai"
UBND_TINH = "UBND tỉnh Lào Cai"
BO_CONG_THUONG = "Bộ Công Thương"
# Between the plan's decision and today, so that signing, work and acceptance have room.
SHORTEST_SPAN = 110


@dataclass(frozen=True)
class Calendar:
    """Days around ``today``. Early in January the year's facts reach back into the last quarter before."""

    today: date

    @property
    def year(self) -> int:
        return self.today.year

    @property
    def start(self) -> date:
        """The day of the plan's decision."""
        return min(date(self.year - 1, 12, 20), self.today - timedelta(SHORTEST_SPAN))

    def past(self, part: float) -> date:
        """A working day at this part (0 to 1) of the way from the plan's decision to today; up to 0.8."""
        return workday(self.start + timedelta(round(part * (self.today - self.start).days)))

    def ago(self, days: int) -> date:
        """A working day about so many days ago; up to 20, so after every ``past`` day."""
        return workday(self.today - timedelta(days))

    def ahead(self, days: int) -> date:
        return workday(self.today + timedelta(days))

    def before(self, month: int, day: int) -> date:
        """A working day of the year before, when the year's đề án were prepared."""
        return workday(date(self.year - 1, month, day))


def papers(days: Calendar) -> list[PaperRow]:
    year = days.year
    return [
        PaperRow("quoc_gia", "MH-31/QĐ-BCT", days.past(0), BO_CONG_THUONG, f"Kế hoạch khuyến công quốc gia năm {year}"),
        PaperRow(
            "dot_1", "MH-32/QĐ-UBND", days.past(0.03), UBND_TINH, f"Kế hoạch khuyến công địa phương {year}, đợt 1"
        ),
        PaperRow(
            "dot_2", "MH-33/QĐ-UBND", days.past(0.25), UBND_TINH, f"Kế hoạch khuyến công địa phương {year}, đợt 2"
        ),
        PaperRow("nhom", "MH-34/QĐ-SCT", days.past(0.2), SO_CONG_THUONG, f"Kế hoạch triển khai đề án nhóm năm {year}"),
        PaperRow(
            "de_nghi", "MH-35/TTr-TTXT", days.past(0.6), SO_CONG_THUONG, f"Đề nghị kế hoạch khuyến công năm {year + 1}"
        ),
        PaperRow("chuyen", "MH-36/QĐ-UBND", days.ago(8), UBND_TINH, f"Chuyển kinh phí sang năm {year + 1}"),
    ]


def _count(least, most, **fields):
    return {"projects_min": least, "projects_max": most, **fields}


TASKS_ONLY = {"is_for_tasks": True, "note": "Hoạt động khác"}
MOVED_AMOUNT = 150


def plan(days: Calendar) -> list[PlanRow]:
    """The year's plan and the request for the next; what is carried over stands in ``carried``."""
    year = days.year
    return [
        PlanRow("quoc_gia", year, "KCQG", "assigned", 1300, MACHINES, _count(3, 3)),
        PlanRow("dot_1", year, "KCDP", "assigned", 1400, MACHINES, _count(10, 12, batch="1")),
        PlanRow("dot_1", year, "KCDP", "assigned", 300, "", {**TASKS_ONLY, "batch": "1"}),
        PlanRow("dot_2", year, "KCDP", "assigned", 600, "", _count(5, 7, batch="2")),
        PlanRow("de_nghi", year + 1, "KCQG", "requested", 1500, MACHINES, _count(4, 5)),
        PlanRow("de_nghi", year + 1, "KCDP", "requested", 3200, MACHINES, _count(22, 26)),
        PlanRow("de_nghi", year + 1, "KCDP", "requested", 350, "", TASKS_ONLY),
    ]


def carried(days: Calendar) -> tuple[PlanRow, PlanRow]:
    """Plus in the year entered, minus in the year left."""
    into = PlanRow("chuyen", days.year + 1, "KCDP", "carried", MOVED_AMOUNT, MACHINES)
    return into, PlanRow("chuyen", days.year, "KCDP", "carried", -MOVED_AMOUNT, MACHINES)


# number: kind, name, commune since 01/07/2025, trade, machine (name, quantity, capacity), cost in million đồng
PARTIES = {
    31: (Kind.COMPANY, "Công ty TNHH Gỗ minh họa 31", "xã Yên Bình", "sản xuất ván ép", "Máy ép nhiệt", 1, 300),
    32: (Kind.COOPERATIVE, "HTX Chè minh họa 32", "xã Văn Chấn", "chế biến chè", "Máy sao chè ga", 2, 340),
    33: (Kind.COOPERATIVE, "HTX Quế minh họa 33", "xã Mậu A", "chế biến quế", "Máy cắt, sấy quế", 1, 260),
    34: (Kind.COMPANY, "Công ty CP Bao bì minh họa 34", "phường Yên Bái", "sản xuất bao bì", "Máy in bao bì", 1, 310),
    35: (Kind.HOUSEHOLD, "Cơ sở minh họa 35", "xã Trấn Yên", "sản xuất miến", "Máy tráng miến", 1, 240),
    36: (Kind.HOUSEHOLD, "Cơ sở mộc minh họa 36", "xã Quy Mông", "sản xuất đồ gỗ", "Máy CNC đục gỗ", 1, 280),
    37: (Kind.PRIVATE, "DNTN Gạch minh họa 37", "xã Lục Yên", "sản xuất gạch không nung", "Máy ép gạch", 1, 360),
    38: (Kind.COOPERATIVE, "HTX Nông sản minh họa 38", "phường Nghĩa Lộ", "sấy nông sản", "Tủ sấy lạnh", 2, 215),
    39: (Kind.COMPANY, "Công ty TNHH Đá minh họa 39", "xã Bảo Ái", "chế tác đá", "Máy cắt đá", 1, 300),
    40: (Kind.COOPERATIVE, "HTX Măng minh họa 40", "xã Lương Thịnh", "chế biến măng", "Lò sấy măng", 2, 320),
    41: (Kind.COMPANY, "Công ty TNHH Dược liệu minh họa 41", "xã Trạm Tấu", "chế biến dược liệu", "Máy chiết", 1, 620),
    42: (Kind.GROUP, "Tổ hợp tác Thổ cẩm minh họa 42", "xã Mù Cang Chải", "dệt thổ cẩm", "Khung dệt cải tiến", 12, 200),
    43: (Kind.COOPERATIVE, "HTX Bưởi minh họa 43", "xã Thác Bà", "chế biến quả", "", 0, 65),
    44: (Kind.HOUSEHOLD, "Cơ sở cơ khí minh họa 44", "xã Hưng Khánh", "cơ khí nhỏ", "Máy tiện CNC", 1, 210),
    45: (Kind.COMPANY, "Công ty TNHH Thực phẩm minh họa 45", "xã Cát Thịnh", "chế biến thực phẩm", "", 0, 55),
    46: (Kind.COOPERATIVE, "HTX Gạo minh họa 46", "phường Trung Tâm", "xay xát gạo", "Máy tách màu gạo", 1, 235),
    47: (Kind.COMPANY, "Công ty TNHH Ván minh họa 47", "phường Âu Lâu", "sản xuất ván ghép thanh", "Máy ghép", 1, 450),
    48: (Kind.COMPANY, "Công ty TNHH Quế minh họa 48", "xã Xuân Ái", "chế biến quế", "Dây chuyền sấy quế", 1, 980),
    49: (Kind.COMPANY, "Công ty TNHH Gỗ minh họa 49", "xã Việt Hồng", "chế biến gỗ", "Máy bóc gỗ", 1, 890),
    50: (Kind.COOPERATIVE, "HTX Mật ong minh họa 50", "xã Púng Luông", "chế biến mật ong", "Máy hạ thủy phần", 1, 250),
    51: (Kind.HOUSEHOLD, "Cơ sở minh họa 51", "xã Nghĩa Tâm", "chế biến chè", "Máy vò chè", 2, 200),
    52: (Kind.HOUSEHOLD, "Cơ sở minh họa 52", "xã Liên Sơn", "làm bánh", "Máy làm bánh", 1, 180),
    53: (Kind.PRIVATE, "DNTN minh họa 53", "xã Khánh Hòa", "nghiền đá", "Máy nghiền", 1, 400),
    54: (Kind.COOPERATIVE, "HTX Sơn tra minh họa 54", "xã Tú Lệ", "chế biến quả sơn tra", "Máy ép quả", 1, 260),
    55: (Kind.COMPANY, "Công ty TNHH Bao bì minh họa 55", "phường Nam Cường", "sản xuất bao bì", "Máy bế hộp", 1, 420),
    56: (Kind.HOUSEHOLD, "Cơ sở cơ khí minh họa 56", "xã Hưng Khánh", "cơ khí nhỏ", "Máy tiện CNC", 1, 220),
}
CAPACITY = "theo hồ sơ minh họa"
# Approved over half of the cost, with its reason.
REASONS = {42: "Xã đặc biệt khó khăn; UBND tỉnh đồng ý hỗ trợ 60 % (minh họa)."}


def party(number: int) -> Party:
    kind, name, place, trade, *_ = PARTIES[number]
    return Party(number, kind, name, place, trade)


def line(number: int, money, work=None, activity=MACHINES) -> Line:
    *_, place, _, machine, quantity, total = PARTIES[number]
    items = (Item(machine, quantity, CAPACITY, total),) if machine else ()
    return Line(activity, place, money, total, party(number), items, work, REASONS.get(number, ""))


BUY, INSTALL, ACCEPT = "Ký hợp đồng mua máy", "Lắp đặt, chạy thử", "Nghiệm thu cơ sở"


def works(days: Calendar) -> dict[int, Work]:
    """From the contract on, by number of the cơ sở; each shows another state of today."""
    return {**_accepted(days), **_on_time(days), **_in_trouble(days)}


def _accepted(days: Calendar) -> dict[int, Work]:
    """31 settled and liquidated, 32 paid, 33 accepted with conditions and advanced alone."""
    past, ago = days.past, days.ago
    return {
        31: Work(
            signed=past(0.2),
            ends=past(0.75),
            dues=(Due(INSTALL, past(0.5), past(0.45)), Due(ACCEPT, past(0.75), past(0.55))),
            checked=past(0.42),
            advanced=past(0.44),
            acceptances=((past(0.55), Result.PASSED),),
            jobs=8,
            revenue=2600,
            paid=past(0.6),
            settled=past(0.72),
            liquidated=past(0.76),
        ),
        32: Work(
            signed=past(0.22),
            ends=past(0.8),
            dues=(Due(INSTALL, past(0.6), past(0.5)), Due(ACCEPT, past(0.8), past(0.64))),
            checked=past(0.48),
            acceptances=((past(0.64), Result.PASSED),),
            jobs=6,
            revenue=1500,
            paid=past(0.72),
        ),
        33: Work(
            signed=past(0.25),
            ends=ago(5),
            dues=(Due(INSTALL, past(0.7), past(0.68)), Due(ACCEPT, ago(5), ago(11))),
            checked=past(0.62),
            advanced=past(0.69),
            acceptances=((ago(11), Result.CONDITIONAL),),
            jobs=5,
            revenue=1200,
        ),
    }


def _on_time(days: Calendar) -> dict[int, Work]:
    """Running, some due within 30 days; 40 is to be moved to the next year."""
    past, ahead = days.past, days.ahead
    return {
        34: Work(
            signed=past(0.3),
            ends=ahead(20),
            dues=(Due(BUY, past(0.5), past(0.45)), Due(INSTALL, past(0.75), past(0.7)), Due(ACCEPT, ahead(12))),
            checked=past(0.68),
            advanced=past(0.74),
        ),
        35: Work(signed=past(0.5), ends=ahead(60), dues=(Due(BUY, past(0.7), past(0.62)), Due(INSTALL, ahead(25)))),
        40: Work(signed=past(0.45), ends=ahead(120), dues=(Due(BUY, past(0.6), past(0.6)), Due(INSTALL, ahead(100)))),
        41: Work(signed=past(0.4), ends=ahead(45), dues=(Due(BUY, past(0.6), past(0.55)), Due(INSTALL, ahead(5)))),
        43: Work(signed=past(0.45), ends=ahead(28), dues=(Due("Nộp hồ sơ đăng ký nhãn hiệu", ahead(14)),)),
        45: Work(signed=past(0.5), ends=ahead(18), dues=(Due("Bàn giao hồ sơ tư vấn", ahead(15)),)),
        47: Work(
            signed=past(0.3),
            ends=ahead(35),
            dues=(Due(BUY, past(0.5), past(0.45)), Due(INSTALL, ahead(10))),
            checked=past(0.7),
            advanced=past(0.76),
        ),
        56: Work(signed=past(0.55), ends=ahead(50), dues=(Due(INSTALL, ahead(35)),)),
    }


def _in_trouble(days: Calendar) -> dict[int, Work]:
    """36, 37, 46 late today; 38 failed and waits for a second acceptance; 39 is to be stopped."""
    past, ago, ahead = days.past, days.ago, days.ahead
    return {
        36: Work(signed=past(0.4), ends=ahead(40), dues=(Due(BUY, past(0.6), past(0.55)), Due(INSTALL, ago(6)))),
        37: Work(
            signed=past(0.35),
            ends=ago(4),
            dues=(Due(BUY, past(0.5), past(0.48)), Due(INSTALL, past(0.75), past(0.72)), Due(ACCEPT, ago(4))),
            checked=past(0.7),
            advanced=past(0.74),
        ),
        38: Work(
            signed=past(0.4),
            ends=ahead(30),
            dues=(Due(INSTALL, past(0.75), past(0.75)), Due(ACCEPT, ahead(8))),
            checked=past(0.7),
            acceptances=((ago(15), Result.FAILED),),
        ),
        39: Work(
            signed=past(0.3),
            ends=ahead(20),
            dues=(Due(INSTALL, past(0.75)),),
            checked=past(0.5),
            advanced=past(0.55),
        ),
        46: Work(  # extended by an annex, and its milestone put off once
            signed=past(0.35),
            ends=past(0.8),
            dues=(Due(INSTALL, past(0.7), None, (past(0.65), ago(12), "Cơ sở chờ hoàn thiện nhà xưởng.")),),
        ),
    }


# number: {source: (support in million đồng, paper)}
MONEY = {
    31: {"KCDP": (130, "dot_1")},
    32: {"KCDP": (150, "dot_1")},
    33: {"KCDP": (120, "dot_1")},
    34: {"KCDP": (140, "dot_1")},
    35: {"KCDP": (110, "dot_2")},
    36: {"KCDP": (130, "dot_1")},
    37: {"KCDP": (160, "dot_1")},
    38: {"KCDP": (100, "dot_2")},
    39: {"KCDP": (140, "dot_1")},
    40: {"KCDP": (MOVED_AMOUNT, "dot_1")},
    41: {"KCQG": (150, "quoc_gia"), "KCDP": (100, "dot_1")},
    42: {"KCDP": (120, "dot_2")},
    43: {"KCDP": (30, "dot_2")},
    44: {"KCDP": (100, "dot_1")},
    45: {"KCDP": (25, "dot_2")},
    46: {"KCDP": (115, "dot_2")},
    47: {"KCQG": (200, "quoc_gia")},
}
ACTIVITIES = {43: BRAND, 45: ADVICE}
VERBS = {
    MACHINES: "Hỗ trợ ứng dụng máy móc thiết bị trong",
    BRAND: "Hỗ trợ xây dựng, đăng ký nhãn hiệu ngành",
    ADVICE: "Hỗ trợ tư vấn lập dự án đầu tư ngành",
}
STOPPED, MOVED, EXTENDED = 39, 40, 46
REPLACED, REPLACED_BY = 44, 56
RECOVERED = 50
# Not approved: registered late in the year, returned, refused, appraised; and for the year after.
REGISTERED, APPRAISED, RETURNED, REJECTED, NEXT_YEAR = 50, 51, 52, 53, (54, 55)
ASKED = {50: 120, 51: 95, 52: 85, 53: 150, 54: 130, 55: 200}

GROUP_NAMED = {48: 300, 49: 300}
GROUP_SUPPORT, GROUP_COST, GROUP_EXPECTED = 900, 2800, 3


def code(days: Calendar, number: int, year: int | None = None) -> str:
    source = "KCQG" if list(MONEY.get(number, {})) == ["KCQG"] else "KCDP"
    return f"MH-{source}-{year or days.year}-{number}"


def single(days: Calendar, number: int) -> Single:
    """A đề án prepared in the year before and approved by the year's plan."""
    return Single(
        code=code(days, number),
        name=name(number),
        year=days.year,
        line=line(number, MONEY[number], works(days).get(number), ACTIVITIES.get(number, MACHINES)),
        surveyed=days.before(7, 22),
        registered=days.before(8, 5),
        appraised=days.before(8, 28),
        planned=(days.past(0.1), days.ahead(60)),
    )


def candidate(days: Calendar, number: int) -> Single:
    """A đề án that nobody has approved."""
    is_next = number in NEXT_YEAR
    return Single(
        code=code(days, number, days.year + is_next),
        name=name(number),
        year=days.year + is_next,
        line=line(number, {"KCDP": (ASKED[number], "")}),
        surveyed=days.past(0.55),
        registered=days.past(0.6),
        appraised=days.past(0.75) if number == APPRAISED else None,
    )


def name(number: int) -> str:
    _, own, _, trade, *_ = PARTIES[number]
    return f"{VERBS[ACTIVITIES.get(number, MACHINES)]} {trade} – {own}"


def tasks(days: Calendar) -> list[Task]:
    year, past, ago, ahead = days.year, days.past, days.ago, days.ahead
    return [
        Task(
            f"MH-HD-{year}-01",
            "Tham gia hội chợ hàng công nghiệp nông thôn tiêu biểu (minh họa)",
            year,
            "HD14",
            150,
            "dot_1",
            signed=past(0.35),
            ends=past(0.8),
            provider="Đơn vị tổ chức hội chợ minh họa",
            advanced=(past(0.4), 105),
            accepted=past(0.7),
            payments=((past(0.78), 45),),
        ),
        Task(
            f"MH-HD-{year}-02",
            "Tập huấn chuyển đổi số cho cơ sở công nghiệp nông thôn (minh họa)",
            year,
            "HD05",
            80,
            "dot_1",
            signed=past(0.6),
            ends=ahead(22),
            provider="Đơn vị đào tạo minh họa",
        ),
        Task(
            f"MH-HD-{year}-03",
            "Cộng tác viên khuyến công, quản lý và giám sát (minh họa)",
            year,
            "HD23",
            50,
            "dot_1",
            payments=((past(0.5), 12), (ago(14), 12)),
        ),
    ]


def troubles(days: Calendar) -> list[Trouble]:
    return [
        Trouble(
            code(days, 37),
            "beneficiary",
            "Cơ sở chưa được cấp điện ba pha nên chưa chạy thử được máy.",
            "Đề nghị UBND xã làm việc với điện lực.",
            days.ago(18),
            days.ahead(7),
        ),
        Trouble(
            code(days, 36),
            "outside",
            "Nhà cung cấp giao máy chậm.",
            "Cho lùi thời hạn lắp đặt.",
            days.ago(9),
            days.ago(2),
        ),
        Trouble(
            code(days, 34),
            "staff",
            "Hồ sơ mua sắm thiếu hóa đơn.",
            "Cán bộ phụ trách hướng dẫn cơ sở bổ sung.",
            days.past(0.7),
            days.past(0.8),
            "Đã bổ sung đủ.",
            days.past(0.78),
        ),
    ]
