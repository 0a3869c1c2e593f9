"""
Every function that React calls. Each module here is found because the app's ``ready`` names this package.
"""
