"""Units, numbers and times: how they are typed, converted, bounded and written."""
