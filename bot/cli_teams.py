"""The commands for Microsoft Teams."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("teams-package")
@click.option("--app-id", required=True, metavar="GUID", help="Microsoft App ID of the Azure Bot.")
@click.option("--domain", required=True, metavar="HOST", help="Host of the desk, as in PUBLIC_URL.")
@click.option("--name", default="", help="What the app is called in Teams, 30 characters at most.")
@click.option(
    "--package-version",
    default="",
    metavar="1.2.3",
    help="Version of the app; the program's without it.  Raise it to replace a package.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("madoguchi-teams.zip"),
    show_default=True,
    help="File to write.",
)
def teams_package(app_id: str, domain: str, name: str, package_version: str, out: Path) -> None:
    """Write the app package that an administrator uploads to Microsoft Teams.

    Example: madoguchi teams-package --app-id 00000000-0000-0000-0000-000000000000
    --domain madoguchi.city.example.lg.jp
    """
    from bot.teams.package import Order, package

    made = package(Order(app_id, domain, name, package_version))
    out.write_bytes(made)
    click.echo(f"{out} written, {len(made)} bytes; upload it in the Teams admin center under Manage apps")


def register(main: click.Group) -> None:
    """Add the commands to the program."""
    main.add_command(teams_package)


def in_one_line(fault: Exception) -> str | None:
    """Return what stopped a command, where whoever typed it can put it right."""
    from bot.teams.package import PackageRefused

    return str(fault) if isinstance(fault, PackageRefused) else None
