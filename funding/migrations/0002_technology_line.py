"""The ceiling for a whole technology line (N04L) is marked as such, where nobody has set its multiplier yet."""

from django.db import migrations


def mark(apps, schema_editor):
    norms = apps.get_model("funding", "SupportNorm")
    norms.objects.filter(code="N04L", level="national", multiplier="none").update(multiplier="technology_line")


class Migration(migrations.Migration):
    dependencies = [("funding", "0001_initial")]

    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
