"""The resources of an image: the tree, what its leaves hold, and the texts and pictures that Windows itself knows.

resources.py, version.py, manifest.py, icons.py, strings.py  the probes
resource_tree.py, resource_leaf.py      the tree as stored
resource_lookup.py                      a single resource by its type and name
resource_content.py                     what a leaf's bytes are
resource_names.py                       what types and languages are called
version_info.py, manifest_scan.py, string_tables.py, dialogs.py  what single types hold
ranges.py                               bytes that several leaves share
resource_bodies.py, text_bodies.py      the records that findings carry
"""
