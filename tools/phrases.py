#!/usr/bin/env python3
"""Compares the sentences of the program with the catalogues: phrases.py [--json] [--unused]

English sentences are keys. In Swift they stand in `t("…")`, `Phrase.plural(…)` and in the messages
of refusals; in scripts in `t('…')` and `plural(…)`; in Web/verticals they are what people read.
Web/locales/<language>/*.json has their translations. Ends with 1 when one is missing, has other
places (%1) than the English, or lacks a plural form of its language.
"""

import argparse
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FORMS = {"ru": {"one", "few", "many", "other"}}

# A call whose literal arguments are sentences: name, and which arguments (None: all literals).
SWIFT_CALLS = re.compile(
    r"(?<![\w.])(?:t|Phrase\.plural)\(|\.plural\("
    r"|\breject\(|\bRefusal\.(?:notFound|forbidden|invalid|conflict|unauthenticated)\("
    r"|\bRefusal\(|\bRefusal\.Field\(|(?<![\w.])Field\(|\.conflict\(|\.forbidden\(|\.notFound\("
    r"|\.unauthenticated\(|problems\.append\(|return \[\.init\(|\.init\(|: Phrase = ")
SCRIPT_CALLS = re.compile(r"(?<![\w.])(?:t|plural)\(")


class Reader:
    """Walks Swift or JavaScript from a place, string literals included."""

    def __init__(self, text, swift):
        self.text, self.swift = text, swift

    def literal(self, at):
        """The literal that begins at `at`: (key with %1 places, end); None when none does."""
        text = self.text
        if self.swift and text.startswith('"""', at):
            return self.multiline(at)
        quote = text[at]
        if quote not in ('"' if self.swift else "'\"`"):
            return None
        key, place, i = "", 0, at + 1
        while text[i] != quote:
            if text[i] == "\\":
                if self.swift and text[i + 1] == "(":
                    end = self.closing(i + 1)
                    place += 1
                    key += f"%{place}"
                    i = end + 1
                    continue
                if self.swift and text.startswith("\\u{", i):
                    end = text.index("}", i)
                    key += chr(int(text[i + 3:end], 16))
                    i = end + 1
                    continue
                if not self.swift and text[i + 1] == "u":
                    key += chr(int(text[i + 2:i + 6], 16))
                    i += 6
                    continue
                key += {"n": "\n", "t": "\t"}.get(text[i + 1], text[i + 1])
                i += 2
                continue
            if not self.swift and quote == "`" and text.startswith("${", i):
                return None
            key += text[i]
            i += 1
        return key, i + 1

    def multiline(self, at):
        end = self.text.index('"""', at + 3)
        lines = self.text[at + 3:end].split("\n")[1:]
        indent = len(lines[-1])
        body = "\n".join(line[indent:] for line in lines[:-1]).replace("\\\n", "")
        inner = Reader('"' + body.replace('"', '\\"') + '"', True).literal(0)
        return inner[0], end + 3

    def closing(self, at):
        """The place of the bracket that closes the one at `at`."""
        depth, i = 0, at
        while True:
            char = self.text[i]
            if char in "([{":
                depth += 1
            elif char in ")]}":
                depth -= 1
                if depth == 0:
                    return i
            elif char == '"' or (not self.swift and char in "'`"):
                found = self.literal(i)
                i = found[1] if found else self.text.index(char, i + 1) + 1
                continue
            elif self.text.startswith("//", i):
                i = self.text.index("\n", i)
            i += 1

    def arguments(self, at):
        """Start and end of each argument of the call whose bracket is at `at`."""
        end, i, start = self.closing(at), at + 1, at + 1
        found = []
        while i < end:
            char = self.text[i]
            if char == "," :
                found.append((start, i))
                start = i + 1
            elif char in "([{":
                i = self.closing(i)
            elif char == '"' or (not self.swift and char in "'`"):
                literal = self.literal(i)
                i = literal[1] if literal else self.text.index(char, i + 1) + 1
                continue
            i += 1
        found.append((start, end))
        return found

    def sentences(self, start, end):
        """Literals of an argument that are its value: alone, joined by + or chosen by ? :."""
        i, keys, joined = start, [], False
        while i < end:
            char = self.text[i]
            if char == '"' or (not self.swift and char in "'`"):
                found = self.literal(i)
                if not found:
                    return keys
                key, i = found
                if joined and keys:
                    shift = len(re.findall(r"%\d", keys[-1]))
                    keys[-1] += re.sub(r"%(\d)", lambda m: f"%{int(m[1]) + shift}", key)
                else:
                    keys.append(key)
                joined = False
                continue
            if char == "+":
                joined = True
            elif char in "([{":
                i = self.closing(i)
            i += 1
        return keys


