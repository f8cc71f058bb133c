"""Reading a file that anybody may have made: runs in a process of its own, knows neither Django nor the database.

`python -m backend.exchange.reading FILE SHEET [IGNORED …]` writes JSON, one value a line: a `heading` object, then each
row as `[number, cells, hidden]`, then `{"end": rows}`; or one `{"refused": …}` object. Forms of a cell (`cells.py`):
null, text, number, true/false, `["date", iso]`, `["formula", text]`, `["error", text]`, `["long", length, beginning]`.
"""
