"""Examples of sessions and staff for the OpenAPI; a test checks each."""

from api.examples import Example

PASSWORD = "nine cards in a wooden box"  # noqa: S105 - an example
SIGN_IN_REQUEST: Example = {"sign_in_name": "hana", "password": PASSWORD}
FIRST_OWNER_REQUEST: Example = {
    "code": "r3Yd0q0dLbY7l6d1mJvE5w",
    "name": "山田 花",
    "sign_in_name": "hana",
    "password": PASSWORD,
}
PASSWORD_REQUEST: Example = {"current": "Vb3kX0p9sLq2TzRw", "password": PASSWORD}
DEMO_REQUEST: Example = {"role": "support"}
STAFF: Example = {
    "staff_id": 2,
    "name": "佐藤 健",
    "sign_in_name": "ken",
    "role": "warehouse",
    "active": True,
    "one_time": True,
    "added_at": "2025-03-10T09:00:00Z",
}
SESSION: Example = {
    "staff": STAFF | {"one_time": False},
    "csrf_token": "5d41402abc4b2a76b9719d911017c592ae2f7c3b8f4f2b0c6a1d9e8f7a6b5c4d",
    "allowed": ["PUT /v1/items/{item_id}", "GET /v1/items/{item_id}"],
    "ends_at": "2025-03-10T21:00:00Z",
}
STAFF_LIST: Example = {"staff": [STAFF]}
STAFF_REQUEST: Example = {"name": "佐藤 健", "sign_in_name": "ken", "role": "warehouse"}
STAFF_CHANGE: Example = {"role": "support"}
KEY_REQUEST: Example = {"name": "returns-workflow", "scopes": ["support"], "days": 365}
ROTATION: Example = {"grace_hours": 24}
KEY: Example = {
    "name": "returns-workflow",
    "added_at": "2025-03-10T09:00:00Z",
    "revoked_at": None,
    "scopes": ["support"],
    "expires_at": "2026-03-10T09:00:00Z",
    "last_used_on": "2025-03-11",
    "rotated_at": None,
    "old_until": None,
}
KEY_LIST: Example = {"keys": [KEY], "operator": False}
NEW_KEY: Example = {"key": KEY, "api_key": "q1w4bS8N1pJp0m6xQb7fXn0vYcT2hG3kLr5sVzAaEeU"}
INVITED: Example = {
    "staff": STAFF,
    "one_time_password": "Vb3kX0p9sLq2TzRw",
    "use_by": "2025-03-17T09:00:00Z",
}
