#!/usr/bin/env python3
"""Turns a table of published claims into profiles, once.

usage: import-claims.py TABLE.csv [PROFILES]

The table has one row per claim, not per device: vendor, model, kind, algorithm, hashrate, unit, power_w,
efficiency_j_per_unit, year, source_title, source_address_or_repo_path, confidence, notes. A claim that passes the
sanity rules becomes an entry of "published" in PROFILES/KIND/VENDOR-MODEL.json; conflicting claims of one device
stand side by side. A claim that fails is listed with its reason in PROFILES/left-out.csv. Profiles that hold
measurements are never touched: the program stops when one is in the way.
"""

import csv
import json
import re
import sys
import unicodedata
from decimal import Decimal
from pathlib import Path

PREFIXES = {"": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15}
WORK_UNITS = {"H/s": "hash", "Sol/s": "solution"}

# The largest difference between power over rate and the efficiency that the source states.
AGREEMENT = Decimal("0.02")

# Best joules per terahash by year of release for SHA-256d, from these sources themselves; a claim that is better
# than its year's frontier by more than a fifth is not believed.
SHA256D_FRONTIER = {
    2012: 1e6, 2013: 5000, 2014: 700, 2015: 295, 2016: 100, 2017: 90, 2018: 45, 2019: 38, 2020: 29.5, 2021: 29.5,
    2022: 20.8, 2023: 15.5, 2024: 12.0, 2025: 12.0, 2026: 9.4,
}

# Joules per hash (or solution) and hashes per second between which a figure of one device is plausible; the powers
# of ten are wide enough for any real machine and narrow enough for a wrong prefix. For scrypt machines the band of
# efficiency is from 0.14 J/MH (the best of 2026) to 3 J/MH (twice the first of 2014).
BANDS = {
    ("asic", "sha256d"): ((8e-12, 1.2e-9), (1e9, 2e15)),
    ("asic", "scrypt-1024-1-1"): ((1.4e-7, 3e-6), (1e6, 1e11)),
    ("asic", "equihash-200-9"): ((2e-3, 5e-2), (1e3, 2e6)),
    ("asic", "etchash"): ((8e-8, 6e-6), (5e7, 5e10)),
    ("asic", "ethash"): ((8e-8, 6e-6), (5e7, 5e10)),
    ("asic", "randomx"): ((1e-3, 2e-2), (1e4, 5e6)),
    ("fpga", "sha256d"): ((1e-8, 1e-6), (1e7, 1e12)),
    ("gpu", "ethash"): ((1e-6, 2e-5), (1e7, 2e8)),
    ("gpu", "etchash"): ((1e-6, 2e-5), (1e7, 2e8)),
    ("gpu", "keccak256"): ((5e-8, 1e-6), (5e7, 5e9)),
    ("gpu", "keccakc"): ((5e-8, 1e-6), (5e7, 5e9)),
    ("gpu", "keccak256+hashcat-5000"): ((5e-8, 1e-6), (5e7, 5e9)),
    ("gpu", "keccak256+hashcat-17800"): ((5e-8, 1e-6), (5e7, 5e9)),
    ("gpu", "sha256+hashcat-1400"): ((1e-9, 1e-6), (5e7, 5e10)),
    ("gpu", "scrypt-1024-1-1+hashcat-8900"): ((1e-5, 1e-2), (1e4, 5e6)),
    ("gpu", "scrypt-16384-8-1+hashcat-8900"): ((1e-3, 1.0), (1e2, 1e5)),
    # "randomx-v2" has no claims yet: it is active on no chain.
    ("gpu", "randomx"): ((1e-3, 1.0), (1e2, 1e4)),
    ("cpu", "randomx"): ((1e-3, 1.0), (1e1, 1e5)),
    ("cpu", "sha256+hashcat-1400"): ((1e-8, 1e-5), (1e6, 5e9)),
}


# How careful a source is by its kind (Documentation/ProfileFormat.md, "confidence"); any other is a single text: low.
OWN_OUTPUT = ("hashcat benchmark output", "RandomX README")
TRADE_TABLES = (
    "F2Pool miner list", "asicminervalue.com import", "2miners 2CryptoCalc", "minerstat hardware record",
    "D-Central ASIC power requirements", "Glassnode", "Hashrate Index", "Luxor",
    # A review with tests of its own is worth as much.
    "HackerNoon S21 review",
)
# Constants that a program was made with, and machines that nobody had in hand, count as no second source either.
UNBACKED = ("generator", "announcement", "launch", "ISSCC paper")

# Two sources agree where their rates and energies are so near.
SAME_RATE, SAME_ENERGY = 0.03, 0.05


