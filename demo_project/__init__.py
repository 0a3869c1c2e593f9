"""
Pinboard, a shared task board: the product that shows what Mizan does.
"""
