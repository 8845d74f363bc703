"""The Centre of Yên Bái in 2019: the sums are the account's in its words, all else is invented.

On 31/05/2019: KCQG one group of 3, 900 triệu; KCDP 20 đề án, 2.595 triệu, all signed; tasks 405 triệu;
nothing paid, nothing late; 4.000 triệu asked for 2020. The rest of the year goes on to settlement.
"""

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

YEAR = 2019
MACHINES = "HD10"
SO_CONG_THUONG = "Sở Công Thương tỉnh Yên Bái"
UBND_TINH = "UBND tỉnh Yên Bái"
BO_CONG_THUONG = "Bộ Công Thương"

PAPERS = [
    PaperRow("quoc_gia", "MH-01/QĐ-BCT", date(2018, 12, 20), BO_CONG_THUONG, "Kế hoạch khuyến công quốc gia năm 2019"),
    PaperRow("du_toan", "MH-02/NQ-HĐND", date(2018, 12, 10), "HĐND tỉnh Yên Bái", "Dự toán ngân sách năm 2019"),
    PaperRow("dot_1", "MH-05/QĐ-UBND", date(2019, 1, 10), UBND_TINH, "Kế hoạch khuyến công địa phương 2019, đợt 1"),
    PaperRow("dot_2", "MH-12/QĐ-UBND", date(2019, 3, 15), UBND_TINH, "Kế hoạch khuyến công địa phương 2019, đợt 2"),
    PaperRow("nhom", "MH-09/QĐ-SCT", date(2019, 3, 26), SO_CONG_THUONG, "Kế hoạch triển khai đề án nhóm năm 2019"),
    PaperRow("de_nghi", "MH-15/TTr-TTKC", date(2019, 5, 27), SO_CONG_THUONG, "Đề nghị kế hoạch khuyến công năm 2020"),
]


def _count(least, most, **fields):
    return {"projects_min": least, "projects_max": most, **fields}


TASKS_ONLY = {"is_for_tasks": True, "note": "Hoạt động khác"}
PLAN = [
    PlanRow("du_toan", 2019, "KCDP", "estimated", 3000),
    PlanRow("quoc_gia", 2019, "KCQG", "assigned", 900, MACHINES, _count(1, 1)),
    PlanRow("dot_1", 2019, "KCDP", "assigned", 1570, MACHINES, _count(12, 12, batch="1")),
    PlanRow("dot_1", 2019, "KCDP", "assigned", 245, "", {**TASKS_ONLY, "batch": "1"}),
    PlanRow("dot_2", 2019, "KCDP", "assigned", 1025, MACHINES, _count(8, 8, batch="2")),
    PlanRow("dot_2", 2019, "KCDP", "assigned", 160, "", {**TASKS_ONLY, "batch": "2"}),
    PlanRow("de_nghi", 2020, "KCQG", "requested", 1000, MACHINES, _count(3, 3)),
    PlanRow("de_nghi", 2020, "KCDP", "requested", 2600, MACHINES, _count(20, 25)),
    PlanRow("de_nghi", 2020, "KCDP", "requested", 400, "", TASKS_ONLY),
]

