"""
What one version of the registry serves: each function with its types and targets, and the contexts that they form.
"""
