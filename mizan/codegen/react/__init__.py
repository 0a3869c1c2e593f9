"""
The React target: what a client is called, and the files it consists of.
"""