# number: kind, name, place as it was in 2019, trade, machines (name, quantity, capacity, million đồng each row)
PARTIES = {
    1: (Kind.COMPANY, "Công ty TNHH Gỗ minh họa 01", "xã Đại Đồng, huyện Yên Bình", "sản xuất ván ghép thanh"),
    2: (Kind.COOPERATIVE, "HTX Chè minh họa 02", "xã Suối Giàng, huyện Văn Chấn", "chế biến chè"),
    3: (Kind.COMPANY, "Công ty TNHH Ván ép minh họa 03", "xã Y Can, huyện Trấn Yên", "sản xuất ván ép"),
    4: (
        Kind.COMPANY,
        "Công ty TNHH Bao bì minh họa 04",
        "phường Đồng Tâm, thành phố Yên Bái",
        "sản xuất, gia công bao bì",
    ),
    5: (Kind.COOPERATIVE, "HTX Quế minh họa 05", "xã Viễn Sơn, huyện Văn Yên", "sản xuất đồ thủ công mỹ nghệ từ quế"),
    6: (Kind.HOUSEHOLD, "Cơ sở minh họa 06", "thị trấn Cổ Phúc, huyện Trấn Yên", "sản xuất phân nén dúi sâu NK"),
    7: (Kind.PRIVATE, "DNTN Gạch minh họa 07", "thị trấn Yên Thế, huyện Lục Yên", "sản xuất gạch không nung"),
    8: (Kind.COOPERATIVE, "HTX Miến đao minh họa 08", "xã Giới Phiên, thành phố Yên Bái", "sản xuất miến đao"),
    9: (
        Kind.COMPANY,
        "Công ty TNHH Tinh dầu quế minh họa 09",
        "thị trấn Mậu A, huyện Văn Yên",
        "chế biến tinh dầu quế",
    ),
    10: (Kind.HOUSEHOLD, "Cơ sở mộc minh họa 10", "xã An Thịnh, huyện Văn Yên", "sản xuất đồ gỗ"),
    11: (Kind.COOPERATIVE, "HTX Thực phẩm minh họa 11", "phường Pú Trạng, thị xã Nghĩa Lộ", "chế biến thực phẩm"),
    12: (Kind.COMPANY, "Công ty CP Gạch minh họa 12", "xã Sơn Thịnh, huyện Văn Chấn", "sản xuất gạch không nung"),
    13: (Kind.HOUSEHOLD, "Cơ sở đá minh họa 13", "xã Liễu Đô, huyện Lục Yên", "chế tác đá mỹ nghệ"),
    14: (Kind.COMPANY, "Công ty TNHH Ván dán minh họa 14", "xã Thịnh Hưng, huyện Yên Bình", "sản xuất ván dán"),
    15: (Kind.COOPERATIVE, "HTX Chè Shan minh họa 15", "huyện Trạm Tấu", "chế biến chè Shan tuyết"),
    16: (Kind.GROUP, "Tổ hợp tác Thổ cẩm minh họa 16", "xã Chế Cu Nha, huyện Mù Cang Chải", "dệt thổ cẩm"),
    17: (
        Kind.COMPANY,
        "Công ty TNHH Bao bì minh họa 17",
        "thị trấn Yên Bình, huyện Yên Bình",
        "sản xuất bao bì các-tông",
    ),
    18: (Kind.COOPERATIVE, "HTX Măng minh họa 18", "xã Kiên Thành, huyện Trấn Yên", "chế biến măng"),
    19: (Kind.HOUSEHOLD, "Cơ sở minh họa 19", "xã Phù Nham, huyện Văn Chấn", "xay xát, đóng gói gạo"),
    20: (Kind.COOPERATIVE, "HTX Nông sản minh họa 20", "xã Púng Luông, huyện Mù Cang Chải", "chế biến quả sơn tra"),
    21: (Kind.COMPANY, "Công ty TNHH Gỗ minh họa 21", "xã Lương Thịnh, huyện Trấn Yên", "chế biến gỗ rừng trồng"),
    22: (Kind.COOPERATIVE, "HTX Quế minh họa 22", "xã Đông An, huyện Văn Yên", "chế biến quế"),
    23: (Kind.COMPANY, "Công ty CP Bao bì minh họa 23", "xã Vũ Linh, huyện Yên Bình", "sản xuất bao bì từ tre, gỗ"),
}
ITEMS = {
    1: [("Máy bào bốn mặt", 1, "12 m³/ngày", 190), ("Máy ghép dọc tự động", 1, "10 m³/ngày", 150)],
    2: [("Máy sao chè ga", 2, "60 kg/mẻ", 160), ("Máy vò chè", 2, "45 kg/mẻ", 100)],
    3: [("Máy ép nhiệt thủy lực", 1, "15 m³/ngày", 520)],
    4: [("Máy in flexo hai màu", 1, "6.000 tờ/giờ", 230)],
    5: [("Máy khắc la-de", 1, "130 W", 170), ("Máy tiện gỗ", 2, "40 sản phẩm/giờ", 140)],
    6: [("Máy ép viên phân nén dúi", 1, "500 kg/giờ", 170)],
    7: [("Máy ép gạch không nung", 1, "8.000 viên/ca", 420)],
    8: [("Máy tráng, cắt miến liên hoàn", 1, "150 kg/giờ", 190)],
    9: [("Nồi chưng cất tinh dầu quế", 1, "3 tấn lá/mẻ", 300)],
    10: [("Máy CNC đục gỗ hai đầu", 1, "3 kW", 250)],
    11: [("Tủ sấy thịt bằng hơi", 2, "100 kg/mẻ", 130), ("Máy hút chân không", 1, "4 gói/phút", 80)],
    12: [("Máy ép gạch rung", 1, "10.000 viên/ca", 360)],
    13: [("Máy cắt đá sử dụng dây kim cương", 1, "15 m²/ca", 270)],
    14: [("Máy bóc gỗ không trục", 1, "20 m³/ngày", 380)],
    15: [("Máy sấy chè", 1, "80 kg/mẻ", 145), ("Máy đóng gói chè", 1, "20 gói/phút", 100)],
    16: [("Khung dệt cải tiến", 10, "2 m/ngày", 105), ("Máy may công nghiệp", 10, "40 sản phẩm/ngày", 120)],
    17: [("Máy bế hộp các-tông", 1, "3.000 hộp/giờ", 330)],
    18: [("Lò sấy măng", 1, "500 kg/mẻ", 160), ("Máy thái măng", 1, "300 kg/giờ", 100)],
    19: [("Dàn xay xát, tách màu gạo", 1, "1 tấn/giờ", 205)],
    20: [("Máy ép, lọc nước quả", 1, "400 lít/giờ", 180), ("Máy chiết rót, đóng chai", 1, "500 chai/giờ", 100)],
    21: [("Máy bóc, sấy ván lạng", 1, "25 m³/ngày", 1150)],
    22: [("Dây chuyền sấy, nghiền quế", 1, "1,5 tấn/giờ", 1200)],
    23: [("Máy ép, in bao bì tre gỗ", 1, "2.000 sản phẩm/giờ", 1010)],
}

