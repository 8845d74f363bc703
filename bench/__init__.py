"""Benchmarks: ratios against a floor that is measured in the same run, so that they mean the same anywhere."""
