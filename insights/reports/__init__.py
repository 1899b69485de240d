"""The report of a series: laid out, set and frozen by the worker, read by everybody who may read its results."""
