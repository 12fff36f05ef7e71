#!/usr/bin/env python3
"""Write python/canary/records.py: what a report holds, from the schemas in docs/schema, which the Rust library writes.

    python canary-py/make_records.py          # writes it
    python canary-py/make_records.py --check  # fails where it is stale
"""

from __future__ import annotations

import json
import re
import sys
import textwrap
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
SCHEMAS = HERE.parent / "docs" / "schema"
TARGET = HERE / "python" / "canary" / "records.py"
sys.path.insert(0, str(TARGET.parent))
from _record import attribute  # noqa: E402  (not as a part of the package, which needs the result)

# Each schema with what its own names begin with where another schema has such a name for something else.
ROOTS = {"report": "Report", "replay": "Replay", "squeeze": "Squeeze", "scaling-plan": "Scaling", "trend": "Trend"}
HEAD = '''"""What a report holds, field by field, and the words that stand in it.

Made by ``make_records.py`` from the types of the Rust library; changes belong there.
"""

from __future__ import annotations

from typing import Literal

from ._record import Record

'''
PLAIN = {"string": "str", "number": "float", "integer": "int", "boolean": "bool", "null": "None", "object": "Any"}


def main() -> None:
    definitions: dict[str, Any] = {}
    for schema, prefix in ROOTS.items():
        text = (SCHEMAS / f"{schema}.json").read_text()
        for name, one in json.loads(text).get("$defs", {}).items():
            if definitions.get(name, one) != one:
                text = text.replace(f'"#/$defs/{name}"', f'"#/$defs/{prefix}{name}"').replace(f'"{name}": {{', f'"{prefix}{name}": {{')
        root = json.loads(text)
        definitions |= {name: one for name, one in root.pop("$defs", {}).items() if name != "Report"}
        definitions[f"{prefix}Fields"] = root
    blocks = [block for name in in_order(definitions) if (block := definition(name, definitions[name]))]
    text = HEAD + "\n\n".join(blocks) + "\n"
    if "Any" in text:
        text = text.replace("import Literal", "import Any, Literal", 1)
    if sys.argv[1:] == ["--check"]:
        if TARGET.read_text() != text:
            raise SystemExit(f"{TARGET} is stale: run {Path(__file__).name}")
        return
    TARGET.write_text(text)


def in_order(definitions: dict[str, Any]) -> list[str]:
    """Words first, as aliases are evaluated at once; then records by name."""
    words = [name for name in definitions if constants(definitions[name])]
    return sorted(words) + sorted(name for name in definitions if name not in words)


def definition(name: str, schema: dict[str, Any]) -> str | None:
    if words := constants(schema):
        return f"{name} = Literal[\n" + "".join(f"    {json.dumps(word)},\n" for word in words) + f"]\n{doc(schema, '')}\n"
    if variants := objects(schema):
        fields = {key: field for variant in variants for key, field in variant["properties"].items() if key != "code"}
        codes = [variant["properties"]["code"]["const"] for variant in variants]
        code = {"description": "What the others mean.", "enum": codes}
        body = [member("code", code, required=True)]
        body += [member(key, field, required=False) for key, field in sorted(fields.items())]
    elif "properties" in schema:
        required = schema.get("required", [])
        body = [member(key, field, required=key in required) for key, field in schema["properties"].items()]
    else:
        return None
    return f"class {name}(Record):\n{doc(schema, '    ')}\n\n    __slots__ = ()\n\n" + "\n".join(body) + "\n"


def member(key: str, schema: dict[str, Any], *, required: bool) -> str:
    hint = annotation(schema)
    if not required and "None" not in hint and not hint.startswith("list["):
        hint += " | None"
    return f"    {attribute(key)}: {hint}\n{doc(schema, '    ')}"


def annotation(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return REPLACED.get(name, name)
    if options := schema.get("anyOf") or schema.get("oneOf"):
        return " | ".join(dict.fromkeys(annotation(option) for option in options))
    if "enum" in schema:
        return f"Literal[{', '.join(json.dumps(word) for word in schema['enum'])}]"
    kinds = schema.get("type", "object")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return " | ".join(of_kind(kind, schema) for kind in kinds)


def of_kind(kind: str, schema: dict[str, Any]) -> str:
    if kind == "array":
        return f"list[{annotation(schema['items'])}]"
    if kind == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"dict[str, {annotation(schema['additionalProperties'])}]"
    return PLAIN[kind]


# What is a plain value in JSON, and what has a class of its own.
REPLACED = dict.fromkeys(["Fraction", "Magnitude", "Positive", "Score", "Share", "Weight"], "float")
REPLACED |= {"Span": "str", "OneOrMore": "list[str] | str", "StopReason": "str", "Report": "ReportFields"}


def constants(schema: dict[str, Any]) -> list[str]:
    if "enum" in schema:
        return list(schema["enum"])
    options = schema.get("oneOf", [])
    words = [word for option in options for word in ([option["const"]] if "const" in option else option.get("enum", []))]
    return words if words and all("const" in option or "enum" in option for option in options) else []


def objects(schema: dict[str, Any]) -> list[dict[str, Any]]:
    options = schema.get("oneOf", [])
    return options if options and all("code" in option.get("properties", {}) for option in options) else []


def doc(schema: dict[str, Any], indent: str) -> str:
    """The description as a docstring: Rust's links and code are plain code here."""
    text = " ".join(schema.get("description", "").split())
    text = re.sub(r"\[`([^`]*)`\](\([^)]*\))?", r"`\1`", text)
    text = re.sub(r"`([^`]*)`", r"``\1``", text).replace("\\", "\\\\")
    lines = textwrap.wrap(text, 110 - len(indent)) or ["As its name says."]
    lines[0] = f'"""{lines[0]}'
    lines[-1] += '"""' if len(lines) == 1 else ""
    return "\n".join(f"{indent}{line}" for line in ([*lines, '"""'] if len(lines) > 1 else lines))


if __name__ == "__main__":
    main()
