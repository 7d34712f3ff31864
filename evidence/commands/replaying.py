"""``evidence replay``: what another policy or other thresholds would have made of old claims."""

import json
import os
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from evidence.commands.configuration import read_config, read_settings
from evidence.commands.places import check_files, write_result
from evidence.commands.refusal import refuse, refusing
from evidence.errors import EvidenceError

FLIPPED = 1


def replay(
    policy: Annotated[
        Path | None, typer.Option(help="a policy document, for all orders whenever placed")
    ] = None,
    settings: Annotated[
        Path | None, typer.Option(help="TOML with other thresholds, such as copies.other = -1.6")
    ] = None,
    home: Annotated[Path | None, typer.Option(help="what is kept; default: EVIDENCE_HOME")] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="write the flips and counts here")
    ] = None,
) -> None:
    """List the claims whose outcome or verdict would be another one; nothing is changed."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if policy is None and settings is None:
        refuse("name another --policy, other --settings, or both")
    check_files(json_file)  # now, not after the work
    from evidence.overrides import override_settings
    from evidence.policy.document import load_document, packaged_documents
    from evidence.registry.snapshot import open_snapshot
    from evidence.replay_terminal import show_replay
    from evidence.service.parts import Service
    from evidence.service.replay import replay as replay_claims
    from evidence.service.replay import replay_to_json
    from evidence.terminal import show_progress
    from evidence.workers import Workers

    config = read_config(home)
    present, document, changed = read_settings(config), None, None
    if policy is not None:
        with refusing(policy):
            document = load_document(policy.read_bytes())
    if settings is not None:
        with refusing(settings):
            changed = override_settings(present, settings.read_bytes())
    try:
        documents = config.documents() or packaged_documents()
        workers = Workers(count=config.workers, waiting=16, memory=present.limits.worker_memory)
        with closing(workers), open_snapshot(config.home, config.stores()) as registry:
            service = Service(registry, workers, present, documents, lambda: datetime.now(UTC))
            with show_progress() as show:
                found = replay_claims(service, document=document, settings=changed, progress=show)
    except EvidenceError as error:
        refuse(str(error))
    show_replay(found)
    if json_file is not None:
        told = replay_to_json(found, document=document, settings=changed or present)
        write_result(json_file, json.dumps(told, ensure_ascii=False, indent=1))
    if found.flips or found.left_out:
        raise typer.Exit(FLIPPED)
