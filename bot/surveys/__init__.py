"""Surveys on their way from a workbook to the ballot box."""
