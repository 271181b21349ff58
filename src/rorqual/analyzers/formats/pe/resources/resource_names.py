"""What the numbers of resources are called: types (winuser.h's RT_ names) and languages ([MS-LCID] tags).

https://learn.microsoft.com/openspecs/windows_protocols/ms-lcid
"""

import functools
import re

RESOURCE = 2  # IMAGE_DIRECTORY_ENTRY_RESOURCE

CURSOR, BITMAP, ICON, MENU, DIALOG, STRING = 1, 2, 3, 4, 5, 6
ACCELERATOR, MESSAGETABLE, GROUP_ICON, VERSION, MANIFEST = 9, 11, 14, 16, 24
TYPES = {
    CURSOR: "CURSOR",
    BITMAP: "BITMAP",
    ICON: "ICON",
    MENU: "MENU",
    DIALOG: "DIALOG",
    STRING: "STRING",
    7: "FONTDIR",
    8: "FONT",
    ACCELERATOR: "ACCELERATOR",
    10: "RCDATA",
    MESSAGETABLE: "MESSAGETABLE",
    12: "GROUP_CURSOR",
    GROUP_ICON: "GROUP_ICON",
    VERSION: "VERSION",
    17: "DLGINCLUDE",
    19: "PLUGPLAY",
    20: "VXD",
    21: "ANICURSOR",
    22: "ANIICON",
    23: "HTML",
    MANIFEST: "MANIFEST",
    240: "DLGINIT",  # of MFC, as the next
    241: "TOOLBAR",
}

