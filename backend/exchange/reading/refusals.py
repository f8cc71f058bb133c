"""A file that is not read at all, and why."""

from __future__ import annotations


class Refused(Exception):
    """The file as a whole; `rule` is for programs, the message for people."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message


SAVE_AS = "请在 Excel 中打开，另存为“Excel 工作簿 (*.xlsx)”后再上传"
MOST_COLUMNS = 200


def too_wide(row: int, columns: int) -> Refused:
    return Refused("too_many_columns", f"第 {row} 行有 {columns} 列，最多 {MOST_COLUMNS} 列，请删除多余的列")
