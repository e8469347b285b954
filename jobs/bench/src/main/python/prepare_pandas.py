"""What `aisle prepare` does to a catalog in the Amazon schema, in one pass of pandas: the peer of the bench `prepare`.

    python3 prepare_pandas.py --input DIRECTORY --output DIRECTORY --fraction 0.5 --min-class-size 100

Reads *.gz of JSON lines, file by file, so that the raw text of one file at a time is in memory; sets aside lines that cannot be used;
cleans the four text fields; keeps one row an id; folds rare classes; takes a stratified sample by hash; joins the text with [SEP];
splits by the hash of the title in lower case, words only; writes train, validation, test, unlabelled, quarantine and duplicates, and a
manifest of counts.

Written as pandas is meant to be: columns, `.str`, `groupby`. Text that is clean already, most of it, is found by one regular expression
and left alone. Left out of what Aisle does: the cut of a row of more than 30 combining marks, the care for a `<` or `&` that only looks
like markup, Parquet (Debian has no pyarrow): the rows are pickled by column, which pandas writes fastest.
"""

import argparse
import gzip
import hashlib
import html
import json
import math
import pathlib
import unicodedata
from decimal import Decimal

import pandas as pd

FIELDS = ["title", "brand", "description", "feature"]
SPLIT_SHARES = (0.8, 0.1)
MAX_PASSES = 8
MAX_CHARACTERS = 1_000_000
HASHES = 2.0**64

# anything but printable ASCII with single spaces between words and no < & [
UNCLEAN = r"[^ !-%'-;=-Z\\-~]|  |^ | $"
ELEMENTS = (
    "a|abbr|address|article|aside|b|big|blockquote|body|br|center|code|dd|div|dl|dt|em|font|footer|form|h[1-6]|head|header|hr|html|i|"
    "iframe|img|input|label|li|link|main|meta|nav|ol|option|p|pre|q|s|section|select|small|span|strike|strong|sub|sup|table|tbody|td|"
    "tfoot|th|thead|title|tr|tt|u|ul|video"
)
MARKUP = (
    r"(?is)<!--.*?-->|<(script|style)\b[^<>]*>.*?</\1\s*>"
    rf"|</?(?:{ELEMENTS})(?:\s+[\w:-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s<>]+))*\s*/?>"
)


class Characters(dict):
    """What becomes of a character, by its code point: itself, a space, or nothing. Filled as characters come up."""

    BLANKS = "\u0085\u00a9\u00ae\u2120\u2122\ufffd"

    def __missing__(self, code_point):
        character = chr(code_point)
        category = unicodedata.category(character)
        if character in self.BLANKS or character.isspace() or category in ("Zs", "Zl", "Zp", "Co"):
            kept = " "
        else:
            kept = None if category in ("Cc", "Cf", "Cs") else character
        self[code_point] = kept
        return kept


CHARACTERS = Characters()


def main():
    options = parse_options()
    files = sorted(options.input.glob("*.gz"))
    read = [read_and_clean(file) for file in files]
    products = pd.concat([products for products, _ in read], ignore_index=True)
    quarantine = pd.concat([quarantine for _, quarantine in read], ignore_index=True)
    del read
    rows_in = len(products) + len(quarantine)

    loses = loses_its_id(products)
    duplicates = products[loses]
    products = products[~loses]
    unlabelled = products[products["label"].isna()].copy()
    products = products[products["label"].notna()]

    counts = products["label"].value_counts()
    folds = fold(counts.to_dict(), options.min_class_size)
    products = products.assign(label=products["label"].map(folds).fillna(products["label"]))
    classes = products["label"].value_counts()

    sampled = sample(products, classes, options.fraction, options.seed)
    not_sampled = len(products) - len(sampled)
    del products
    parts = split(sampled, options.split_seed)
    del sampled

    options.output.mkdir(parents=True)
    for name, rows in parts.items():
        write(with_text(rows), options.output / name)
    write(with_text(unlabelled), options.output / "unlabelled")
    write(duplicates, options.output / "duplicates")
    write(quarantine, options.output / "quarantine")
    manifest = {
        "rows": {
            "rows_in": rows_in,
            **{name: len(rows) for name, rows in parts.items()},
            "not_sampled": not_sampled,
            "unlabelled": len(unlabelled),
            "quarantined": len(quarantine),
            "duplicates": len(duplicates),
        },
        "quarantine": quarantine["reason"].value_counts().to_dict(),
        "classes": [{"label": label, "rows": rows} for label, rows in classes.items()],
    }
    (options.output / "manifest.json").write_text(json.dumps(manifest, indent=2), encoding="utf-8")


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--input", type=pathlib.Path, required=True)
    parser.add_argument("--output", type=pathlib.Path, required=True)
    parser.add_argument("--fraction", type=Decimal, required=True)
    parser.add_argument("--min-class-size", type=int, required=True)
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--split-seed", type=int, default=42)
    return parser.parse_args()