# Language identifiers: the primary language in the low 10 bits, the sublanguage above. A sublanguage of 0 is "neutral".
_TAGS = """
0000 und
0401 ar-SA 0801 ar-IQ 0c01 ar-EG 1001 ar-LY 1401 ar-DZ 1801 ar-MA 1c01 ar-TN 2001 ar-OM 2401 ar-YE 2801 ar-SY
2c01 ar-JO 3001 ar-LB 3401 ar-KW 3801 ar-AE 3c01 ar-BH 4001 ar-QA 0402 bg-BG 0403 ca-ES 0803 ca-ES-valencia
0404 zh-TW 0804 zh-CN 0c04 zh-HK 1004 zh-SG 1404 zh-MO 7c04 zh-Hant 0405 cs-CZ 0406 da-DK
0407 de-DE 0807 de-CH 0c07 de-AT 1007 de-LU 1407 de-LI 0408 el-GR
0409 en-US 0809 en-GB 0c09 en-AU 1009 en-CA 1409 en-NZ 1809 en-IE 1c09 en-ZA 2009 en-JM 2809 en-BZ 2c09 en-TT
3009 en-ZW 3409 en-PH 4009 en-IN 4409 en-MY 4809 en-SG
040a es-ES-tradnl 080a es-MX 0c0a es-ES 100a es-GT 140a es-CR 180a es-PA 1c0a es-DO 200a es-VE 240a es-CO
280a es-PE 2c0a es-AR 300a es-EC 340a es-CL 380a es-UY 3c0a es-PY 400a es-BO 440a es-SV 480a es-HN 4c0a es-NI
500a es-PR 540a es-US 580a es-419 040b fi-FI
040c fr-FR 080c fr-BE 0c0c fr-CA 100c fr-CH 140c fr-LU 180c fr-MC 040d he-IL 040e hu-HU 040f is-IS
0410 it-IT 0810 it-CH 0411 ja-JP 0412 ko-KR 0413 nl-NL 0813 nl-BE 0414 nb-NO 0814 nn-NO 0415 pl-PL
0416 pt-BR 0816 pt-PT 0417 rm-CH 0418 ro-RO 0818 ro-MD 0419 ru-RU 0819 ru-MD
041a hr-HR 081a sr-Latn-CS 0c1a sr-Cyrl-CS 101a hr-BA 141a bs-Latn-BA 181a sr-Latn-BA 1c1a sr-Cyrl-BA
201a bs-Cyrl-BA 241a sr-Latn-RS 281a sr-Cyrl-RS 2c1a sr-Latn-ME 301a sr-Cyrl-ME 041b sk-SK 041c sq-AL
041d sv-SE 081d sv-FI 041e th-TH 041f tr-TR 0420 ur-PK 0820 ur-IN 0421 id-ID 0422 uk-UA 0423 be-BY 0424 sl-SI
0425 et-EE 0426 lv-LV 0427 lt-LT 0428 tg-Cyrl-TJ 0429 fa-IR 042a vi-VN 042b hy-AM 042c az-Latn-AZ
082c az-Cyrl-AZ 042d eu-ES 042e hsb-DE 082e dsb-DE 042f mk-MK 0430 st-ZA 0431 ts-ZA 0432 tn-ZA 0434 xh-ZA
0435 zu-ZA 0436 af-ZA 0437 ka-GE 0438 fo-FO 0439 hi-IN 043a mt-MT 043b se-NO 083c ga-IE 043e ms-MY 083e ms-BN
043f kk-KZ 0440 ky-KG 0441 sw-KE 0442 tk-TM 0443 uz-Latn-UZ 0843 uz-Cyrl-UZ 0444 tt-RU 0445 bn-IN 0845 bn-BD
0446 pa-IN 0846 pa-Arab-PK 0447 gu-IN 0448 or-IN 0449 ta-IN 0849 ta-LK 044a te-IN 044b kn-IN 044c ml-IN
044d as-IN 044e mr-IN 044f sa-IN 0450 mn-MN 0850 mn-Mong-CN 0451 bo-CN 0452 cy-GB 0453 km-KH 0454 lo-LA
0456 gl-ES 0457 kok-IN 0459 sd-Deva-IN 0859 sd-Arab-PK 045a syr-SY 045b si-LK 045c chr-Cher-US 045d iu-Cans-CA
085d iu-Latn-CA 045e am-ET 085f tzm-Latn-DZ 0461 ne-NP 0462 fy-NL 0463 ps-AF 0464 fil-PH 0465 dv-MV
0468 ha-Latn-NG 046a yo-NG 046b quz-BO 046c nso-ZA 046d ba-RU 046e lb-LU 046f kl-GL 0470 ig-NG 0473 ti-ET
0873 ti-ER 0475 haw-US 0478 ii-CN 047a arn-CL 047c moh-CA 047e br-FR 0480 ug-CN 0481 mi-NZ 0482 oc-FR 0483 co-FR
0484 gsw-FR 0485 sah-RU 0487 rw-RW 0488 wo-SN 048c prs-AF 0491 gd-GB 0492 ku-Arab-IQ
"""
_PRIMARY_BITS = 10
_PRIMARY = (1 << _PRIMARY_BITS) - 1

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_CONTROL_BUT_LINES = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def type_name(key: int | str) -> str:
    """ICON, 300 where the number has no name, or the string itself."""
    return TYPES.get(key, str(key)) if isinstance(key, int) else key


@functools.lru_cache(maxsize=1024)  # identifiers come from files
def language_tag(identifier: int) -> str | None:
    """ "en-US"; "en" for a sublanguage that is neutral or has no tag of its own; None where the language has none."""
    tags = _languages()
    if identifier in tags or not identifier & _PRIMARY:
        return tags.get(identifier)
    whole = tags.get(identifier & _PRIMARY | 1 << _PRIMARY_BITS) if identifier <= 0xFFFF else None
    return None if whole is None else whole.partition("-")[0]


@functools.cache
def _languages() -> dict[int, str]:
    words = _TAGS.split()
    return {int(number, 16): tag for number, tag in zip(words[::2], words[1::2], strict=True)}


def sublanguage(identifier: int) -> int:
    """The sublanguage's number."""
    return identifier >> _PRIMARY_BITS


def primary_language(identifier: int) -> int:
    """The primary language's number."""
    return identifier & _PRIMARY


def escaped(text: str) -> str:
    """The text with control characters and lone surrogates as \\xNN or \\uNNNN: none reaches a terminal."""
    return _CONTROL.sub(_escape, text) if _CONTROL.search(text) else text


def escaped_lines(text: str) -> str:
    """As `escaped`, but tabs and the ends of lines stay."""
    return _CONTROL_BUT_LINES.sub(_escape, text) if _CONTROL_BUT_LINES.search(text) else text


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