# number: support, whether money is advanced, day signed, installed, accepted, jobs, revenue a year (million đồng)
LOCAL = {
    1: (150, False, (3, 12), (6, 20), (7, 16), 6, 2400),
    2: (120, False, (3, 12), (6, 14), (7, 10), 5, 1300),
    3: (200, True, (3, 14), (7, 5), (7, 30), 15, 6200),
    4: (100, False, (3, 19), (7, 12), (8, 7), 6, 2900),
    5: (150, True, (3, 20), (6, 25), (7, 23), 12, 1850),
    6: (80, False, (3, 21), (6, 10), (7, 4), 3, 950),
    7: (180, True, (3, 26), (8, 15), (10, 2), 9, 3100),
    8: (90, False, (3, 27), (6, 28), (7, 25), 5, 1150),
    9: (130, True, (3, 28), (7, 26), (8, 21), 6, 2700),
    10: (120, False, (4, 2), (8, 20), (9, 18), 5, 1400),
    11: (100, False, (4, 3), (7, 19), (8, 14), 8, 2050),
    12: (150, True, (4, 4), (9, 24), (10, 22), 10, 3400),
    13: (130, False, (4, 16), (8, 9), (9, 5), 4, 1200),
    14: (160, True, (4, 17), (11, 8), (11, 21), 14, 4300),
    15: (120, False, (4, 23), (8, 22), (9, 19), 7, 1250),
    16: (110, False, (4, 24), (8, 30), (9, 26), 20, 880),
    17: (150, True, (5, 7), (9, 11), (10, 9), 11, 3900),
    18: (125, False, (5, 9), (9, 18), (10, 17), 6, 1500),
    19: (100, False, (5, 14), (9, 25), (10, 24), 3, 2100),
    20: (130, True, (5, 21), (10, 15), (11, 19), 9, 1350),
}
FIRST_BATCH = range(1, 13)
NATIONAL = {
    21: (300, True, (5, 6), (8, 23), (9, 25), 20, 9800),
    22: (300, True, (5, 6), (9, 6), (9, 26), 18, 8700),
    23: (300, True, (5, 8), (9, 20), (10, 16), 15, 7600),
}
# Days that differ from what follows of themselves.
FAILED_FIRST = {7: date(2019, 9, 10)}
LATE_DUE = {10: date(2019, 7, 31)}
POSTPONED = {
    12: (date(2019, 7, 31), (date(2019, 7, 22), date(2019, 9, 30), "Mưa lũ, đường vào xưởng bị hỏng.")),
    14: (date(2019, 9, 16), (date(2019, 9, 10), date(2019, 11, 15), "Nhà cung cấp giao máy chậm.")),
}
ACCEPTED_LESS = {18: 120}
SETTLED_NEXT_YEAR = {20: date(2020, 1, 14)}
# The annexes: contract of this number, number and day of the paper, new end or less money.
EXTENDED = (14, "PL-14/HĐ-MH", date(2019, 9, 24), date(2019, 11, 30), "Gia hạn do giao máy chậm.")
LOWERED = (18, "PL-18/HĐ-MH", date(2019, 10, 31), -5, "Giá mua máy thấp hơn dự toán.")

