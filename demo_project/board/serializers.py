"""
A serializer of Django REST framework: what a project has already serves as a function's argument as it is.
"""

from __future__ import annotations

from rest_framework import serializers

from demo_project.board.models import Profile


class ProfileSerializer(serializers.ModelSerializer):
    class Meta:
        model = Profile
        fields = ("display_name", "email", "about")

    def validate_display_name(self, name: str) -> str:
        if not any(character.isalpha() for character in name):
            raise serializers.ValidationError("A name has at least one letter.")
        return name
