"""Parse, format and compare scalar values as facts files write them.

The vocabulary only names the kinds of scalar; here they are parsed and written. Whatever cannot be
read raises ``ValueProblem``.
"""

from graph_seed.values.amount import Amount, amount_bounds, format_amount
from graph_seed.values.amounts import parse_amount
from graph_seed.values.decimals import canonical_decimal, decimal_number, parse_decimal
from graph_seed.values.edtf import EdtfDate, parse_edtf
from graph_seed.values.format_edtf import format_edtf, format_month
from graph_seed.values.problem import ValueProblem
from graph_seed.values.words import fold, join_folded, name_from_key, one_form, one_form_of, slug

__all__ = [
    "Amount",
    "EdtfDate",
    "ValueProblem",
    "amount_bounds",
    "canonical_decimal",
    "decimal_number",
    "fold",
    "format_amount",
    "format_edtf",
    "format_month",
    "join_folded",
    "name_from_key",
    "one_form",
    "one_form_of",
    "parse_amount",
    "parse_decimal",
    "parse_edtf",
    "slug",
]