class Refused(Exception):
    """Why a row does not become a claim."""


def algorithm(row):
    """The label of the exact function; a password cracker's kernels compare only with themselves."""
    text = row["algorithm"]
    if text == "scrypt":
        return "scrypt-1024-1-1"
    match = re.fullmatch(r"(\S+) \(hashcat (\d+)\)", text)
    return f"{match[1]}+hashcat-{match[2]}" if match else text


def unit(row):
    """Powers of ten of a unit such as TH/s, and what is counted."""
    match = re.fullmatch(r"([kMGTP]?)(H/s|Sol/s)", row["unit"])
    if not match:
        raise Refused(f"the unit {row['unit']} is not known")
    return Decimal(10) ** PREFIXES[match[1]], WORK_UNITS[match[2]]


def number(text):
    return Decimal(text) if text else None


def measured_at(note):
    """Only what the source says itself."""
    if re.search(r"\bwall\b", note):
        return "wall"
    if "card only" in note:
        return "board"
    return "unknown"


def tolerances(note):
    rate = re.search(r"tolerance (\d+) % hashrate", note)
    power = re.search(r"(\d+) % power|power \+-(\d+) %", note)
    both = re.search(r"nameplate tolerance about (\d+) %", note)
    percent = lambda found: float(Decimal(found) / 100)
    return (
        percent(rate[1]) if rate else None,
        percent(next(filter(None, power.groups()))) if power else percent(both[1]) if both else None,
    )


def claim(row):
    """The claim of a row.

    Raises Refused with the rule that it breaks.
    """
    scale, work_unit = unit(row)
    rate, power, efficiency = (number(row[k]) for k in ("hashrate", "power_w", "efficiency_j_per_unit"))
    note = row["notes"]
    is_derived = "efficiency derived as power/hashrate" in note
    label = algorithm(row)
    address = row["source_address_or_repo_path"]
    if not re.match(r"https?://|[\w.-]+/[\w.-]+ @ [0-9a-f]+", address):
        raise Refused("the source has no address at which anybody could look it up")
    if any(value is not None and value <= 0 for value in (rate, power, efficiency)):
        raise Refused("a figure that is not above zero")
    if rate is None and efficiency is None:
        raise Refused("neither a rate nor an efficiency")

    per_unit = power / rate if rate and power else None
    if per_unit and efficiency and abs(per_unit / efficiency - 1) > AGREEMENT:
        raise Refused(
            f"power over rate is {per_unit:.4g} J per {row['unit']}, the stated efficiency {efficiency} "
            f"({abs(per_unit / efficiency - 1) * 100:.1f} % apart; at most 2 %)")
    joules = (efficiency if efficiency and not is_derived else per_unit or efficiency)
    joules = joules / scale if joules else None

    band = BANDS.get((row["kind"], label))
    if band is None:
        raise Refused(f"no plausible band is known for {label} on this kind of device")
    (least, most), (slowest, fastest) = band
    if rate and not slowest <= float(rate * scale) <= fastest:
        raise Refused(f"the rate {rate} {row['unit']} is not plausible; its prefix may be wrong")
    if joules and not least <= float(joules) <= most:
        raise Refused(
            f"{float(joules):.3g} J per {work_unit} is outside the plausible {least:g} to {most:g}")
    if label == "sha256d" and row["kind"] == "asic" and joules and row["year"]:
        frontier = SHA256D_FRONTIER[int(row["year"])]
        if float(joules) * 1e12 < 0.8 * frontier:
            raise Refused(f"{float(joules) * 1e12:.3g} J/TH beats the frontier of {row['year']} ({frontier} J/TH)")

    rate_tolerance, power_tolerance = tolerances(note)
    stated = {"unit": row["unit"]}
    if row["hashrate"]:
        stated["rate"] = row["hashrate"]
    if row["power_w"]:
        stated["power_w"] = row["power_w"]
    if row["efficiency_j_per_unit"] and not is_derived:
        stated["efficiency_j_per_unit"] = row["efficiency_j_per_unit"]
    entry = {
        "algorithm": label,
        "work_unit": work_unit,
        "rate_per_s": float(rate * scale) if rate else None,
        "power_w": float(power) if power else None,
        "joules_per_work": float(joules) if joules else None,
        "joules_per_work_is_stated": bool(efficiency) and not is_derived,
        "stated": stated,
        "measured_at": measured_at(note),
        "rate_tolerance_relative": rate_tolerance,
        "power_tolerance_relative": power_tolerance,
        "year": int(row["year"]) if row["year"] else None,
        "source": {"title": title(row), "address": address},
        "confidence": confidence(title(row)),
        "note": tidy(note) or None,
    }
    return {key: value for key, value in entry.items() if value is not None}


