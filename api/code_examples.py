"""Examples of reading codes that the OpenAPI shows; a test checks each against its model."""

from api.examples import Example

CODES_FORM: Example = {"file": "(the bytes of a picture)"}
CODE: Example = {"text": "item-1", "format": "QRCode"}
CODES: Example = {"codes": [CODE]}
