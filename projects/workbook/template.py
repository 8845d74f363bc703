"""The empty workbook that the office fills in."""

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font

from projects.workbook.columns import SHEETS
from projects.workbook.paper import FONT, GUIDE_SHEET, add_lists, add_sheet, lists, save

GUIDE = [
    ("Cách dùng tệp nhập đề án", True),
    ("Trang “Đề án” ghi mỗi dòng một cơ sở (hoặc hoạt động) và một nguồn kinh phí; dòng cùng mã là một đề án.",),
    ("Trang “Kế hoạch” ghi các quyết định giao, điều chỉnh, đề nghị kế hoạch; có thể để trống.",),
    ("Cột có dấu * là bắt buộc. Cột khác để trống nghĩa là chưa biết, không phải bằng 0.",),
    ("Ngày tháng và số tiền", True),
    ("Ngày ghi theo dạng ngày/tháng/năm, ví dụ 31/05/2019.",),
    ("Số tiền tính bằng đồng. Muốn ghi bằng triệu đồng, thêm “(triệu đồng)” vào cuối tiêu đề cột.",),
    ("Số tiền ghi bằng chữ số hoặc như 900.000.000; dấu phẩy ngăn phần thập phân, ví dụ 262,5.",),
    ("Đề án nhóm", True),
    ("Lúc chưa có cơ sở, ghi một dòng không có cơ sở thụ hưởng với cả kinh phí và số cơ sở dự kiến.",),
    ("Khi có cơ sở, thêm mỗi cơ sở một dòng; kinh phí lấy từ dòng chưa có cơ sở vào Ngày phê duyệt của dòng mới.",),
    ("Hợp đồng, chi trả, nghiệm thu", True),
    ("Kinh phí hợp đồng để trống nghĩa là ký bằng Kinh phí hỗ trợ; số đã ký rồi thì giữ nguyên.",),
    ("Đã tạm ứng, Đã thanh toán là tổng số đến nay, kèm ngày của lần gần nhất.",),
    ("Dòng đã chi hoặc nghiệm thu mà không có số hợp đồng và cơ sở là dòng không có hợp đồng.",),
    ("Nhập lại", True),
    ("Nhập lại cùng tệp không làm thay đổi gì. Ô trống hoặc dòng thiếu không xóa dữ liệu đã có.",),
    ("Số tiền thay đổi được ghi thành một khoản chênh lệch vào ngày của dòng; ô khác thay đổi thì được sửa lại.",),
    ("Tệp xuất ra cũ hơn dữ liệu thì không nhập được: hãy xuất tệp mới rồi sửa.",),
]


def write_template(path):
    """Headings, notes and drop-down lists over empty rows, and a sheet of guidance in Vietnamese."""
    values = lists()
    book = Workbook(write_only=True)
    pages = {sheet: add_sheet(book, sheet) for sheet in SHEETS}
    _add_guide(book)
    add_lists(book, pages, values)
    save(book, path)


def _add_guide(book):
    page = book.create_sheet(GUIDE_SHEET)
    page.column_dimensions["A"].width = 110
    for text, *is_head in GUIDE:
        cell = WriteOnlyCell(page, text)
        cell.font = Font(name=FONT, size=12, bold=bool(is_head))
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        page.append([cell])
