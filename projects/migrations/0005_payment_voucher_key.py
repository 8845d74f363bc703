from django.db import migrations, models

from khuyencong.text import fold

BATCH = 500


def fill(apps, schema_editor):
    """The keys of vouchers entered before there were any."""
    payments = apps.get_model("projects", "Payment").objects.exclude(voucher="")
    changed = []
    for payment in payments.iterator(chunk_size=BATCH):
        payment.voucher_key = fold(payment.voucher)
        changed.append(payment)
    payments.bulk_update(changed, ["voucher_key"], batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0004_correction_by_command"),
    ]

    operations = [
        migrations.AddField(
            model_name="payment",
            name="voucher_key",
            field=models.CharField(blank=True, default="", editable=False, max_length=100),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
