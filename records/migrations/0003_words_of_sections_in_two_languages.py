from django.db import migrations


class Migration(migrations.Migration):
    """What has one text for all languages gets one for each; what is there is the English one."""

    dependencies = [("records", "0002_caption_template_and_orders_of_the_list")]

    operations = [
        migrations.RenameField("recordtype", "name", "name_en"),
        migrations.RenameField("recordtype", "name_plural", "name_plural_en"),
        migrations.RenameField("recordfield", "label", "label_en"),
        migrations.RenameField("recordfield", "choices", "choice_rows"),
    ]