def confidence(source):
    """What one source by itself is worth."""
    if any(words in source for words in UNBACKED):
        return "low"
    if any(source.startswith(words) for words in OWN_OUTPUT):
        return "high"
    return "medium" if any(words in source for words in TRADE_TABLES) else "low"


def raise_where_sources_agree(claims):
    """Two independent sources that say the same of one device are worth more than either."""
    def family(entry):
        address = entry["source"]["address"]
        return re.sub(r"^https?://(www\.)?", "", address).split("/")[0] if "://" in address else address.split(" ")[0]

    def agree(first, second):
        def near(key, limit):
            one, two = first.get(key), second.get(key)
            return one is None or two is None or abs(one / two - 1) <= limit
        return first.get("rate_per_s") and second.get("rate_per_s") and near("rate_per_s", SAME_RATE) \
            and near("joules_per_work", SAME_ENERGY)

    def counts(entry):
        return not any(words in entry["source"]["title"] for words in UNBACKED)

    agreeing = [
        one for one in claims if counts(one) and any(
            other is not one and counts(other) and family(one) != family(other)
            and one["algorithm"] == other["algorithm"] and agree(one, other) for other in claims)]
    for entry in agreeing:
        entry["confidence"] = "high"


def title(row):
    """The source's title without where somebody happened to find it."""
    return re.sub(r" in the .*corpus.*$", "", row["source_title"])


def tidy(note):
    """A note without what other keys say."""
    parts = [part for part in note.split("; ") if part != "efficiency derived as power/hashrate"]
    return "; ".join(parts)


def model_name(row):
    """The model without the vendor's name before it and without stray spaces."""
    name = re.sub(r"\s+\)", ")", row["model"].strip())
    vendor = row["vendor"]
    return name[len(vendor) + 1:] if name.lower().startswith(vendor.lower() + " ") else name


def slug(text):
    """A file name of lower-case letters and digits; a plus is part of a model's name, as in S19j Pro+."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9+]+", "-", plain).strip("-")


def canonical(value, indent=0, column=0):
    """The one layout of Documentation/ProfileFormat.md, so that the tool writes the same bytes again."""
    if isinstance(value, (dict, list)) and value:
        line = one_line(value)
        if column + len(line.encode()) <= 100:
            return line
        inner = " " * (indent + 2)
        if isinstance(value, list):
            parts = [canonical(element, indent + 2, indent + 2) for element in value]
            brackets = "[]"
        else:
            keys = [(json.dumps(key, ensure_ascii=False) + ": ", value[key]) for key in sorted(value)]
            parts = [key + canonical(member, indent + 2, indent + 2 + len(key.encode())) for key, member in keys]
            brackets = "{}"
        return brackets[0] + "\n" + ",\n".join(inner + part for part in parts) + "\n" + " " * indent + brackets[1]
    return one_line(value)


def one_line(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    root = Path(sys.argv[2] if len(sys.argv) == 3 else "profiles")
    with open(sys.argv[1], newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    devices, refused, included = {}, [], 0
    for line, row in enumerate(rows, start=2):
        try:
            entry = claim(row)
        except Refused as reason:
            refused.append((line, row, str(reason)))
            continue
        included += 1
        vendor = re.sub(r" \(.*\)$", "", row["vendor"])
        name = model_name(row)
        identifier = f"{row['kind']}/{slug(vendor + ' ' + name)}"
        # A number alone names nothing.
        shown = f"{vendor} {name}" if name.isdigit() else name
        device = devices.setdefault(
            identifier,
            {"hardware_id": identifier, "kind": row["kind"], "name": shown, "vendor": vendor, "published": []})
        device["published"].append(entry)
    for identifier, device in sorted(devices.items()):
        raise_where_sources_agree(device["published"])
        path = root / f"{identifier}.json"
        if path.exists() and "measured" in json.loads(path.read_text(encoding="utf-8")):
            sys.exit(f"{path}: holds measurements; merge by hand")
        document = {"format": "hashwatt-profile", "version": 1, **device}
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(canonical(document) + "\n", encoding="utf-8")
    with open(root / "left-out.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["row", "vendor", "model", "algorithm", "rate", "unit", "power_w", "efficiency_j_per_unit",
                         "year", "source", "reason"])
        for line, row, reason in refused:
            writer.writerow([line, row["vendor"], row["model"], row["algorithm"], row["hashrate"], row["unit"],
                             row["power_w"], row["efficiency_j_per_unit"], row["year"],
                             title(row), reason])
    print(f"{len(rows)} rows: {included} claims of {len(devices)} devices, {len(refused)} left out")


main()
