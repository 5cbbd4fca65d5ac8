"""The same tables as workbooks that a screen reader can read: XLSX and ODS."""

from hearthlink.report.spreadsheets.book import Book, book
from hearthlink.report.spreadsheets.excel import xlsx
from hearthlink.report.spreadsheets.opendocument import ods

__all__ = ["Book", "book", "ods", "xlsx"]
