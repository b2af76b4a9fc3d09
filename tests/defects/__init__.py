"""Seeded defects of rulesets, and how many of them `kutsereeglid check` tells of: ``python -m tests.defects.seeded``."""
