"""The command line.

Exit codes: 0 done, 1 the check found something, 2 the input was unusable, with one line why.
"""

import typer

from evidence.commands.backing_up import backup, restore
from evidence.commands.calibrating import calibrate
from evidence.commands.clustering import scheduler, worker
from evidence.commands.comparing import compare
from evidence.commands.evaluating import evaluate
from evidence.commands.importing import import_items
from evidence.commands.importing_photos import import_folder
from evidence.commands.moving import log_key, migrate_store
from evidence.commands.renewing import reread, rescore
from evidence.commands.replaying import replay
from evidence.commands.retaining import retention
from evidence.commands.serving import demo, serve
from evidence.commands.verifying import verify

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


def main() -> None:
    """Run the command line."""
    app()


@app.callback()
def about() -> None:
    """Keep pre-shipment photos, compare them with a customer's, recommend by the policy."""


COMMANDS = (
    serve, scheduler, worker, import_items, reread, rescore, compare, evaluate, calibrate, replay,
    verify, backup, restore, retention, migrate_store, log_key, demo,
)  # fmt: skip
app.command("import")(import_folder)  # a name that Python keeps for itself
for command in COMMANDS:
    app.command()(command)
