"""Every group of commands, in one list: each adds its own to the program."""

from bot import (
    cli_data,
    cli_holders,
    cli_meeting,
    cli_richmenu,
    cli_staff,
    cli_stock,
    cli_survey,
    cli_tabulate,
    cli_teams,
)

EVERY = (
    cli_data,
    cli_holders,
    cli_meeting,
    cli_richmenu,
    cli_staff,
    cli_stock,
    cli_survey,
    cli_tabulate,
    cli_teams,
)