GROUP_CODE = "MH-KCQG-2019-01"
GROUP_NAME = "Hỗ trợ ứng dụng máy móc thiết bị tiên tiến trong sản xuất công nghiệp nông thôn (đề án nhóm minh họa)"
GROUP_REGISTERED, GROUP_BASE, GROUP_MINISTRY = date(2018, 5, 10), date(2018, 5, 28), date(2018, 9, 20)
GROUP_SURVEYED = date(2018, 4, 18)
GROUP_COST_GUESS = 3300
NATIONAL_CONTRACT = ("MH-01/HĐ-CTĐP", date(2019, 4, 22), date(2019, 12, 20))
NATIONAL_SUBMITTED = date(2019, 10, 30)
NATIONAL_LIQUIDATED, NATIONAL_SETTLED = date(2020, 1, 15), date(2020, 1, 10)


def day(month_day):
    return date(YEAR, *month_day)


def party(number: int) -> Party:
    kind, name, place, trade = PARTIES[number]
    return Party(number, kind, name, place, trade)


def work(number: int, row) -> Work:
    """The whole way of one line; what no table names follows the days of signing, installing and acceptance."""
    _, is_advanced, signed, installed, accepted, jobs, revenue = row
    signed, installed, accepted = day(signed), day(installed), day(accepted)
    install_due, moved = POSTPONED.get(number, (LATE_DUE.get(number, workday(installed + timedelta(12))), None))
    ends = date(2019, 9, 30) if accepted < date(2019, 9, 28) or number == EXTENDED[0] else date(2019, 11, 30)
    settled = SETTLED_NEXT_YEAR.get(number, workday(accepted + timedelta(25)))
    failed = [(FAILED_FIRST[number], Result.FAILED)] if number in FAILED_FIRST else []
    bought = workday(signed + timedelta(30))
    return Work(
        signed=signed,
        ends=ends,
        dues=(
            Due("Ký hợp đồng mua sắm máy móc, thiết bị", workday(signed + timedelta(45)), bought),
            Due("Lắp đặt, chạy thử máy móc, thiết bị", install_due, installed, moved),
            Due("Nghiệm thu cơ sở", EXTENDED[3] if number == EXTENDED[0] else ends, accepted),
        ),
        checked=workday(installed - timedelta(6)),
        advanced=workday(installed - timedelta(2)) if is_advanced else None,
        acceptances=(*failed, (accepted, Result.PASSED)),
        accepted_amount=ACCEPTED_LESS.get(number),
        jobs=jobs,
        revenue=revenue,
        paid=workday(accepted + timedelta(9)),
        settled=settled,
        liquidated=workday(settled + timedelta(6)),
    )


def line(number: int, row, source: str, paper: str) -> Line:
    items = tuple(Item(*item) for item in ITEMS[number])
    return Line(
        activity=MACHINES,
        place=PARTIES[number][2],
        money={source: (row[0], paper)},
        total=sum(item.value for item in items),
        party=party(number),
        items=items,
        work=work(number, row),
    )


def single(number: int) -> Single:
    row = LOCAL[number]
    is_first = number in FIRST_BATCH
    registered = workday(date(2018, 9, 3) + timedelta(number))
    _, name, _, trade = PARTIES[number]
    return Single(
        code=f"MH-KCDP-2019-{number:02d}",
        name=f"Hỗ trợ ứng dụng máy móc thiết bị trong {trade} – {name}",
        year=YEAR,
        line=line(number, row, "KCDP", "dot_1" if is_first else "dot_2"),
        surveyed=workday(registered - timedelta(20)),
        registered=registered,
        appraised=date(2018, 10, 25) if is_first else date(2018, 11, 29),
        requested=row[0] + (20 if number % 3 == 0 else 0),
        planned=(date(2019, 3, 1), date(2019, 11, 30)),
    )


