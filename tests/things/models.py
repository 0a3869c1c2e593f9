"""
Models for tests.
"""

from django.db import models


class Shelf(models.Model):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "things"


class Thing(models.Model):
    shelf = models.ForeignKey(Shelf, on_delete=models.CASCADE, related_name="things", null=True)
    name = models.CharField(max_length=20)
    price = models.DecimalField(max_digits=8, decimal_places=2, default="1.10")

    class Meta:
        app_label = "things"


class Label(models.Model):
    name = models.CharField(max_length=20)
    things = models.ManyToManyField(Thing, related_name="labels")

    class Meta:
        app_label = "things"


class Box(Thing):
    depth = models.IntegerField(default=1)

    class Meta:
        app_label = "things"


class OldThing(Thing):
    class Meta:
        app_label = "things"
        proxy = True
