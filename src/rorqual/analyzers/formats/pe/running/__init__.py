"""What a loader and the processor heed while an image runs: one directory, one module, one probe each.

tls.py, debug.py, load_config.py, relocations.py, exceptions.py  the directories of these names
checksum.py, mitigations.py                                      the header's checksum; what protects the process
debug_types.py, load_config_fields.py                            what their entries hold
"""