FAIR, STATION = "Đơn vị tổ chức hội chợ minh họa", "Đài Phát thanh – Truyền hình minh họa"
TASKS = [
    Task(
        "MH-HD-2019-01",
        "Tham gia hội chợ triển lãm hàng công nghiệp nông thôn tiêu biểu (minh họa)",
        YEAR,
        "HD14",
        150,
        "dot_1",
        signed=date(2019, 6, 14),
        ends=date(2019, 10, 15),
        provider=FAIR,
        advanced=(date(2019, 6, 25), 105),
        accepted=date(2019, 9, 30),
        payments=((date(2019, 10, 10), 45),),
        settled=date(2019, 10, 25),
    ),
    Task(
        "MH-HD-2019-02",
        "Hội thảo kỹ thuật về chế biến nông – lâm sản (minh họa)",
        YEAR,
        "HD05",
        95,
        "dot_1",
        signed=date(2019, 7, 5),
        ends=date(2019, 9, 16),
        provider="Đơn vị đào tạo minh họa",
        accepted=date(2019, 8, 30),
        payments=((date(2019, 9, 12), 95),),
        settled=date(2019, 9, 27),
    ),
    Task(
        "MH-HD-2019-03",
        "Chương trình truyền hình về khuyến công (minh họa)",
        YEAR,
        "HD19",
        80,
        "dot_2",
        signed=date(2019, 6, 18),
        ends=date(2019, 12, 16),
        provider=STATION,
        accepted=date(2019, 12, 6),
        payments=((date(2019, 12, 18), 80),),
        settled=date(2019, 12, 27),
    ),
    Task(
        "MH-HD-2019-04",
        "Quản lý, giám sát và mạng lưới cộng tác viên khuyến công (minh họa)",
        YEAR,
        "HD23",
        80,
        "dot_2",
        payments=((date(2019, 6, 28), 25), (date(2019, 9, 27), 25), (date(2019, 12, 20), 30)),
        accepted=date(2019, 12, 24),
        settled=date(2019, 12, 30),
    ),
]

TROUBLES = [
    Trouble(
        "MH-KCDP-2019-05",
        "beneficiary",
        "Cơ sở chưa chọn được nhà cung cấp máy khắc.",
        "Trung tâm giới thiệu nhà cung cấp.",
        date(2019, 4, 22),
        date(2019, 5, 20),
        "Đã ký hợp đồng mua máy.",
        date(2019, 5, 15),
    ),
    Trouble(
        "MH-KCDP-2019-12",
        "outside",
        "Mưa lũ làm hỏng đường vào xưởng, chưa vận chuyển được máy.",
        "Cho lùi mốc lắp đặt đến 30/09/2019.",
        date(2019, 7, 18),
        date(2019, 9, 30),
        "Đường đã thông, máy đã về xưởng.",
        date(2019, 9, 20),
    ),
    Trouble(
        "MH-KCDP-2019-10",
        "outside",
        "Máy nhập khẩu về cảng chậm hơn hợp đồng mua bán.",
        "Cơ sở cam kết tiến độ mới bằng văn bản.",
        date(2019, 7, 29),
        date(2019, 8, 20),
        "Máy đã lắp đặt xong.",
        date(2019, 8, 20),
    ),
    Trouble(
        "MH-KCDP-2019-14",
        "outside",
        "Nhà cung cấp đề nghị giao máy sau 30/10/2019.",
        "Gia hạn hợp đồng đến 30/11/2019.",
        date(2019, 9, 9),
        date(2019, 11, 15),
        "Đã ký phụ lục, máy đã lắp đặt.",
        date(2019, 11, 8),
    ),
    Trouble(
        "MH-KCDP-2019-07",
        "beneficiary",
        "Máy ép gạch chạy thử chưa đạt công suất.",
        "Nhà cung cấp chỉnh máy trước khi nghiệm thu lại.",
        date(2019, 9, 10),
        date(2019, 10, 1),
        "Máy đạt 8.000 viên/ca.",
        date(2019, 9, 30),
    ),
]
