"""Sources, activities, norms and rules every installation starts with; loading again adds what is missing, no more."""

from datetime import date
from decimal import Decimal

from django.db.models import Q
from simple_history.utils import bulk_create_with_history

from funding.models import Activity, AdvanceRule, ChangeRule, FundingSource, Level, SupportNorm
from funding.reference_rules import advance_rules, change_rules
from khuyencong.text import fold

SOURCES = [
    # code, name, level, counted in the khuyến công totals, position
    ("KCQG", "Khuyến công quốc gia", Level.NATIONAL, True, 10),
    ("KCDP", "Khuyến công địa phương", Level.PROVINCE, True, 20),
    ("KCH", "Khuyến công cấp huyện", Level.DISTRICT, True, 30),
    ("DOIUNG", "Vốn đối ứng", Level.OTHER, False, 40),
    ("KHAC", "Nguồn khác", Level.OTHER, False, 50),
]

DECREE_45 = "Nghị định 45/2012/NĐ-CP, Điều 4"
DECREE_45_FROM = date(2012, 7, 5)

CONTENTS = [
    ("ND1", "Đào tạo nghề, truyền nghề", 1),
    ("ND2", "Nâng cao năng lực quản lý, sản xuất sạch hơn, khởi sự doanh nghiệp, mở rộng thị trường", 2),
    ("ND3", "Mô hình trình diễn kỹ thuật, chuyển giao công nghệ, ứng dụng máy móc tiên tiến", 3),
    ("ND4", "Sản phẩm CNNT tiêu biểu, hội chợ, triển lãm, thương hiệu", 4),
    ("ND5", "Tư vấn, trợ giúp cơ sở CNNT", 5),
    ("ND6", "Cung cấp thông tin, tuyên truyền", 6),
    ("ND7", "Liên doanh, liên kết, phát triển cụm công nghiệp, xử lý ô nhiễm", 7),
    ("ND8", "Hợp tác quốc tế về khuyến công", 8),
    ("ND9", "Nâng cao năng lực quản lý và tổ chức thực hiện hoạt động khuyến công", 9),
]

LEAVES = [
    # number in the yearly form, content, name, measures counted
    (1, "ND1", "Đào tạo nghề cho lao động mới", "Lao động; Lao động có việc làm sau đào tạo"),
    (2, "ND1", "Đào tạo nâng cao tay nghề", "Lao động"),
    (3, "ND2", "Đào tạo khởi sự doanh nghiệp", "Học viên"),
    (4, "ND2", "Đào tạo nâng cao năng lực quản lý", "Học viên"),
    (5, "ND2", "Hội thảo, tập huấn kỹ thuật chuyên đề", "Hội nghị"),
    (6, "ND2", "Tham quan khảo sát trong nước", "Đoàn; Lượt người"),
    (7, "ND2", "Tham quan khảo sát ngoài nước", "Đoàn; Lượt người"),
    (8, "ND2", "Thành lập cơ sở CNNT", "Cơ sở"),
    (9, "ND3", "Mô hình trình diễn kỹ thuật", "Mô hình"),
    (
        10,
        "ND3",
        "Chuyển giao công nghệ, ứng dụng máy móc thiết bị tiên tiến, tiến bộ KHKT",
        "Cơ sở",
    ),
    (11, "ND3", "Mô hình thí điểm sản xuất sạch hơn", "Mô hình"),
    (12, "ND4", "Bình chọn sản phẩm CNNT tiêu biểu", "Sản phẩm"),
    (13, "ND4", "Tổ chức hội chợ, triển lãm hàng CNNT tiêu biểu", "Hội chợ; Gian hàng"),
    (14, "ND4", "Cơ sở CNNT tham gia hội chợ triển lãm", "Cơ sở"),
    (15, "ND4", "Cơ sở CNNT xây dựng, đăng ký thương hiệu", "Cơ sở"),
    (16, "ND4", "Làng nghề xây dựng, đăng ký thương hiệu", "Làng nghề"),
    (17, "ND5", "Thuê tư vấn lập dự án đầu tư, marketing…", "Cơ sở"),
    (18, "ND6", "Bản tin, ấn phẩm", "Bản tin, ấn phẩm"),
    (19, "ND6", "Chương trình truyền hình, truyền thanh", "Chương trình"),
    (20, "ND7", "Thành lập hiệp hội ngành nghề", "Hiệp hội"),
    (21, "ND7", "Quy hoạch chi tiết cụm công nghiệp", "Cụm"),
    (22, "ND7", "Kết cấu hạ tầng cụm công nghiệp", "Cụm"),
    (23, "ND9", "Nâng cao năng lực quản lý và tổ chức thực hiện", "Lớp; Lượt người"),
    (24, None, "Nội dung khác", ""),
]

