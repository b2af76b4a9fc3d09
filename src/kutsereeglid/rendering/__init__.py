"""Decisions and rulesets as text for people; nothing here decides anything."""

from kutsereeglid.rendering.checklist import checklist
from kutsereeglid.rendering.text import Line, explain, lines_of, lines_of_finding

__all__ = ["Line", "checklist", "explain", "lines_of", "lines_of_finding"]
