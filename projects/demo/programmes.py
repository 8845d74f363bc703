"""The demonstration's programmes of several years, both invented: one that 2019 belongs to, one of the present."""

from dataclasses import dataclass

from funding.models import Programme, ProgrammeTarget
from projects.demo.builder import Builder
from projects.demo.lao_cai_now import Calendar
from projects.demo.rows import million

Measure = ProgrammeTarget.Measure
YEARS = 5


@dataclass(frozen=True)
class Target:
    """``amount`` in million đồng where the measure is money, else a count; ``source`` "" for all."""

    measure: str
    amount: int
    source: str = ""
    activity: str = ""


OF_YEN_BAI = (
    Target(Measure.APPROVED, 4000, "KCQG"),
    Target(Measure.APPROVED, 15000, "KCDP"),
    Target(Measure.DISBURSED, 19000),
    Target(Measure.PROJECTS, 100),
    Target(Measure.ESTABLISHMENTS, 110),
)
OF_LAO_CAI = (
    Target(Measure.APPROVED, 6500, "KCQG"),
    Target(Measure.APPROVED, 12000, "KCDP"),
    Target(Measure.PROJECTS, 90),
    Target(Measure.BENEFICIARIES, 110, activity="HD10"),
)


def build(builder: Builder, days: Calendar):
    _programme(builder, "tỉnh Yên Bái", 2016, "MH-45/QĐ-UBND", OF_YEN_BAI, "Số liệu minh họa chỉ có năm 2019.")
    # Five-year programmes begin in years that end in 1 or 6.
    first = days.year - (days.year - 1) % YEARS
    _programme(builder, "tỉnh Lào Cai", first, "MH-46/QĐ-UBND", OF_LAO_CAI, "")


def _programme(builder, province, first, number, targets, note):
    last = first + YEARS - 1
    programme = builder.keep(
        Programme(
            name=f"Chương trình khuyến công {province} giai đoạn {first}–{last} (minh họa)",
            starts_year=first,
            ends_year=last,
            legal_basis=f"Quyết định {number} (minh họa)",
            note=note,
        )
    )
    for row in targets:
        builder.keep(
            ProgrammeTarget(
                programme=programme,
                measure=row.measure,
                source=builder.sources[row.source] if row.source else None,
                activity=builder.activities[row.activity] if row.activity else None,
                amount=million(row.amount) if row.measure in ProgrammeTarget.MONEY else row.amount,
            )
        )
