from django.db import migrations

from backend.lifecycle.rights import withhold


class Migration(migrations.Migration):
    dependencies = [("needs", "0001_initial")]

    operations = [
        withhold("needs_needevent", "UPDATE", "DELETE"),
    ]
