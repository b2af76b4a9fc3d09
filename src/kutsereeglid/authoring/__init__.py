"""The rule author's workbench: what tries out rulesets, above the evaluation and below the command."""
