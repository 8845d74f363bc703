from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0003_no_versions"),
    ]

    operations = [
        migrations.AlterField(
            model_name="historicalprojectdecision",
            name="kind",
            field=models.CharField(
                choices=[
                    ("proposed", "Đề xuất"),
                    ("registered", "Đăng ký"),
                    ("returned", "Yêu cầu bổ sung hồ sơ"),
                    ("appraised_base", "Thẩm định cấp cơ sở"),
                    ("appraised_ministry", "Thẩm định cấp Bộ"),
                    ("approved", "Phê duyệt"),
                    ("group_approved", "Phê duyệt kế hoạch triển khai đề án nhóm"),
                    ("adjusted", "Điều chỉnh"),
                    ("extended", "Gia hạn"),
                    ("stopped", "Ngừng triển khai"),
                    ("resumed", "Tiếp tục triển khai"),
                    ("rejected", "Không phê duyệt"),
                    ("moved", "Chuyển sang năm sau"),
                ],
                max_length=20,
                verbose_name="loại",
            ),
        ),
        migrations.AlterField(
            model_name="projectdecision",
            name="kind",
            field=models.CharField(
                choices=[
                    ("proposed", "Đề xuất"),
                    ("registered", "Đăng ký"),
                    ("returned", "Yêu cầu bổ sung hồ sơ"),
                    ("appraised_base", "Thẩm định cấp cơ sở"),
                    ("appraised_ministry", "Thẩm định cấp Bộ"),
                    ("approved", "Phê duyệt"),
                    ("group_approved", "Phê duyệt kế hoạch triển khai đề án nhóm"),
                    ("adjusted", "Điều chỉnh"),
                    ("extended", "Gia hạn"),
                    ("stopped", "Ngừng triển khai"),
                    ("resumed", "Tiếp tục triển khai"),
                    ("rejected", "Không phê duyệt"),
                    ("moved", "Chuyển sang năm sau"),
                ],
                max_length=20,
                verbose_name="loại",
            ),
        ),
    ]