def read_and_clean(file):
    """The usable products of a file, cleaned, and its quarantined lines with their reasons."""
    rows, unusable = [], []
    with gzip.open(file, "rt", encoding="utf-8", errors="replace", newline="\n") as lines:
        for line in lines:
            if line.isspace():
                continue
            try:
                rows.append((*record(line), line))
            except Unusable as why:
                unusable.append((why.reason, str(why), file.name, line))
    products = pd.DataFrame(rows, columns=["id", *FIELDS, "label", "raw"])
    del rows
    for field in FIELDS:
        products[field] = clean(products[field])
    has_text = pd.Series(False, index=products.index)
    for field in FIELDS:
        has_text |= products[field].str.contains(r"[^\W_]")
    unusable.extend(("no_text", "no letter or digit", file.name, line) for line in products.loc[~has_text, "raw"])
    products = products.loc[has_text].drop(columns="raw").reset_index(drop=True)
    products["content_hash"] = content_hashes(products)
    return products, pd.DataFrame(unusable, columns=["reason", "detail", "source_file", "raw"])


class Unusable(Exception):
    def __init__(self, reason, detail):
        super().__init__(detail)
        self.reason = reason


def record(line):
    """Identifier, the four raw texts and the label of a line."""
    try:
        fields = json.loads(line)
    except ValueError as broken:
        raise Unusable("unparsable", str(broken)) from None
    if not isinstance(fields, dict):
        raise Unusable("unparsable", "no JSON object")
    identifier = fields.get("asin")
    if identifier is None:
        raise Unusable("missing_id", "no asin")
    if isinstance(identifier, bool) or not isinstance(identifier, (str, int)):
        raise Unusable("wrong_type", "asin")
    identifier = str(identifier).strip()
    if not identifier:
        raise Unusable("missing_id", "empty asin")
    texts = [text(fields, name) for name in FIELDS]
    names = [" ".join(name.split()) for name in strings(fields, "category") if name.strip()]
    label = " > ".join(name.replace("\\", "\\\\").replace(">", "\\>") for name in names) or None
    return identifier, *texts, label


def text(fields, name):
    joined = " ".join(strings(fields, name))
    if len(joined) > MAX_CHARACTERS:
        raise Unusable("over_long_field", name)
    return joined


def strings(fields, name):
    value = fields.get(name)
    if value is None:
        return []
    if isinstance(value, str):
        return [value]
    if not isinstance(value, list) or any(not (each is None or isinstance(each, str)) for each in value):
        raise Unusable("wrong_type", name)
    return [each for each in value if each is not None]


def clean(texts):
    """Markup, entities, invisible characters, NFKC, single spaces, special tokens: until nothing changes any more."""
    texts = texts.copy()
    unclean = texts[texts.str.contains(UNCLEAN)]
    for _ in range(MAX_PASSES):
        if unclean.empty:
            break
        cleaned = clean_once(unclean)
        texts.loc[cleaned.index] = cleaned
        unclean = cleaned[(cleaned != unclean) & cleaned.str.contains("[<&]")]
    return texts


