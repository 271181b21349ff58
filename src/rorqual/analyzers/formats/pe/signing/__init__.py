"""Authenticode: the certificate table, the signatures in it, and whether they hold.

authenticode.py  the probe
certificates.py  the attribute certificate table
der.py, oids.py  DER values, and what object identifiers are called
x509.py, signed_data.py, spc.py, timestamps.py  certificates, CMS, what Microsoft adds, counter-signatures
curves.py, verification.py  signatures over elliptic curves and RSA
signature.py, signatures.py, signature_status.py  one signature, all of them, and what is to be said of each
signature_bodies.py  the records that findings carry
"""
