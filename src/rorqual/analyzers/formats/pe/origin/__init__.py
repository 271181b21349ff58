"""Who made an image and with what: the rich header, packers, protectors, compilers and installers.

rich.py        the rich header; products.csv has the names of product ids
entry.py       the probe for signs of packers and their kin
signs.py       what a sign is and how it is told
packers.py     patterns at the entry point, from packers.csv
upx.py, protectors.py, installers.py, toolchains.py, appended.py  signs with proof of their own
"""
