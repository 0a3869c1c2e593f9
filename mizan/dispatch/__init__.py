"""
The one call path: what every transport does with a function once it knows who is asking.
"""
