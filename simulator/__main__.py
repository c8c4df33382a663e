"""``python -m simulator``: run the emulated LINE platform beside the bot."""

import ipaddress
import os

import click

from simulator.app import LOOPBACK_NAMES, create_app
from simulator.server import bind
from simulator.settings import Settings


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.IPv4Address(host).is_loopback
    except ValueError:
        return host == "localhost"


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=0, show_default="a free one", type=click.IntRange(0, 65_535))
@click.option("--channel-id", required=True)
@click.option("--channel-secret", required=True)
@click.option("--access-token", help="A long-lived token to accept beside the stateless ones.")
@click.option("--quota", type=click.IntRange(min=0), help="Messages allowed in a month; without it any number.")
@click.option("--allow-remote", is_flag=True, help="Listen on an address that other machines reach.")
def main(
    *,
    host: str,
    port: int,
    channel_id: str,
    channel_secret: str,
    access_token: str | None,
    quota: int | None,
    allow_remote: bool,
) -> None:
    """Emulate LINE on this machine and show everybody's phone on a page. Prints its address."""
    if os.environ.get("APP_ENV") == "production":
        raise click.ClickException("The simulator does not run when APP_ENV=production.")
    if not _is_loopback(host) and not allow_remote:
        raise click.ClickException(f"{host} is no IPv4 address of this machine alone; --allow-remote if that is meant.")
    settings = Settings(channel_id, channel_secret, access_token, quota)
    names = None if allow_remote else (*LOOPBACK_NAMES, host)
    server = bind(create_app(settings, trusted_hosts=names), host, port)
    click.echo(f"http://{f'[{host}]' if ':' in host else host}:{server.port}/")
    server.serve_forever()


if __name__ == "__main__":
    main()
