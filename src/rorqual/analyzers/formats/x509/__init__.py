"""Certificates, their keys and signatures, for whatever format carries them."""
