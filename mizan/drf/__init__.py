"""
Django and DRF around the wire: serializers and their fields, form values, permission and throttle classes, renderers.
"""
