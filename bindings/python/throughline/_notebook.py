"""A table as a notebook shows it: its first rows, and no charts. Imported only when one is shown."""

from __future__ import annotations

from html import escape
from typing import Any, List

from .table import Column, Table

_ROWS = 60


def _text_of(value: Any, column: Column) -> str:
    if value is None:
        return ""
    if column.kind == "real":
        return f"{value:.1%}" if column.unit == "share" else f"{value:,.2f}"
    return f"{value:,}" if column.kind == "integer" and column.unit else str(value)


def _cell(tag: str, text: str, column: Column, more: str = "") -> str:
    align = "right" if column.kind in ("integer", "real") else "left"
    return f'<{tag} style="text-align:{align}"{more}>{escape(text)}</{tag}>'


def html_of(table: Table) -> str:
    """The finding, the rows, what each column means where the mouse rests on its name."""
    columns = list(table.columns.values())
    rows: List[str] = []
    for row in range(min(len(table), _ROWS)):
        cells = (_cell("td", _text_of(table.cell(row, place), column), column)
                 for place, column in enumerate(columns))
        rows.append(f"<tr>{''.join(cells)}</tr>")
    head = "".join(_cell("th", column.name, column, f' title="{escape(column.definition)}"')
                   for column in columns)
    left_out = len(table) - len(rows)
    return (f"<table><caption>{escape(table.finding)}</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
            + (f"<p>and {left_out:,} more rows</p>" if left_out else ""))
