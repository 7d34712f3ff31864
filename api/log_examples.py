"""Examples of the log for the OpenAPI; a test checks that they prove what they say."""

from api.examples import Example

KEY = "shop.example/returns+29160995+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4\n"
CHECKPOINT = (
    "shop.example/returns\n"
    "3\n"
    "JwswtxAhlUnRwhU/iJIiRC8KYJ6wrWqCkzyY2LisJMI=\n"
    "\n"
    "— shop.example/returns "
    "KRYJlfxgMBjTQznYactgDv6HMDrJFxXXsSPAfuCkesukFBhXP9TQ8Vnujg+6ZdRDoOibcym6x3jbxHpguS1i7kRqQQ4=\n"
)
PROOF = (
    f"c2sp.org/tlog-proof@v1\nindex 2\n6LzZfjSWk9z+wFT+IZqzV7ddPBzZ+L4XZ/YJD5yG+f0=\n\n{CHECKPOINT}"
)
ENTRY: Example = {
    "number": 3,
    "leaf": '{"at":"2025-03-08T01:00:00.000000Z",'
    '"details":"sha256:6084bd26bf16ffdcd78ac5580321f319aa4dea634d11dd27860b2863d96a4dfd",'
    '"kind":"claim.decided","number":3,"v":1}',
    "salt": "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
    "details": '{"actor":"support-1","body":{"decision":"approve","decision_id":1},'
    '"subject":"claim","subject_id":"claim-1"}',
}
ENTRIES: Example = {"entries": [ENTRY], "next": 3}
CONSISTENCY: Example = {"proof": ["NJy5IR5QG8ca5pD0DAgxMiwCJS86ZAvLWHGrWOXZYlI="]}
