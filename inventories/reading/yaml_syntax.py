"""What a YAML parser's complaint means for the person who wrote the file. Pure."""

from __future__ import annotations

import yaml

from yunwang.inventories.finding import Finding
from yunwang.inventories.place import Place, shown

_MEANINGS = (
    ("tab character", "a tab stands where only spaces may", "indent with spaces"),
    ("cannot start any token", "{char} cannot begin a value", "put the value in quotes; indent with spaces, not tabs"),
    (
        "mapping values are not allowed",
        "a colon where none may be",
        "put text that contains ': ' in quotes, or correct the indentation",
    ),
    (
        "could not find expected ':'",
        "a line that is neither `key: value` nor part of the value above",
        "add the colon, or correct the indentation",
    ),
    ("expected ',' or", "a bracket is not closed", "close it with ] or }}, and put commas between the items"),
    ("expected the node content", "a value is missing", "write the value, or remove the sign before it"),
    ("expected node content", "a value is missing", "write the value, or remove the sign before it"),
    ("expected key", "the indentation does not fit the lines above", "align the keys of a mapping in one column"),
    ("expected <block end>", "the indentation does not fit the lines above", "align the items in one column"),
    ("expected '-' indicator", "the indentation does not fit the list above", "align the hyphens in one column"),
    ("unexpected end of stream", "a quote is not closed", "close it"),
    ("unexpected document indicator", "a quote is not closed", "close it"),
    ("unknown escape character", "a backslash in double quotes that means nothing", "use single quotes, or write two backslashes"),
    ("Unicode character escape", "an escape that stands for no character", "write the character itself"),
    ("anchor", "an anchor or alias without a name", "put text that begins with & or * in quotes"),
    ("tag", "a tag that cannot be read", "put text that begins with ! in quotes"),
)


def explain(file: str, text: str, error: yaml.YAMLError) -> Finding:
    """A finding from a parser's error: the place, a sentence, a remedy, and where the broken thing began."""
    if isinstance(error, yaml.reader.ReaderError):
        before = text[: error.position] if isinstance(error.position, int) else ""
        char = shown(chr(error.character)) if isinstance(error.character, int) else "a character"
        place = Place(file, before.count("\n") + 1, len(before) - before.rfind("\n"))
        return place.finding("yaml-syntax", f"{char} may not stand in a YAML file", "remove this control character")
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = str(getattr(error, "problem", None) or "it is not YAML")
    place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
    message, remedy = next(
        ((message, remedy) for word, message, remedy in _MEANINGS if word in problem), (problem, "correct the YAML at this place")
    )
    begun = getattr(error, "context_mark", None)
    since = f" (it began in line {begun.line + 1})" if begun and begun.line + 1 != place.line else ""
    return place.finding("yaml-syntax", message.format(char=_char(text, place)) + since, remedy.format())


def _char(text: str, place: Place) -> str:
    lines = text.split("\n")
    line = lines[place.line - 1] if 0 < place.line <= len(lines) else ""
    return shown(line[place.column - 1]) if 0 < place.column <= len(line) else "this"
