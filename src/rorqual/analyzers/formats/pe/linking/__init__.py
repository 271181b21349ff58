"""What an image takes from others and offers to them: imports and exports.

imports.py, exports.py  the probes
thunks.py               import directories as stored, delayed and bound ones too
export_tables.py        the export directory and its tables as stored
import_hash.py          imphash; ordinals.csv has the names of functions that are known by their ordinal
import_bodies.py        the records that findings on imports carry
import_anomalies.py, export_anomalies.py  what is wrong with them
"""
