"""As much of JSON Schema as our OpenAPI uses, to hold examples against it."""

import re

TYPES = {
    "string": str, "integer": int, "number": (int, float), "boolean": bool,
    "object": dict, "array": list, "null": type(None),
}  # fmt: skip
SAYS_NOTHING = {  # keywords that explain, or that a test of the forms covers
    "title", "description", "examples", "default", "format", "contentMediaType",
    "writeOnly",
}  # fmt: skip


def faults(value, schema, models, place="$"):
    """Return what is wrong with a value; a keyword that is not known here is a fault too."""
    if "$ref" in schema:
        return faults(value, models[schema["$ref"].rpartition("/")[2]], models, place)
    found = []
    for word, want in sorted(schema.items(), key=lambda pair: pair[0] != "type"):
        if word == "anyOf":
            if all(faults(value, one, models, place) for one in want):
                found.append(f"{place}: fits none of {want}")
        elif word == "type":
            right = isinstance(value, TYPES[want])
            if not right or (isinstance(value, bool) and want in ("integer", "number")):
                return [f"{place}: {value!r} is no {want}"]  # the rest is about that type
        elif word not in SAYS_NOTHING:
            found += _check(word, want, value, schema, models, place)
    return found


def _check(word, want, value, schema, models, place):
    if word == "properties":
        here = [name for name in want if isinstance(value, dict) and name in value]
        return [
            fault
            for name in here
            for fault in faults(value[name], want[name], models, f"{place}.{name}")
        ]
    if word == "required":
        return [f"{place}: {name} is missing" for name in want if name not in value]
    if word == "additionalProperties":
        others = set(value) - set(schema.get("properties", {}))
        if want is False:
            return [f"{place}: {name} is not known" for name in others]
        if want is True:
            return []
        return [fault for name in others for fault in faults(value[name], want, models, place)]
    if word == "items" and want is not False:
        return [
            fault
            for number, one in enumerate(value)
            for fault in faults(one, want, models, f"{place}[{number}]")
        ]
    if word == "prefixItems":
        pairs = zip(value, want, strict=False)
        return [fault for one, each in pairs for fault in faults(one, each, models, place)]
    holds = {
        "enum": lambda: value in want,
        "const": lambda: value == want,
        "pattern": lambda: not isinstance(value, str) or re.search(want, value),
        "minLength": lambda: not isinstance(value, str) or len(value) >= want,
        "maxLength": lambda: not isinstance(value, str) or len(value) <= want,
        "minItems": lambda: len(value) >= want,
        "maxItems": lambda: len(value) <= want,
        "minimum": lambda: isinstance(value, str) or value >= want,
        "maximum": lambda: isinstance(value, str) or value <= want,
        "exclusiveMinimum": lambda: isinstance(value, str) or value > want,
        "exclusiveMaximum": lambda: isinstance(value, str) or value < want,
        "items": lambda: len(value) <= len(schema["prefixItems"]),
    }
    if word not in holds:
        return [f"{place}: the test does not know {word}"]
    return [] if holds[word]() else [f"{place}: {value!r} does not fit {word} {want!r}"]
