"""Unpacks part of a wheel (a zip): python3 unpack_wheel.py WHEEL FOLDER MAX_BYTES PREFIX...

Files are copied as bounded streams. Names that would leave FOLDER are refused.
"""

import os
import sys
import zipfile

wheel, folder, limit, prefixes = sys.argv[1], sys.argv[2], int(sys.argv[3]), tuple(sys.argv[4:])
written = 0

with zipfile.ZipFile(wheel) as archive:
    for entry in archive.infolist():
        name = entry.filename
        if entry.is_dir() or not name.startswith(prefixes):
            continue
        if os.path.isabs(name) or "\\" in name or ".." in name.split("/"):
            sys.exit(f"{wheel}: the path {name} climbs out of the archive")
        target = os.path.join(folder, *name.split("/"))
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with archive.open(entry) as source, open(target, "wb") as sink:
            while chunk := source.read(1 << 20):
                written += len(chunk)
                if written > limit:
                    sys.exit(f"{wheel}: unpacks to more than {limit} bytes")
                sink.write(chunk)
