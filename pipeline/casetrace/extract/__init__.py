"""The extract stage: a case folder or workbook to the canonical tables."""