CIRCULAR_2014 = "Thông tư liên tịch 26/2014/TTLT-BTC-BCT, Điều 6 khoản 2"
CIRCULAR_2018 = "Thông tư 28/2018/TT-BTC, Điều 8"
FROM_2014, TO_2014, FROM_2018 = date(2014, 4, 8), date(2018, 5, 10), date(2018, 5, 11)

# code: (what is supported, leaf activity, ceiling is per, percent is of)
ITEMS = {
    "N01": ("Thành lập doanh nghiệp sản xuất CNNT", 8, "doanh nghiệp", ""),
    "N02a": ("Mô hình trình diễn công nghệ mới, sản phẩm mới", 9, "mô hình", ""),
    "N02b": ("Mô hình của cơ sở đang hoạt động có hiệu quả", 9, "mô hình", ""),
    "N03": ("Mô hình thí điểm sản xuất sạch hơn", 11, "mô hình", ""),
    "N04": ("Ứng dụng máy móc thiết bị, chuyển giao công nghệ tiên tiến", 10, "cơ sở", ""),
    "N04L": ("Ứng dụng dây chuyền công nghệ", 10, "cơ sở", ""),
    "N05a": ("Tổ chức hội chợ triển lãm trong nước", 13, "hội chợ", ""),
    "N05b": ("Tham gia hội chợ triển lãm khác trong nước", 14, "gian hàng", "tiền thuê gian hàng"),
    "N06": ("Hội chợ triển lãm ở nước ngoài", None, "hội chợ", ""),
    "N07": ("Khảo sát, học tập ở nước ngoài", 7, "người", "vé máy bay"),
    "N08a": ("Tổ chức bình chọn sản phẩm cấp khu vực", 12, "lần", ""),
    "N08b": ("Tổ chức bình chọn sản phẩm cấp quốc gia", 12, "lần", ""),
    "N08c": ("Thưởng sản phẩm đạt cấp khu vực", 12, "sản phẩm", ""),
    "N08d": ("Thưởng sản phẩm đạt cấp quốc gia", 12, "sản phẩm", ""),
    "N09": ("Xây dựng, đăng ký thương hiệu", 15, "thương hiệu", ""),
    "N10": ("Thuê tư vấn", 17, "cơ sở", ""),
    "N11": ("Truyền hình, truyền thanh, ấn phẩm", 19, "hợp đồng", ""),
    "N12a": ("Thành lập hội, hiệp hội cấp vùng", 20, "hội", ""),
    "N12b": ("Thành lập hội, hiệp hội cấp quốc gia", 20, "hội", ""),
    "N13": ("Hình thành cụm liên kết doanh nghiệp công nghiệp", None, "cụm liên kết", ""),
    "N14": ("Lãi suất vốn vay khi di dời cơ sở gây ô nhiễm", None, "cơ sở", "lãi vay hai năm đầu"),
    "N15": ("Sửa chữa, nâng cấp hệ thống xử lý ô nhiễm tại cơ sở", None, "cơ sở", ""),
    "N16": ("Sửa chữa, nâng cấp hệ thống xử lý ô nhiễm tại cụm công nghiệp", None, "cụm công nghiệp", ""),
    "N17": ("Lập quy hoạch chi tiết cụm công nghiệp", 21, "cụm công nghiệp", ""),
    "N18": ("Đầu tư kết cấu hạ tầng cụm công nghiệp", 22, "cụm công nghiệp", ""),
    "N19a": ("Quản lý chương trình", 23, "năm", "kinh phí khuyến công trong năm"),
    "N19b": ("Quản lý đề án", 23, "đề án", "dự toán đề án"),
    "M1": ("Hệ số ưu tiên theo địa bàn, ngành nghề", None, "đề án", ""),
}

