"""
The API pages: functions, contexts and the index as people see them in a browser.
"""
