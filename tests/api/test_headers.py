import pytest
import running

from api.headers import SAFE_HEADERS


@pytest.mark.parametrize("path", ["/healthz", "/openapi.json", "/v1/items/item-1", "overlay"])
def test_every_answer_is_neither_kept_nor_sniffed_nor_run(client, put_item, path):
    put_item()
    if path == "overlay":
        files = {"reference": running.photo(), "query": running.photo(1)}
        key = client.post("/v1/comparisons", files=files).json()["id"]
        path = f"/v1/comparisons/{key}/overlay.png"
    answer = client.get(path)
    assert answer.status_code == 200
    assert SAFE_HEADERS.items() <= {name: answer.headers.get(name) for name in SAFE_HEADERS}.items()
