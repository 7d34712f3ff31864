"""``evidence retention``: what is due to go, and letting it go."""

import json
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from evidence.commands.configuration import open_kept, read_config
from evidence.commands.places import check_files, write_result
from evidence.commands.refusal import refuse
from evidence.errors import EvidenceError


def retention(
    home: Annotated[Path | None, typer.Option(help="what is kept; default: EVIDENCE_HOME")] = None,
    erase: Annotated[bool, typer.Option("--erase", help="erase what is due, for ever")] = False,
    by: Annotated[str | None, typer.Option("--by", help="the person who erases, by name")] = None,
    reason: Annotated[
        str | None, typer.Option("--reason", help="why, in that person's words")
    ] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="write what is due here")] = None,
) -> None:
    """List the photos that are due, or erase them; holds and open claims win."""
    if erase and not ((by or "").strip() and (reason or "").strip()):
        refuse("to erase, name the person with --by and the --reason")
    check_files(json_file)
    from evidence.keeping_terminal import show_due
    from evidence.service.retention import erase_due, list_standings

    config, now = read_config(home), datetime.now(UTC)
    try:
        rules = config.retention_rules()
        with closing(open_kept(config)) as registry:
            standings = list(list_standings(registry, rules, now))
            erased: tuple[str, ...] = ()
            if erase:
                done = erase_due(
                    registry, rules, reason=str(reason).strip(), by=str(by).strip(), at=now
                )
                erased = done.erased
    except EvidenceError as error:
        refuse(str(error))
    due = [one for one in standings if one.refusal is None]
    show_due(due, Counter(one.refusal for one in standings if one.refusal), erased, rules)
    if json_file is not None:
        told = {
            "rules": {"id": rules.id, "version": rules.version, "sha256": rules.sha256},
            "due": [
                {
                    "photo_id": one.photo.photo_id,
                    "size": one.photo.size,
                    "due_at": None if one.due_at is None else one.due_at.isoformat(),
                    "owners": [[owner.subject, owner.subject_id] for owner in one.photo.owners],
                }
                for one in due
            ],
            "erased": list(erased),
        }
        write_result(json_file, json.dumps(told, indent=1))
