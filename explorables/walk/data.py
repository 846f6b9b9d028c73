"""Hubble's nebulae for the picture, in the units of the chapter: distances in Mpc, velocities in 1000 km/s."""

import csv
from pathlib import Path

TABLE = Path(__file__).parents[2] / "chapters" / "data" / "hubble1929.csv"


def data():
    lines = [line for line in TABLE.read_text("utf-8").splitlines() if not line.startswith("#")]
    rows = list(csv.DictReader(lines))
    return {
        "names": [row["object"] for row in rows],
        "x": [float(row["distance_mpc"]) for row in rows],
        "y": [float(row["velocity_km_s"]) / 1000 for row in rows],
    }
