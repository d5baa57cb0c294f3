#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the Saker authors
"""Measures `saker bench` with rule sets of several sizes and draws the plots of docs/performance.md.

    tests/bench/measure.py --bin build/saker --capture bench.scap --out docs/performance [--rules OFFICIAL.yaml]...
"""
import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

SIZES = (10, 30, 100, 300, 1000, 3000, 10000)
STAGES = ("reading", "decoding and state", "rules")
COLOURS = ("#7a8ca3", "#3d6b9c", "#c8743a")
GENERATOR = pathlib.Path(__file__).with_name("generate_rules.py")


def measure(binary, rules, capture, runs):
    """ns/event by stage."""
    command = [binary, "bench", *rules, capture, "--runs", str(runs)]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = re.findall(r"^  (reading|decoding and state|rules) +([0-9.]+) ns/event$", text, re.M)
    return {name: float(value) for name, value in found}


def svg(width, height, parts):
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'font-family="sans-serif" font-size="13">\n'
        f'<rect width="{width}" height="{height}" fill="white"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def text(x, y, words, anchor="middle", extra=""):
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" fill="#222" {extra}>{words}</text>'


def plot_stages(rows):
    """Stacked bars: ns per event by stage, one bar per rule set."""
    width, height, left, bottom, top = 720, 340, 60, 60, 50
    highest = max(sum(times.values()) for _, times in rows) * 1.15
    scale = (height - top - bottom) / highest
    step = (width - left - 20) / len(rows)
    parts = [text(width / 2, 24, "Processor time per event by stage (ns)", extra='font-weight="bold"')]
    for i in range(5):
        value = highest * i / 4
        y = height - bottom - value * scale
        parts.append(f'<line x1="{left}" x2="{width - 20}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>')
        parts.append(text(left - 8, y + 4, f"{value:.0f}", "end"))
    for i, (name, times) in enumerate(rows):
        x, y = left + step * (i + 0.2), height - bottom
        for stage, colour in zip(STAGES, COLOURS):
            tall = times[stage] * scale
            y -= tall
            parts.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{step * 0.6:.1f}" height="{tall:.1f}" fill="{colour}"/>')
        parts.append(text(x + step * 0.3, y - 6, f"{sum(times.values()):.0f}"))
        parts.append(text(x + step * 0.3, height - bottom + 18, name))
    for i, (stage, colour) in enumerate(zip(STAGES, COLOURS)):
        parts.append(f'<rect x="{left + i * 190}" y="{height - 24}" width="12" height="12" fill="{colour}"/>')
        parts.append(text(left + i * 190 + 18, height - 13, stage, "start"))
    return svg(width, height, parts)


def plot_rate(rows):
    """Line: million events per second against the number of rules (logarithmic)."""
    width, height, left, bottom, top = 720, 340, 60, 60, 50
    rates = [1000 / sum(times.values()) for _, times in rows]
    highest = max(rates) * 1.15
    step = (width - left - 40) / (len(rows) - 1)
    parts = [text(width / 2, 24, "Million events per second of processor time", extra='font-weight="bold"')]
    points = []
    for i in range(5):
        value = highest * i / 4
        y = height - bottom - (height - top - bottom) * i / 4
        parts.append(f'<line x1="{left}" x2="{width - 20}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>')
        parts.append(text(left - 8, y + 4, f"{value:.1f}", "end"))
    for i, ((name, _), rate) in enumerate(zip(rows, rates)):
        x, y = left + 10 + step * i, height - bottom - (height - top - bottom) * rate / highest
        points.append(f"{x:.1f},{y:.1f}")
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{COLOURS[1]}"/>')
        parts.append(text(x, y - 10, f"{rate:.1f}"))
        parts.append(text(x, height - bottom + 18, name))
    parts.append(f'<polyline points="{" ".join(points)}" fill="none" stroke="{COLOURS[1]}" stroke-width="2"/>')
    parts.append(text(width / 2, height - 15, "generated rules"))
    return svg(width, height, parts)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True)
    parser.add_argument("--capture", required=True)
    parser.add_argument("--out", required=True, type=pathlib.Path)
    parser.add_argument("--rules", action="append", default=[], help="an official rule file")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    generated = []
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            path = pathlib.Path(folder) / f"{size}.yaml"
            made = subprocess.run([sys.executable, GENERATOR, str(size)], check=True, capture_output=True)
            path.write_bytes(made.stdout)
            generated.append((f"{size:,}", measure(options.bin, [str(path)], options.capture, options.runs)))
    rows = list(generated)
    if options.rules:
        rows.insert(0, ("official", measure(options.bin, options.rules, options.capture, options.runs)))
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "stages.svg").write_text(plot_stages(rows))
    (options.out / "rate.svg").write_text(plot_rate(generated))
    print("| rules | reading | decoding and state | rules | all | million events/s |\n|---|---|---|---|---|---|")
    for name, times in rows:
        total = sum(times.values())
        cells = " | ".join(f"{times[stage]:.1f}" for stage in STAGES)
        print(f"| {name} | {cells} | {total:.1f} | {1000 / total:.2f} |")


if __name__ == "__main__":
    main()
