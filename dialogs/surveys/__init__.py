"""Surveys as data: what the city asks this time, and the ordinary form that asks it."""

from dialogs.surveys.asked import survey_form
from dialogs.surveys.model import Bounds, Group, Kind, Question, Survey
from dialogs.surveys.stored import from_json, to_json

__all__ = ["Bounds", "Group", "Kind", "Question", "Survey", "from_json", "survey_form", "to_json"]