def swift_sentences(path):
    text = path.read_text()
    reader = Reader(text, True)
    for match in SWIFT_CALLS.finditer(text):
        head = match.group()
        line_start = text.rfind("\n", 0, match.start()) + 1
        if text[line_start:match.start()].lstrip().startswith("//"):
            continue
        if head.endswith('"'):
            found = reader.literal(match.end() - 1)
            if found and found[0]:
                yield found[0], None
            continue
        arguments = reader.arguments(match.end() - 1)
        if "plural(" in head:
            labelled = {}
            for start, end in arguments:
                label = re.match(r"\s*(one|other):", text[start:end])
                if label:
                    labelled[label[1]] = reader.sentences(start + label.end(), end)
            if labelled.get("other"):
                yield labelled["other"][0], (labelled.get("one") or [""])[0]
            continue
        if head == "t(":
            wanted = arguments[:1]
        elif re.search(r"reject\(|Field\(|\.init\(|invalid\(|append\(", head):
            # field, code, message; two arguments: field, message
            literal = [a for a in arguments]
            if head.startswith("problems.append"):
                continue
            if len(literal) == 2 and head.startswith("reject"):
                wanted = literal[1:2]
            elif len(literal) == 3:
                wanted = literal[2:3]
            else:
                continue
            if ".init(" in head and not re.match(r'\s*(?:"|\w)', text[wanted[0][0]:]):
                continue
        elif head == "Refusal(":
            wanted = arguments[2:3]
        else:
            wanted = arguments[:1]
        for start, end in wanted:
            if re.match(r"\s*\w+:", text[start:end]):
                continue
            for key in reader.sentences(start, end):
                if key and re.search(r"[A-Za-z]", re.sub(r"%\d", "", key)):
                    yield key, None


def script_sentences(path):
    text = path.read_text()
    reader = Reader(text, False)
    for match in SCRIPT_CALLS.finditer(text):
        line_start = text.rfind("\n", 0, match.start()) + 1
        if re.search(r"//|function |\*", text[line_start:match.start()]):
            continue
        arguments = reader.arguments(match.end() - 1)
        if match.group() == "plural(":
            if len(arguments) >= 3:
                one = reader.sentences(*arguments[1])
                for key in reader.sentences(*arguments[2]):
                    yield key, (one or [""])[0]
            continue
        for key in reader.sentences(*arguments[0]):
            if key:
                yield key, None


# What people read of a trade's template; Sources/Guidance/VerticalLanguages.swift has the same list.
READ = {"label", "summary", "greeting", "tone", "about", "title", "say", "role", "roles", "name",
        "description", "question", "answer", "text"}


def template_sentences(value, is_read=False):
    """Texts of a file of Web/verticals."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield from template_sentences(member, name in READ)
    elif isinstance(value, list):
        for element in value:
            yield from template_sentences(element, is_read)
    elif is_read and isinstance(value, str):
        yield value


def collect():
    """Key → (places, whether plural), of pages and of scripts."""
    pages, scripts = {}, {}
    for path in sorted((ROOT / "Sources").rglob("*.swift")):
        for key, one in swift_sentences(path):
            where = str(path.relative_to(ROOT))
            pages.setdefault(key, (one is not None, where))
            if one is not None:
                pages[key] = (True, where)
    # What one chooses a trade by; the rest of those files is the business's own text.
    for path in sorted((ROOT / "Web" / "verticals").glob("*.json")):
        template = json.loads(path.read_text())
        for field in ("label", "summary"):
            pages.setdefault(template[field], (False, str(path.relative_to(ROOT))))
    for path in sorted((ROOT / "Web" / "verticals").glob("*.json")):
        for key in template_sentences(json.loads(path.read_text())):
            pages.setdefault(key, (False, str(path.relative_to(ROOT))))
    for path in sorted((ROOT / "Web" / "scripts").rglob("*.js")):
        if path.name.endswith(".test.js") or path.name in ("testing.js", "words.js"):
            continue
        for key, one in script_sentences(path):
            scripts.setdefault(key, (one is not None, str(path.relative_to(ROOT))))
    return pages, scripts


def places(text):
    return set(re.findall(r"%\d|\{\d\}", text))


def check(language, wanted, catalogue):
    wrong = []
    for key, (is_plural, where) in sorted(wanted.items(), key=lambda item: item[1][1]):
        entry = catalogue.get(key)
        if entry is None:
            wrong.append((where, "missing", key))
        elif is_plural and not isinstance(entry, dict):
            wrong.append((where, "needs plural forms", key))
        elif isinstance(entry, dict):
            lacking = FORMS[language] - set(entry)
            if lacking:
                wrong.append((where, f"lacks {', '.join(sorted(lacking))}", key))
            for form, text in entry.items():
                if not places(text) <= places(key):
                    wrong.append((where, f"other places in {form}", key))
        elif places(entry) != places(key):
            wrong.append((where, "other places", key))
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="the wrong ones as JSON")
    parser.add_argument("--unused", action="store_true", help="also what nothing says any more")
    parser.add_argument("--only", default="", help="only files whose path holds this")
    options = parser.parse_args()
    pages, scripts = collect()
    wrong, unused = [], []
    for language in sorted(FORMS):
        home = ROOT / "Web" / "locales" / language
        catalogue, script_words = {}, {}
        for file in sorted(home.glob("*.json")):
            part = json.loads(file.read_text())
            twins = set(part) & set(catalogue)
            for key in twins:
                if part[key] != catalogue[key]:
                    wrong.append((file.name, "is there twice, differently", key))
            if file.name == "scripts.json":
                script_words = part
            else:
                catalogue |= part
        wrong += check(language, pages, catalogue) + check(language, scripts, script_words)
        unused += [key for key in catalogue if key not in pages]
        unused += [key for key in script_words if key not in scripts]
    wrong = [line for line in wrong if options.only in line[0]]
    if options.json:
        print(json.dumps([dict(zip(("where", "what", "key"), line)) for line in wrong],
                         ensure_ascii=False, indent=1))
    else:
        for where, what, key in wrong:
            print(f"{where}: {what}: {key!r}")
    if options.unused:
        for key in unused:
            print(f"unused: {key!r}")
    print(f"phrases: {len(pages)} on pages, {len(scripts)} in scripts, {len(wrong)} wrong",
          file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
