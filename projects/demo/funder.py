"""What the demonstration's Centre received from its funders, and returned: 2019 closes with nothing left."""

from dataclasses import dataclass
from datetime import date

from projects import services
from projects.demo import lao_cai_now, yen_bai_2019
from projects.demo.builder import Builder
from projects.demo.lao_cai_now import Calendar
from projects.demo.rows import million
from projects.models import Contract


@dataclass(frozen=True)
class Money:
    """``amount`` in million đồng; ``contract`` the number of the national one, "" for none."""

    source: str
    amount: int
    on: date
    voucher: str
    contract: str = ""
    note: str = ""


CUC = yen_bai_2019.NATIONAL_CONTRACT[0]
RECEIVED_2019 = [
    Money("KCDP", 1815, date(2019, 1, 25), "MH-BC-01", note="Đợt 1"),
    Money("KCDP", 1185, date(2019, 4, 2), "MH-BC-02", note="Đợt 2"),
    Money("KCQG", 630, date(2019, 8, 12), "MH-BC-03", CUC, "Tạm ứng 70 %"),
    Money("KCQG", 180, date(2019, 10, 2), "MH-BC-04", CUC, "Phần còn lại của hai cơ sở đã nghiệm thu"),
    Money("KCQG", 90, date(2019, 10, 22), "MH-BC-05", CUC, "Phần còn lại"),
]
RETURNED_2019 = [Money("KCDP", 5, date(2019, 12, 27), "MH-NT-01", note="Giá mua máy thấp hơn dự toán")]


def received_now(days: Calendar) -> list[Money]:
    return [
        Money("KCDP", 1400, days.past(0.1), "MH-BC-31", note="Đợt 1"),
        Money("KCQG", 420, days.past(0.3), "MH-BC-32", "MH-31/HĐ-ĐCK", "Tạm ứng đợt 1"),
        Money("KCQG", 400, days.past(0.32), "MH-BC-33", note="Đề án riêng lẻ"),
        Money("KCDP", 600, days.past(0.4), "MH-BC-34", note="Đợt 2"),
    ]


def returned_now(days: Calendar) -> list[Money]:
    """What came back of a stopped đề án goes on to the budget."""
    return [Money("KCDP", lao_cai_now.RECOVERED, days.ago(3), "MH-NT-31", note="Tạm ứng thu hồi của đề án ngừng")]


def build(builder: Builder, days: Calendar):
    """After the contracts, payments and recoveries of both years."""
    for year, received, returned in (
        (yen_bai_2019.YEAR, RECEIVED_2019, RETURNED_2019),
        (days.year, received_now(days), returned_now(days)),
    ):
        for service, rows in ((services.record_receipt, received), (services.record_return, returned)):
            for row in rows:
                _enter(builder, service, year, row)


def _enter(builder, service, year, row):
    service(
        source=builder.sources[row.source],
        year=year,
        contract=Contract.objects.get(number=row.contract) if row.contract else None,
        on=row.on,
        amount_vnd=million(row.amount),
        voucher=row.voucher,
        note=row.note,
        by=builder.accountant,
    )
