"""reStructuredText, AsciiDoc and Org mode rewritten as Markdown, line for line.

A README may be written in any of them, and one reader of one format is easier to trust than four. Every rule keeps the
number of lines, so a line of the result is the line of the file. Only what a reading needs is rewritten: headings,
code, links and pictures.
"""

import re

# All patterns are bounded per line and have no nested quantifiers.
_RST_LINK = re.compile(r"`([^`<>]{1,300})<([^<>`\s]{1,500})>`__?")
_RST_TARGET = re.compile(r"^\.\. _`?([^:`]{1,200})`?: +(\S{1,500})$")
_RST_REFERENCE = re.compile(r"`([^`<>]{1,200})`_")
_RST_PICTURE = re.compile(r"^\s{0,8}\.\. (?:\|([^|]{1,100})\| )?(?:image|figure):: +(\S{1,500})$")
_RST_OPTION = re.compile(r"^\s{1,12}:(alt|target): +(.{1,500})$")
_RST_CODE = re.compile(r"^(\s{0,12})\.\. (?:code|code-block|sourcecode|prompt)::\s*(\S{0,40})")
_ADOC_LINK = re.compile(r"(?:link:)?(https?://[^\s\[\]]{1,500})\[([^\]]{0,300})\]")
_ADOC_PICTURE = re.compile(r"image::?([^\s\[\]]{1,500})\[([^\]]{0,300})\]")
_ORG_LINK = re.compile(r"\[\[([^\]\[]{1,500})\](?:\[([^\]\[]{1,300})\])?\]")

_UNDERLINES = frozenset("=-~^\"'`#*+:._<>")


def to_markdown(text: str, suffix: str) -> str:
    """The text of a README as Markdown with the same lines; formats that are not known are returned as they are."""
    rewrite = {".rst": _rst, ".rest": _rst, ".adoc": _adoc, ".asciidoc": _adoc, ".org": _org}.get(suffix)
    if rewrite is None:
        return text
    lines = text.split("\n")
    rewritten = rewrite(lines)
    if len(rewritten) != len(lines):
        raise AssertionError("a dialect changed the number of lines")
    return "\n".join(rewritten)


def _is_underline(line: str) -> bool:
    bare = line.rstrip()
    return len(bare) >= 3 and bare[0] in _UNDERLINES and bare == bare[0] * len(bare)


def _rst(lines: list[str]) -> list[str]:
    targets = {match[1].lower(): match[2] for match in map(_RST_TARGET.match, lines) if match}
    ranks: list[tuple[str, bool]] = []
    result: list[str] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        below = lines[index + 1] if index + 1 < len(lines) else ""
        over = lines[index + 2] if index + 2 < len(lines) else ""
        if _is_underline(line) and below.strip() and not _is_underline(below) and over.rstrip() == line.rstrip():
            result += ["", _rst_heading(ranks, (line[0], True), below), ""]
            index += 3
        elif line.strip() and not line.startswith((" ", "..")) and not _is_underline(line) and _underlines(below, line):
            result += [_rst_heading(ranks, (below[0], False), line), ""]
            index += 2
        elif match := _RST_CODE.match(line):
            taken = _rst_code(lines, index, match[1], match[2])
            result += taken
            index += len(taken)
        elif match := _RST_PICTURE.match(line):
            result += _rst_picture(lines, index, match[2], match[1] or "")
            index = len(result)
        elif line.startswith(".. "):
            result.append("")
            index += 1
        else:
            result.append(_rst_inline(line, targets))
            index += 1
    return result


def _underlines(line: str, title: str) -> bool:
    return _is_underline(line) and len(line.rstrip()) >= min(len(title.rstrip()), 4)


def _rst_heading(ranks: list[tuple[str, bool]], style: tuple[str, bool], title: str) -> str:
    if style not in ranks:
        ranks.append(style)
    return "#" * min(ranks.index(style) + 1, 6) + " " + title.strip()


def _rst_code(lines: list[str], start: int, margin: str, language: str) -> list[str]:
    """The directive line becomes the opening fence; the blank line after the block becomes the closing one."""
    end = start + 1
    while end < len(lines) and (not lines[end].strip() or lines[end].startswith(margin + " ")):
        end += 1
    body = [line.strip() and line[len(margin) :].removeprefix("   ") for line in lines[start + 1 : end]]
    if end == len(lines) or not body or body[-1]:
        return ["", *("    " + line for line in body)]
    return ["```" + language, *(line.replace("```", "'''") for line in body[:-1]), "```"]


def _rst_picture(lines: list[str], start: int, source: str, name: str) -> list[str]:
    options = {"alt": name}
    end = start + 1
    while end < len(lines) and end - start < 12 and lines[end].startswith((" ", "\t")) and ":" in lines[end]:
        if match := _RST_OPTION.match(lines[end]):
            options[match[1]] = match[2].strip()
        end += 1
    picture = f"![{options['alt']}]({source})"
    if "target" in options and " " not in options["target"]:
        picture = f"[{picture}]({options['target']})"
    return [picture, *[""] * (end - start - 1)]


def _rst_inline(line: str, targets: dict[str, str]) -> str:
    if "`" not in line:
        return line[:-1] if line.endswith("::") and not line.startswith(" ") else line

    def resolve(match: re.Match[str]) -> str:
        address = targets.get(match[1].lower())
        return f"[{match[1]}]({address})" if address else match[1]

    line = _RST_LINK.sub(lambda match: f"[{match[1].strip()}]({match[2]})", line)
    return _RST_REFERENCE.sub(resolve, line).replace("``", "`")


def _adoc(lines: list[str]) -> list[str]:
    result = []
    for line in lines:
        bare = line.rstrip()
        marks = len(bare) - len(bare.lstrip("="))
        if 0 < marks <= 6 and bare[marks : marks + 1] == " ":
            line = "#" * marks + bare[marks:]
        elif bare in ("----", "...."):
            line = "```"
        elif bare.startswith("[source") or (bare.startswith(":") and bare.count(":") > 1):
            line = ""
        else:
            line = _ADOC_PICTURE.sub(lambda match: f"![{match[2]}]({match[1]})", line)
            line = _ADOC_LINK.sub(lambda match: f"[{match[2] or match[1]}]({match[1]})", line)
        result.append(line)
    return result


def _org(lines: list[str]) -> list[str]:
    result = []
    for line in lines:
        bare = line.strip()
        lower = bare.lower()
        stars = len(line) - len(line.lstrip("*"))
        if 0 < stars <= 6 and line[stars : stars + 1] == " ":
            line = "#" * stars + line[stars:]
        elif lower.startswith("#+begin_"):
            line = "```" + " ".join(bare.split()[1:2])
        elif lower.startswith("#+end_"):
            line = "```"
        elif lower.startswith("#+title:"):
            line = "# " + bare[8:].strip()
        elif bare.startswith("#+"):
            line = ""
        else:
            line = _ORG_LINK.sub(_org_link, line)
        result.append(line)
    return result


def _org_link(match: re.Match[str]) -> str:
    address = match[1].removeprefix("file:")
    if address.lower().endswith((".png", ".jpg", ".jpeg", ".gif", ".svg")) and not match[2]:
        return f"![]({address})"
    return f"[{match[2] or address}]({address})"
