"""The kinds of questions, with what a procedure file needs to ask them."""

from dialogs.fields.address import PostalAddress
from dialogs.fields.base import (
    Answers,
    Cell,
    Column,
    Condition,
    Control,
    Field,
    Given,
    Input,
    Invalid,
    Is,
    Option,
    Raw,
    Value,
)
from dialogs.fields.choice import Choice, Choices, Consent
from dialogs.fields.day import Day, DayRange
from dialogs.fields.number import Advice, Number
from dialogs.fields.photo import Photo
from dialogs.fields.place import Place
from dialogs.fields.slot import Slot
from dialogs.fields.text import Email, Kana, LongText, Name, Phone, Text

__all__ = [
    "Advice",
    "Answers",
    "Cell",
    "Choice",
    "Choices",
    "Column",
    "Condition",
    "Consent",
    "Control",
    "Day",
    "DayRange",
    "Email",
    "Field",
    "Given",
    "Input",
    "Invalid",
    "Is",
    "Kana",
    "LongText",
    "Name",
    "Number",
    "Option",
    "Phone",
    "Photo",
    "Place",
    "PostalAddress",
    "Raw",
    "Slot",
    "Text",
    "Value",
]
