from django.db import migrations

from backend.lifecycle.rights import withhold


class Migration(migrations.Migration):
    dependencies = [("programmes", "0002_weights")]

    operations = [
        withhold("programmes_policy", "UPDATE", "DELETE"),
        withhold("programmes_policyevent", "UPDATE", "DELETE"),
        withhold("programmes_regionpairevent", "UPDATE", "DELETE"),
    ]
