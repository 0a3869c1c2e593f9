"""
The generator behind `mizan-generate`: IR in, a typed client out. It never imports Django, pydantic or the translator.
"""
