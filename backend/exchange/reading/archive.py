"""What kind of file it is, by its content, and whether a workbook's zip directory promises trouble.

Everything here is decided from the directory and the names in it: nothing has been inflated yet.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

from backend.exchange.reading.refusals import SAVE_AS, Refused

_MEGABYTE = 1 << 20
LARGEST_INFLATED = 400 * _MEGABYTE
_SUSPECT_FROM = 20 * _MEGABYTE  # below, whatever the ratio, there is nothing to fear
_SUSPECT_RATIO = 150  # honest sheets of repetitive rows stay below 60
_MOST_PARTS = 2000

_ZIP, _OLE = b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def is_workbook(path: Path) -> bool:
    """Whether to read it as a workbook; otherwise it is text. Raises Refused for an old or protected workbook."""
    with path.open("rb") as file:
        head = file.read(8)
        if head.startswith(_OLE):
            file.seek(0)
            if _ENCRYPTED in file.read():
                raise Refused("encrypted", "文件设有打开密码，请取消密码后再上传")
            raise Refused("old_excel", f"这是旧版 Excel 文件 (*.xls)。{SAVE_AS}")
    if not head:
        raise Refused("empty", "文件是空的")
    return head.startswith(_ZIP)


def inspect(path: Path) -> zipfile.ZipFile:
    """Open the workbook's archive. Raises Refused for what is damaged, inflates to too much, or is no plain .xlsx."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise Refused("damaged", "文件不完整或已损坏，请重新保存后再上传") from None
    parts = archive.infolist()
    inflated = sum(part.file_size for part in parts)
    if inflated > LARGEST_INFLATED or len(parts) > _MOST_PARTS or any(map(_suspect, parts)):
        raise Refused("zip_bomb", f"文件解压后有 {inflated // _MEGABYTE} MB，远超正常表格，没有打开")
    names = {part.filename.lower() for part in parts}
    if any(part.flag_bits & 1 for part in parts):
        raise Refused("encrypted", "文件设有打开密码，请取消密码后再上传")
    if "xl/workbook.bin" in names:
        raise Refused("binary_workbook", f"这是二进制工作簿 (*.xlsb)。{SAVE_AS}")
    if "xl/workbook.xml" not in names:
        raise Refused("not_a_table", "这不是 Excel 工作簿，只接受 .xlsx 和 .csv 文件")
    if any(name.endswith("vbaproject.bin") for name in names):
        raise Refused("macros", f"文件含有宏 (*.xlsm)，不予打开。{SAVE_AS}")
    return archive


def _suspect(part: zipfile.ZipInfo) -> bool:
    return part.file_size > _SUSPECT_FROM and part.file_size > _SUSPECT_RATIO * max(1, part.compress_size)
