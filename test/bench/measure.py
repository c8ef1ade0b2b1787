"""Runs a program and writes what it and its children took to a file, as JSON: measure.py FILE PROGRAM…"""
import json
import resource
import subprocess
import sys
import time

began = time.monotonic()
status = subprocess.call(sys.argv[2:])
wall = time.monotonic() - began
used = resource.getrusage(resource.RUSAGE_CHILDREN)
taken = {
    "wallMs": round(wall * 1000),
    "cpuMs": round((used.ru_utime + used.ru_stime) * 1000),
    "peakMiB": round(used.ru_maxrss / 1024),
}
with open(sys.argv[1], "w") as file:
    json.dump(taken, file)
sys.exit(status)
