"""Static checks of rulesets."""
