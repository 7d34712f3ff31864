import pytest
import running

from api.headers import SAFE_HEADERS


@pytest.mark.parametrize("path", ["/healthz", "/openapi.json", "/v1/items/item-1"])
def test_every_answer_is_neither_kept_nor_sniffed_nor_run(client, put_item, path):
    put_item()
    answer = client.get(path)
    assert answer.status_code == 200
    assert told(answer) == SAFE_HEADERS


def test_a_picture_is_kept_by_whom_it_was_sent_to_alone(client):
    files = {"reference": running.photo(), "query": running.photo(1)}
    key = client.post("/v1/comparisons", files=files).json()["id"]
    answer = client.get(f"/v1/comparisons/{key}/overlay.png")
    assert answer.status_code == 200
    kept = {"Cache-Control": "private, max-age=31536000, immutable"}
    assert told(answer) == SAFE_HEADERS | kept


def told(answer):
    return {name: answer.headers.get(name) for name in SAFE_HEADERS}
