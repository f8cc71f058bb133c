"""`?export=xlsx|csv` on a list: the same rows, filters, order and scope as on the screen, as one file."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from typing import Any, ClassVar

from django.http.response import HttpResponseBase
from django.utils import timezone
from rest_framework.generics import ListAPIView
from rest_framework.request import Request

from backend.web.files import attachment
from backend.web.filters import EXPORT
from backend.web.problems import Invalid
from backend.web.sheets import Column, TooMany, at_most, write_csv, write_xlsx

# A sheet holds 1 048 576 rows; beyond this many nobody reads one, and the server has others to answer.
LARGEST = 200_000
_CHUNK = 2_000
_MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
FORMATS = tuple(_MEDIA_TYPES)
_IN_MEMORY = 4 << 20  # bytes; a larger file waits on the disk
_UNPAGED = ("page", "page_size")


class Exported(ListAPIView[Any]):
    """A list that can be taken away as a file.

    `export_title` names the file and its sheet; `export_notes` are sentences for the sheet 说明.
    """

    export_title: ClassVar[str]
    export_columns: ClassVar[tuple[Column, ...]]
    export_notes: ClassVar[tuple[str, ...]] = ()

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        form = request.query_params.get(EXPORT)
        if form is None:
            return super().list(request, *args, **kwargs)
        if form not in FORMATS:
            raise Invalid(f"只能导出为 {' 或 '.join(FORMATS)}，收到的是“{form}”", field=EXPORT)
        for name in _UNPAGED:
            if name in request.query_params:
                raise Invalid("导出的总是整个列表，不分页，请去掉这个参数", field=name)
        return self._file(request, form)

    def _file(self, request: Request, form: str) -> HttpResponseBase:
        rows = at_most(LARGEST, self.filter_queryset(self.get_queryset()).iterator(chunk_size=_CHUNK))
        file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  (FileResponse closes it)
        try:
            if form == "xlsx":
                write_xlsx(file, self.export_title, self.export_columns, rows, lambda n: self._notes(request, n))
            else:
                write_csv(file, self.export_columns, rows)
        except TooMany:
            file.close()
            raise Invalid(f"超过 {LARGEST} 行，请先筛选再导出", field=EXPORT) from None
        except BaseException:
            file.close()
            raise
        file.seek(0)
        name = f"{self.export_title}-{timezone.localtime():%Y%m%d-%H%M}.{form}"
        return attachment(file, name, _MEDIA_TYPES[form])

    def _notes(self, request: Request, count: int) -> Sequence[str]:
        """What a reader must know who has only the file: when, what was asked, how many, in which units."""
        return [
            f"{self.export_title}，{timezone.localtime():%Y-%m-%d %H:%M} 导出，共 {count} 行",
            f"筛选条件：{'；'.join(self._asked(request)) or '无'}",
            "空白表示未知，不是零",
            *self.export_notes,
        ]

    def _asked(self, request: Request) -> Sequence[str]:
        """The filters in use, in the words of their labels."""
        fields = self.filterset_class(request.query_params, queryset=self.get_queryset()).form.fields  # type: ignore[attr-defined]
        said = []
        for name, field in fields.items():
            given = [value for value in request.query_params.getlist(name) if value]
            words = {str(key): str(label) for key, label in getattr(field, "choices", ())} | _YES_NO
            if given:
                said.append(f"{field.label or name}＝{'、'.join(words.get(value, value) for value in given)}")
        return said


_YES_NO = {"true": "是", "false": "否"}
