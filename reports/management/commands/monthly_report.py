"""Write the monthly workbook as of the last day of a month, or of another span."""

from pathlib import Path

from khuyencong.commands import OfficeCommand, plan_year
from khuyencong.database import at_one_moment
from khuyencong.dates import format_day, parse_iso
from khuyencong.errors import Unreadable
from reports.detail_rows import read_month
from reports.excel.month import write_month
from reports.monthly import Span, span_of_month
from reports.monthly_book import month_report


class Command(OfficeCommand):
    help = "Lập báo cáo tháng (Excel) tính đến ngày cuối tháng."

    def add_arguments(self, parser):
        parser.add_argument("--month", help="Tháng, ví dụ 2019-05.")
        parser.add_argument("--out", required=True, help="Tệp .xlsx sẽ ghi.")
        parser.add_argument("--year", help="Năm kế hoạch; nếu không ghi thì là năm của tháng báo cáo.")
        parser.add_argument("--from", dest="first", help="Ngày đầu kỳ, nếu kỳ không phải là một tháng.")
        parser.add_argument("--to", dest="last", help="Ngày cuối kỳ, nếu kỳ không phải là một tháng.")

    def handle(self, *args, month, out, year, first, last, **options):
        span = asked_span(month, first, last)
        year = plan_year(year or (month or f"{span.last.year}")[:4])
        report = month_report(at_one_moment(read_month, year, span.first, span.last))
        try:
            write_month(report, Path(out))
        except OSError as error:
            raise Unreadable(f"Không ghi được tệp {out}. Hãy kiểm tra thư mục và quyền ghi.") from error


def asked_span(month, first, last) -> Span:
    """Raises ValueError with a Vietnamese sentence where the span cannot be told or ends before it starts."""
    if bool(first) != bool(last):
        raise Unreadable("Kỳ báo cáo cần cả --from và --to.")
    if not first:
        if not month:
            raise Unreadable("Thiếu tháng báo cáo: ghi --month, ví dụ --month 2019-05.")
        return span_of_month(month)
    if month:
        span_of_month(month)
    span = Span(parse_iso(first), parse_iso(last))
    if span.first > span.last:
        raise Unreadable(f"Ngày cuối kỳ {format_day(span.last)} trước ngày đầu kỳ {format_day(span.first)}.")
    return span
