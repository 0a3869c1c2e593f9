"""
The Mizan protocol as data and rules, without a web framework: names, errors, specs, signatures, registry, envelopes.
"""
