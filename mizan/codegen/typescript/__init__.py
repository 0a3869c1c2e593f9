"""
TypeScript as data: a tree of what generated files hold, its printer, and the language's rules for names and text.
"""
