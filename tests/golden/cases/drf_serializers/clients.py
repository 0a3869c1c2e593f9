from rest_framework import serializers

from mizan.client import client
from tests.things.models import Thing


class ThingSerializer(serializers.ModelSerializer):
    class Meta:
        model = Thing
        fields = ("id", "name", "price")


@client(auth=False)
def add_thing(request, thing: ThingSerializer) -> ThingSerializer:
    return thing.save()


@client(auth=False)
def things(request) -> list[ThingSerializer]:
    return Thing.objects.all()
