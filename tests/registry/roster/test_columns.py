"""The columns of the national file are data, and the data is sound."""

from linxia_xueji.reference import code_lists
from registry.roster.columns import COLUMNS, EXTRAS, REQUIRED, STANDARD, TEMPLATE, plain


def test_the_columns_are_sound():
    assert (len(TEMPLATE), len(EXTRAS)) == (71, 3)
    assert STANDARD == "全国学籍系统模板 1.x（假定）"
    assert len({column.key for column in COLUMNS}) == len(COLUMNS)
    names = [plain(text) for column in COLUMNS for text in (column.header, *column.aliases)]
    assert all(names) and len(set(names)) == len(names)
    assert all(column.held and column in TEMPLATE for column in REQUIRED)
    assert all(column.longest > 0 for column in COLUMNS)


def test_every_list_of_codes_has_its_column():
    assert set(code_lists()) <= {column.header for column in TEMPLATE}
