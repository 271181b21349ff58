"""What the object identifiers of certificates and signatures are called; those without a name stay as they are."""

DATA = "1.2.840.113549.1.7.1"  # RFC 5652
SIGNED_DATA = "1.2.840.113549.1.7.2"
CONTENT_TYPE = "1.2.840.113549.1.9.3"
MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
SIGNING_TIME = "1.2.840.113549.1.9.5"
COUNTER_SIGNATURE = "1.2.840.113549.1.9.6"
TST_INFO = "1.2.840.113549.1.9.16.1.4"  # RFC 3161

SPC_INDIRECT_DATA = "1.3.6.1.4.1.311.2.1.4"
SPC_SP_OPUS_INFO = "1.3.6.1.4.1.311.2.1.12"
SPC_NESTED_SIGNATURE = "1.3.6.1.4.1.311.2.4.1"
SPC_RFC3161 = "1.3.6.1.4.1.311.3.3.1"
PAGE_HASHES = {"1.3.6.1.4.1.311.2.3.1": ("sha1", 20), "1.3.6.1.4.1.311.2.3.2": ("sha256", 32)}

BASIC_CONSTRAINTS = "2.5.29.19"
KEY_USAGE = "2.5.29.15"
EXTENDED_KEY_USAGE = "2.5.29.37"
SUBJECT_KEY_IDENTIFIER = "2.5.29.14"
CODE_SIGNING = "1.3.6.1.5.5.7.3.3"

RSA = "1.2.840.113549.1.1.1"
RSA_PSS = "1.2.840.113549.1.1.10"
MGF1 = "1.2.840.113549.1.1.8"
EC = "1.2.840.10045.2.1"

DIGESTS = {
    "1.2.840.113549.2.5": "md5",
    "1.3.14.3.2.26": "sha1",
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}
DIGESTS_UNSUPPORTED = {"1.2.840.113549.2.2": "md2", "1.2.840.113549.2.4": "md4", "2.16.840.1.101.3.4.2.4": "sha224"}

# Signatures: what is done with the key, and to which digest; none where it is named elsewhere.
RSA_WITH = {
    RSA: None,
    "1.2.840.113549.1.1.4": "md5",
    "1.2.840.113549.1.1.5": "sha1",
    "1.3.14.3.2.29": "sha1",
    "1.2.840.113549.1.1.11": "sha256",
    "1.2.840.113549.1.1.12": "sha384",
    "1.2.840.113549.1.1.13": "sha512",
}
ECDSA_WITH = {
    EC: None,
    "1.2.840.10045.4.1": "sha1",
    "1.2.840.10045.4.3.2": "sha256",
    "1.2.840.10045.4.3.3": "sha384",
    "1.2.840.10045.4.3.4": "sha512",
}
OTHER_SIGNATURES = {
    "1.2.840.113549.1.1.2": "rsa-md2",
    "1.2.840.113549.1.1.3": "rsa-md4",
    "1.2.840.10040.4.1": "dsa",
    "1.2.840.10040.4.3": "dsa-sha1",
    "2.16.840.1.101.3.4.3.2": "dsa-sha256",
    "1.3.101.112": "ed25519",
    "1.3.101.113": "ed448",
}
CURVES = {"1.2.840.10045.3.1.7": "P-256", "1.3.132.0.34": "P-384", "1.3.132.0.35": "P-521"}

NAME_PARTS = {  # RFC 4519, RFC 5280, the rules for extended validation
    "2.5.4.3": "CN",
    "2.5.4.4": "SN",
    "2.5.4.5": "serialNumber",
    "2.5.4.6": "C",
    "2.5.4.7": "L",
    "2.5.4.8": "ST",
    "2.5.4.9": "street",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
    "2.5.4.12": "title",
    "2.5.4.15": "businessCategory",
    "2.5.4.17": "postalCode",
    "2.5.4.42": "GN",
    "2.5.4.97": "organizationIdentifier",
    "0.9.2342.19200300.100.1.1": "UID",
    "0.9.2342.19200300.100.1.25": "DC",
    "1.2.840.113549.1.9.1": "emailAddress",
    "1.3.6.1.4.1.311.60.2.1.1": "jurisdictionL",
    "1.3.6.1.4.1.311.60.2.1.2": "jurisdictionST",
    "1.3.6.1.4.1.311.60.2.1.3": "jurisdictionC",
}
KEY_USAGES = {
    "1.3.6.1.5.5.7.3.1": "server_auth",
    "1.3.6.1.5.5.7.3.2": "client_auth",
    CODE_SIGNING: "code_signing",
    "1.3.6.1.5.5.7.3.4": "email_protection",
    "1.3.6.1.5.5.7.3.8": "time_stamping",
    "1.3.6.1.5.5.7.3.9": "ocsp_signing",
    "2.5.29.37.0": "any",
    "1.3.6.1.4.1.311.10.3.5": "windows_hardware_driver",
    "1.3.6.1.4.1.311.10.3.6": "windows_system_component",
    "1.3.6.1.4.1.311.10.3.13": "lifetime_signing",
    "1.3.6.1.4.1.311.61.1.1": "kernel_mode_code_signing",
    "1.3.6.1.4.1.311.80.1": "document_encryption",
}


def digest_name(oid: str) -> str:
    """A digest by the name hashlib has for it, where it is one of ours."""
    return DIGESTS.get(oid) or DIGESTS_UNSUPPORTED.get(oid, oid)
