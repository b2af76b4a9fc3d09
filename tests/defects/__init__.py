"""Seeded defects of rulesets, and how many of them `kutsereeglid check` tells of; `seeded` counts them."""