NORMS_2014 = {
    # code: (percent, ceiling in VND, point of the clause)
    "N01": (None, 10_000_000, "a"),
    "N02a": (30, 500_000_000, "b"),
    "N02b": (None, 100_000_000, "b"),
    "N04": (50, 200_000_000, "c"),
    "N05a": (100, None, "d"),
    "N05b": (80, None, "d"),
    "N06": (100, None, "đ"),
    "N07": (100, None, "e"),
    "N08a": (None, 100_000_000, "g"),
    "N08b": (None, 200_000_000, "g"),
    "N08c": (None, 5_000_000, "g"),
    "N08d": (None, 10_000_000, "g"),
    "N09": (50, 35_000_000, "h"),
    "N10": (50, 35_000_000, "i"),
    "N11": (None, None, "k"),
    "N12a": (30, 70_000_000, "l"),
    "N12b": (30, 100_000_000, "l"),
    "N13": (50, 150_000_000, "m"),
    "N14": (50, 500_000_000, "n"),
    "N15": (30, 300_000_000, "o"),
    "N16": (30, 1_500_000_000, "p"),
    "N17": (50, 500_000_000, "q"),
    "N18": (None, 3_000_000_000, "r"),
    "N19a": ("1.5", None, "s"),
    "N19b": ("2.5", None, "s"),
    "M1": (None, None, "t"),
}

NORMS_2018 = {
    # code: (percent, ceiling in VND, clause of article 8 where read, whether it was read in a source, note)
    "N02a": (30, 1_000_000_000, "2", True, ""),
    "N04": (50, 300_000_000, "4", True, ""),
    "N04L": (None, 450_000_000, "4", True, "Mức tối đa đã đọc; tỷ lệ trên chi phí chưa xác minh."),
    "N06": (100, None, "6", True, ""),
    "N07": (100, None, "", True, ""),
    "N08a": (None, 200_000_000, "", True, ""),
    "N08b": (None, 400_000_000, "", True, ""),
    "N18": (None, 6_000_000_000, "", True, ""),
    "N02b": (None, 100_000_000, "2", False, ""),
    "N03": (30, 500_000_000, "3", False, ""),
    "N01": (None, 10_000_000, "1", False, ""),
    "N05a": (100, None, "5", False, ""),
    "N05b": (80, None, "5", False, ""),
    "N08c": (None, None, "", False, "Chưa biết mức thưởng."),
    "N08d": (None, None, "", False, "Chưa biết mức thưởng."),
    "N09": (50, 35_000_000, "", False, "Đơn vị tính có thể là nhãn hiệu."),
    "N10": (50, 50_000_000, "", False, ""),
    "N12a": (30, 70_000_000, "", False, ""),
    "N12b": (30, 100_000_000, "", False, ""),
    "N13": (50, 150_000_000, "", False, ""),
    "N14": (50, 500_000_000, "", False, ""),
    "N15": (30, 300_000_000, "", False, ""),
    "N16": (30, 1_500_000_000, "", False, ""),
    "N17": (50, 500_000_000, "", False, ""),
    "N19a": ("1.5", None, "", False, ""),
    "N19b": (3, None, "", False, "4 % ở địa bàn đặc biệt khó khăn."),
    "M1": (None, None, "", False, ""),
}


def leaf_code(number: int) -> str:
    return f"HD{number:02d}"


