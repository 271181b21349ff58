"""The import paths of the founding specification; everything here lives in `rorqual`."""