def clean_once(texts):
    return (
        texts.str.replace(MARKUP, " ", regex=True)
        .map(html.unescape)
        .str.translate(CHARACTERS)
        .str.normalize("NFKC")
        .str.replace(" +", " ", regex=True)
        .str.strip(" ")
        .str.replace(r"\[(PAD|UNK|CLS|SEP|MASK)\]", r"[ \1 ]", regex=True)
    )


def content_hashes(products):
    """SHA-256 over the four fields, each as its length in bytes (4 bytes, big endian) and its UTF-8."""
    hashes = []
    for fields in zip(*(products[field] for field in FIELDS)):
        encoded = [field.encode("utf-8") for field in fields]
        parts = b"".join(part for each in encoded for part in (len(each).to_bytes(4, "big"), each))
        hashes.append(hashlib.sha256(parts).hexdigest())
    return hashes


def loses_its_id(products):
    """Of products that share an id that with the smallest content hash stays."""
    repeated = products.loc[products["id"].duplicated(keep=False), ["id", "content_hash"]]
    later = repeated.sort_values(["id", "content_hash"]).duplicated("id")
    return later.reindex(products.index, fill_value=False)


def fold(counts, min_class_size):
    """Where each rare class goes: into `other` beside it, what is still rare then one level up, at last into the root `other`."""
    rows = {tuple(label.split(" > ")): count for label, count in counts.items()}
    moves = {}
    for depth in range(max(map(len, rows), default=0), 0, -1):
        for is_other in (False, True):
            rare = [
                path
                for path, count in rows.items()
                if len(path) == depth and (path[-1] == "other") == is_other and count < min_class_size and path != ("other",)
            ]
            for path in rare:
                parent = path[: max(depth - 2, 0)] if is_other else path[:-1]
                moves[path] = (*parent, "other")
                rows[moves[path]] = rows.get(moves[path], 0) + rows.pop(path)
    folds = {}
    for label in counts:
        path = tuple(label.split(" > "))
        while path in moves:
            path = moves[path]
        folds[label] = " > ".join(path)
    return folds


def hashes(texts, seed):
    """A number of 64 bits a text; the key of pandas' hash has 16 characters."""
    return pd.Series(pd.util.hash_array(texts.to_numpy(), hash_key=f"{seed:016d}", categorize=False), index=texts.index)


def sample(products, classes, fraction, seed):
    """The ceil(fraction * rows) rows of each class with the smallest hash of their id."""
    if fraction == 1:
        return products
    sizes = classes.map(lambda rows: math.ceil(fraction * rows))
    ranks = hashes(products["id"], seed).groupby(products["label"]).rank(method="first")
    return products[ranks <= products["label"].map(sizes)]


def split(products, seed):
    """Copies, as far as their titles tell, stay together; a class without a train row lends its validation rows."""
    groups = products["title"].str.lower().str.replace(r"[\W_]+", " ", regex=True).str.strip()
    groups = groups.where(groups != "", products["content_hash"])
    shares = hashes(groups, seed) / HASHES
    is_train = shares < SPLIT_SHARES[0]
    is_validation = ~is_train & (shares < sum(SPLIT_SHARES))
    has_train = products["label"].isin(products.loc[is_train, "label"].unique())
    is_train |= is_validation & ~has_train
    is_validation &= has_train
    return {
        "train": products[is_train],
        "validation": products[is_validation],
        "test": products[~is_train & ~is_validation],
    }


def with_text(products):
    texts = [" [SEP] ".join(filter(None, fields)) for fields in zip(*(products[field] for field in FIELDS))]
    return products.assign(text=texts)


def write(rows, path):
    rows.to_pickle(path.with_suffix(".pickle"), compression=None)


if __name__ == "__main__":
    main()