def load_reference():
    """Add the missing sources, activities, norms and rules: a fixed number of queries, none of them per row."""
    _add_missing(
        FundingSource,
        "code",
        [
            FundingSource(code=code, name=name, level=level, is_counted=counted, position=position)
            for code, name, level, counted, position in SOURCES
        ],
    )
    _add_missing(Activity, "code", _contents())
    parents = dict(Activity.objects.filter(is_leaf=False).values_list("code", "pk"))
    _add_missing(Activity, "code", _leaves(parents))
    leaves = dict(Activity.objects.filter(is_leaf=True).values_list("code", "pk"))
    norms = [*_norms_2014(leaves), *_norms_2018(leaves)]
    _add_missing(SupportNorm, ("code", "level", "valid_from"), norms)
    _add_missing(ChangeRule, ("change", "level", "is_group", "valid_from"), change_rules())
    numbers = {number: leaves[leaf_code(number)] for number, *_ in LEAVES if leaf_code(number) in leaves}
    _add_missing(AdvanceRule, ("activity_id", "level", "valid_from"), advance_rules(numbers))


def _add_missing(model, key, rows):
    """What somebody deleted, or gave another code or first day, stays as that person left it."""
    names = (key,) if isinstance(key, str) else key
    by_somebody = Q(history_type="-", history_user__isnull=False)
    told = model.history.filter(by_somebody | Q(id__in=model.objects.values("pk")))
    known = set(model.objects.values_list(*names)) | set(told.order_by().values_list(*names))
    missing = [row for row in rows if tuple(getattr(row, name) for name in names) not in known]
    if missing:
        bulk_create_with_history(missing, model, default_change_reason="Danh mục ban đầu")


def _contents():
    return [
        Activity(
            code=code,
            name=name,
            name_key=fold(name),
            is_leaf=False,
            legal_basis=f"{DECREE_45} khoản {clause}",
            valid_from=DECREE_45_FROM,
            position=clause * 100,
        )
        for code, name, clause in CONTENTS
    ]


def _leaves(parents):
    return [
        Activity(
            code=leaf_code(number),
            name=name,
            name_key=fold(name),
            parent_id=parents.get(content),
            measures=measures,
            position=(int(content[2:]) * 100 if content else 1000) + number,
        )
        for number, content, name, measures in LEAVES
    ]


def _norm(code, leaves, percent, ceiling_vnd, **fields):
    name, leaf, unit, base = ITEMS[code]
    multipliers = {"M1": SupportNorm.Multiplier.PRIORITY, "N04L": SupportNorm.Multiplier.TECHNOLOGY_LINE}
    return SupportNorm(
        code=code,
        name=name,
        activity_id=leaves.get(leaf_code(leaf)) if leaf else None,
        level=Level.NATIONAL,
        percent_max=None if percent is None else Decimal(percent),
        percent_base=base,
        ceiling_vnd=ceiling_vnd,
        ceiling_unit=unit,
        multiplier=multipliers.get(code, SupportNorm.Multiplier.NONE),
        # The ceiling of a whole line (N04L) was read already multiplied.
        multiplier_max=Decimal("1.5") if code == "M1" else None,
        **fields,
    )


def _norms_2014(leaves):
    return [
        _norm(
            code,
            leaves,
            percent,
            ceiling_vnd,
            legal_basis=f"{CIRCULAR_2014} điểm {point}",
            valid_from=FROM_2014,
            valid_to=TO_2014,
            is_verified=True,
        )
        for code, (percent, ceiling_vnd, point) in NORMS_2014.items()
    ]


def _norms_2018(leaves):
    return [
        _norm(
            code,
            leaves,
            percent,
            ceiling_vnd,
            legal_basis=f"{CIRCULAR_2018} khoản {clause}" if clause else CIRCULAR_2018,
            valid_from=FROM_2018,
            is_verified=verified,
            note=note,
        )
        for code, (percent, ceiling_vnd, clause, verified, note) in NORMS_2018.items()
    ]
